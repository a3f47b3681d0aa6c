package org.cgifpm.daemon.config;

/** What a check's "no" does. */
public enum Severity {
    /** The script is not run: 403. */
    ENFORCE,
    /** It is run, and the log says what is wrong with it. */
    WARN,
    /** Nobody looks. */
    OFF
}
