package org.cgifpm.daemon.config;

/** What becomes of processes that a script leaves running when it has answered and ended. */
public enum Background {
    /** They may run on until {@code request_timeout}; the request keeps its place meanwhile. */
    LEAVE,
    /** They are ended with the script. */
    KILL
}
