package org.cgifpm.daemon.config;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * The persistent applications of a pool. What a pool's mode has no use for has its default here.
 *
 * @param command argv of the application, bytes as ISO-8859-1 (see {@link ByteText}), the first an absolute path of a
 *     file that could be executed when it was read; empty unless the mode is {@link Mode#WORKER}
 * @param extensions whose scripts get workers with {@link Mode#AUTO}, with the dot; none of them is in
 *     {@link ScriptRules#interpreters}. Empty: none
 * @param maxSpawnRate most workers that are started at once, at least 1; not with {@link ProcessManagement.Static}
 * @param processIdleTimeout a worker ends that was idle for so long; more than zero
 * @param maxRequests a worker is replaced after so many; 0: never
 * @param maxLifetime a worker is replaced after so long; zero: never
 * @param maxMemory a worker is replaced that has more bytes resident; 0: never
 * @param concurrency requests that one worker has at once, at least 1; with {@link Mode#WSGI} the threads of the runner.
 *     Empty: one, unless the worker says that it multiplexes
 * @param startupTimeout from the start of a worker to its first accept, more than zero
 * @param restartOnChange whether workers are replaced when the application's file has changed
 * @param retryIdempotent whether a GET, HEAD or other idempotent request, whose worker died before it said anything, is
 *     tried once more on another
 */
public record WorkerSettings(
        List<String> command,
        List<String> extensions,
        ProcessManagement pm,
        int maxSpawnRate,
        Duration processIdleTimeout,
        int maxRequests,
        Duration maxLifetime,
        long maxMemory,
        OptionalInt concurrency,
        Dispatch dispatch,
        Duration startupTimeout,
        boolean restartOnChange,
        boolean retryIdempotent) {
    public static final WorkerSettings DEFAULT = new WorkerSettings(
            List.of(),
            List.of(".fcgi"),
            new ProcessManagement.OnDemand(),
            32,
            Duration.ofSeconds(10),
            0,
            Duration.ZERO,
            0,
            OptionalInt.empty(),
            Dispatch.RELAY,
            Duration.ofSeconds(10),
            false,
            true);

    public WorkerSettings {
        command = List.copyOf(command);
        extensions = List.copyOf(extensions);
    }
}
