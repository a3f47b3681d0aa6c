package org.cgifpm.daemon.config;

import java.time.Duration;

/**
 * The table {@code [daemon]}.
 *
 * @param control path of the control socket, bytes as ISO-8859-1 (see {@link ByteText}). Its folder was looked at only
 *     if the file names it: the default's folder may be made by a service manager
 * @param maxChildren processes at work over all pools, at least 1
 * @param maxConnections accepted connections over all pools, at least 1
 * @param launchThreads 1 to 64
 * @param stopTimeout how long a stop waits for running requests; zero: not at all
 */
public record DaemonSettings(
        String control,
        int maxChildren,
        int maxConnections,
        int launchThreads,
        LogLevel logLevel,
        Duration stopTimeout) {
    public static final DaemonSettings DEFAULT =
            new DaemonSettings("/run/cgi-fpm/control.sock", 256, 4096, 4, LogLevel.INFO, Duration.ofSeconds(30));
}
