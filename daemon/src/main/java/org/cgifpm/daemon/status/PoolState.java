package org.cgifpm.daemon.status;

/** What a pool does with requests. */
public enum PoolState {
    /** It takes them. */
    UP,
    /** It takes no more; those that it has go on. */
    DRAINING,
    /** It was told to take no more, and has none. */
    DRAINED,
    /** It was never up: its scripts would not run as asked. */
    DOWN
}
