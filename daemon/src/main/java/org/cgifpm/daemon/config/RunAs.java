package org.cgifpm.daemon.config;

import java.util.List;

/** Whom a pool's scripts run as. */
public sealed interface RunAs {
    /** Whoever the daemon is; nothing is changed. A daemon that is root gives it only to {@code user = "root"}. */
    record Self() implements RunAs {}

    /**
     * Another user, said by name or number.
     *
     * @param groups supplementary groups: those of the system's group database, or those that the pool lists
     */
    record User(String name, int uid, int gid, List<Integer> groups) implements RunAs {
        public User {
            groups = List.copyOf(groups);
        }
    }

    /** {@code user = "@owner"}: whoever owns the script. */
    record Owner() implements RunAs {}
}
