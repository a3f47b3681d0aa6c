package org.cgifpm.daemon.config;

import java.util.List;
import java.util.Optional;

/**
 * As whom a pool's scripts run, and with which rights.
 *
 * @param user as written
 * @param group as written; empty: the user's own group
 * @param groups as written; empty: the user's groups as the system has them
 * @param runAs what user, group and groups mean here
 * @param minUid owners and users with a smaller number are refused, unless the pool names root
 * @param minGid likewise for groups
 * @param noNewPrivileges whether setuid and setgid programs (sendmail) lose their effect
 * @param umask 0 to 0777
 * @param nice -20 to 19
 * @param chroot absolute path of a folder, bytes as ISO-8859-1
 * @param apparmorProfile name of a loaded profile
 * @param selinuxLabel a label
 * @param confined whether {@code noNewPrivileges}, {@code umask}, {@code nice} and the pool's limits are set at all. A
 *     pool that runs as the daemon does, and writes none of these keys, leaves everything as the daemon has it, which
 *     saves the programs that would set it
 */
public record IdentitySettings(
        Optional<String> user,
        Optional<String> group,
        Optional<List<String>> groups,
        RunAs runAs,
        int minUid,
        int minGid,
        boolean noNewPrivileges,
        int umask,
        int nice,
        Optional<String> chroot,
        Optional<String> apparmorProfile,
        Optional<String> selinuxLabel,
        boolean confined) {
    public static final IdentitySettings DEFAULT = new IdentitySettings(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new RunAs.Self(),
            1000,
            100,
            true,
            022,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false);

    public IdentitySettings {
        groups = groups.map(List::copyOf);
        confined |= !(runAs instanceof RunAs.Self);
    }
}
