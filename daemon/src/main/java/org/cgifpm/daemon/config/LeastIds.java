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
        look(CheckName.MIN_UID, "min_uid", minUid, "user", user.id(), named(user));
    }

    /** @param key what names the group */
    void group(String key, NamedId group) {
        look(CheckName.MIN_GID, "min_gid", minGid, key, group.id(), named(group));
    }

    /** The group that a user brings along. */
    void ownGroup(int gid) {
        look(CheckName.MIN_GID, "min_gid", minGid, "user", gid, "its group " + Integer.toUnsignedString(gid));
    }

    private static String named(NamedId id) {
        String number = Integer.toUnsignedString(id.id());
        return id.name().equals(number) ? number : Wording.quote(id.name()) + " is " + number + ", which";
    }

    private void look(CheckName check, String least, int minimum, String key, int id, String what) {
        if (Integer.compareUnsigned(id, minimum) < 0) {
            pool.complain(
                    rules.severity(check),
                    key,
                    what + " is below " + least + " = " + minimum + "; name another, or lower " + least);
        }
    }
}
