package org.cgifpm.daemon.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The table {@code [daemon]}.
 *
 * @param control path of the control socket, bytes as ISO-8859-1 (see {@link ByteText}). Its folder was looked at only
 *     if the file names it: the default's folder may be made by a service manager
 * @param maxChildren processes at work over all pools, at least 1
 * @param maxConnections accepted connections over all pools, at least 1
 * @param launchThreads 1 to 64
 * @param log absolute path, bytes as ISO-8859-1; empty: standard error
 * @param stopTimeout how long a stop waits for running requests; zero: not at all
 * @param metricsListen where metrics are served; empty: nowhere. Never {@link ListenAddress.Inherited}
 * @param metricsUsers whether requests are counted per user too
 */
public record DaemonSettings(
        String control,
        int maxChildren,
        int maxConnections,
        int launchThreads,
        LogLevel logLevel,
        Optional<String> log,
        Duration stopTimeout,
        Optional<ListenAddress> metricsListen,
        boolean metricsUsers) {
    public static final DaemonSettings DEFAULT = new DaemonSettings(
            "/run/cgi-fpm/control.sock",
            256,
            4096,
            4,
            LogLevel.INFO,
            Optional.empty(),
            Duration.ofSeconds(30),
            Optional.empty(),
            false);
}
