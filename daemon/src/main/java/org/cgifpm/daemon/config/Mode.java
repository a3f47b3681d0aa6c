package org.cgifpm.daemon.config;

/** How a pool runs its scripts. */
public enum Mode {
    /** A process of its own for each request. */
    EXEC,
    /** The best that the script allows; the same as {@link #EXEC} as long as there is no other mode. */
    AUTO
}
