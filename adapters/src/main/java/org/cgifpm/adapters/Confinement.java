package org.cgifpm.adapters;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * As whom and within which bounds a program is started; all of it holds before its first instruction. Numbers only:
 * names have been looked up before.
 *
 * @param identity empty: the daemon's own, nothing is changed
 * @param limits what setrlimit(2) sets
 * @param umask 0 to 0777
 * @param nice -20 to 19, added to the daemon's own
 * @param noNewPrivileges whether the program and what it starts can gain nothing by setuid files any more
 *     (PR_SET_NO_NEW_PRIVS)
 * @param chroot the new root folder, absolute
 * @param apparmorProfile the AppArmor profile to change to
 * @param selinuxLabel the SELinux label to change to
 */
public record Confinement(
        Optional<Identity> identity,
        Limits limits,
        int umask,
        int nice,
        boolean noNewPrivileges,
        Optional<String> chroot,
        Optional<String> apparmorProfile,
        Optional<String> selinuxLabel) {
    /** As the daemon is. */
    public static final Confinement NONE = new Confinement(
            Optional.empty(), Limits.NONE, 022, 0, false, Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Who the program is.
     *
     * @param user the name, for logs and for USER; the number where it has none
     * @param uid as the kernel has it, unsigned
     * @param gid likewise
     * @param groups all supplementary groups; the process has no others
     */
    public record Identity(String user, int uid, int gid, List<Integer> groups) {
        public Identity {
            groups = List.copyOf(groups);
        }
    }

    /**
     * What one process may use; empty: what the daemon has, but for {@code files}.
     *
     * @param cpuSeconds processor time; then SIGXCPU, and SIGKILL a second later
     * @param memory address space, bytes
     * @param files descriptors, soft and hard; empty: soft 1024
     * @param processes of the user, over everything that runs as that user
     * @param fileSize bytes that a file may grow to
     * @param core bytes of a core file
     * @param stack bytes of the main thread's stack
     */
    public record Limits(
            OptionalLong cpuSeconds,
            OptionalLong memory,
            OptionalLong files,
            OptionalLong processes,
            OptionalLong fileSize,
            OptionalLong core,
            OptionalLong stack) {
        public static final Limits NONE = new Limits(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());
    }
}
