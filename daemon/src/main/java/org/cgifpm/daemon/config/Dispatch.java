package org.cgifpm.daemon.config;

/** Who hands requests to the workers of a pool. */
public enum Dispatch {
    /** The daemon: it queues, counts, times and logs them. */
    RELAY,
    /** Nobody: workers accept on the pool's own listening socket, and the daemon only starts and ends them. */
    DIRECT
}
