package org.cgifpm.daemon.config;

import java.util.List;
import java.util.Optional;

/** Reads the keys of a pool that say as whom its scripts run, and with which rights. */
final class IdentitySection {
    private static final List<String> CONFINING =
            List.of("no_new_privs", "umask", "nice", "chroot", "apparmor_profile", "selinux_label");

    private final Section pool;
    private final Identity self;
    private final UserNames names;

    IdentitySection(Section pool, Identity self, UserNames names) {
        this.pool = pool;
        this.self = self;
        this.names = names;
    }

    /** @param rules the pool's, as min_uid and min_gid are checks too */
    IdentitySettings read(ScriptRules rules) {
        IdentitySettings defaults = IdentitySettings.DEFAULT;
        int minUid = pool.integer("min_uid", defaults.minUid(), 1, Integer.MAX_VALUE);
        int minGid = pool.integer("min_gid", defaults.minGid(), 1, Integer.MAX_VALUE);
        int nice = pool.integer("nice", defaults.nice(), -20, 19);
        if (nice < 0 && !self.isRoot() && !self.privileged()) {
            pool.warning("nice", nice + " needs CAP_SYS_NICE, without which the pool stays down");
        }
        IdKeys ids = new IdKeys(pool, names);
        RunAs runAs = new PoolUser(pool, self, names, new LeastIds(pool, rules, minUid, minGid)).read();
        return new IdentitySettings(
                ids.text("user"),
                ids.text("group"),
                pool.strings("groups", true),
                runAs,
                minUid,
                minGid,
                pool.bool("no_new_privs", defaults.noNewPrivileges()),
                OctalText.read(pool, "umask", defaults.umask(), "022"),
                nice,
                PathKey.read(pool, "chroot", "/srv/jail").map(ByteText::fromText),
                label("apparmor_profile", "cgi-scripts"),
                label("selinux_label", "system_u:system_r:httpd_sys_script_t:s0"),
                CONFINING.stream().anyMatch(pool::has)
                        || !pool.table("limits").keys().isEmpty());
    }

    private Optional<String> label(String key, String example) {
        return pool.string(key).flatMap(text -> {
            if (text.isBlank() || Folders.hasControlCharacter(text)) {
                pool.problem(key, Wording.quote(text) + " is not a name; write such as " + Wording.quote(example));
                return Optional.empty();
            }
            return Optional.of(ByteText.fromText(text));
        });
    }
}
