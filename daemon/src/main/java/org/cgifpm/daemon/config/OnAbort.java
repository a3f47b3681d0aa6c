package org.cgifpm.daemon.config;

/** What becomes of a script whose client has gone. */
public enum OnAbort {
    /** TERM to its process group, KILL after {@code kill_grace}. */
    KILL,
    /** It runs on, its output goes nowhere. */
    FINISH
}
