package org.cgifpm.daemon.config;

/** What is logged: everything down to this level. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
}
