package org.cgifpm.adapters.backend.warm;

/** Where a keeper is in its life. */
enum KeeperState {
    /** Its process is being started, or imports. */
    STARTING,
    /** It forks. */
    READY,
    /** It is asked for nothing more, and ends with the last process that it has forked. */
    RETIRING,
    /** It is being ended, or has ended by itself. */
    ENDING
}
