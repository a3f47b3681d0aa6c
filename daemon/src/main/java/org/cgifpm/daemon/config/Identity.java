package org.cgifpm.daemon.config;

/**
 * Who the daemon is.
 *
 * @param uid as the kernel has it; above 2<sup>31</sup> - 1 it looks negative here
 * @param name of the user, or the number in digits where the number has no name
 * @param privileged whether it can become another user and take other groups: CAP_SETUID and CAP_SETGID are effective.
 *     Root without them is not, another user with them is
 */
public record Identity(int uid, String name, boolean privileged) {
    boolean isRoot() {
        return uid == 0;
    }
}
