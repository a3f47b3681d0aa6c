package org.cgifpm.daemon.config;

/** Says so when a pool names a user or a group that is below its {@code min_uid} or {@code min_gid}. */
final class LeastIds {
    private final Section pool;
    private final ScriptRules rules;
    private final int minUid;
    private final int minGid;

    LeastIds(Section pool, ScriptRules rules, int minUid, int minGid) {
        this.pool = pool;
        this.rules = rules;
        this.minUid = minUid;
        this.minGid = minGid;
    }

    void user(NamedId user) {
        look(CheckName.MIN_UID, "min_uid", minUid, "user", user);
    }

    /** @param key what names the group, if only by naming a user who has it */
    void group(String key, NamedId group) {
        look(CheckName.MIN_GID, "min_gid", minGid, key, group);
    }

    private void look(CheckName check, String least, int minimum, String key, NamedId id) {
        if (Integer.compareUnsigned(id.id(), minimum) >= 0) {
            return;
        }
        String number = Integer.toUnsignedString(id.id());
        String what = id.name().equals(number) ? number : Wording.quote(id.name()) + " is " + number + ", which";
        pool.complain(
                rules.severity(check),
                key,
                what + " is below " + least + " = " + minimum + "; name another, or lower " + least);
    }
}
