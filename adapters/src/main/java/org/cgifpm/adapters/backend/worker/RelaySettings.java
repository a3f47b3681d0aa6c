package org.cgifpm.adapters.backend.worker;

import java.util.OptionalInt;

/**
 * How one pool's workers are kept and its requests relayed; the names are those of the configuration keys. Times are
 * nanoseconds, 0 means no limit.
 *
 * @param pool the pool's name
 * @param policy how many workers each application has
 * @param maxWorkers over all applications of the pool
 * @param maxPerUser workers of one user in this pool, 0: no limit
 * @param recycle when a worker has served long enough
 * @param concurrency requests at once in a worker; empty: one, unless the worker says that it multiplexes
 * @param startupTimeoutNanos from the wish for a worker to its first accepted connection
 * @param requestTimeoutNanos from the moment a worker gets the request
 * @param idleTimeoutNanos no byte in either direction while there is no complete answer
 * @param killGraceNanos between TERM and KILL
 * @param killOnAbort false for {@code on_abort = "finish"}
 * @param retryIdempotent whether a request that a worker died over may be given to another
 * @param watchVersions whether the application's file is looked at while requests come
 */
public record RelaySettings(
        String pool,
        SpawnPolicy policy,
        int maxWorkers,
        int maxPerUser,
        RecyclePolicy recycle,
        OptionalInt concurrency,
        long startupTimeoutNanos,
        long requestTimeoutNanos,
        long idleTimeoutNanos,
        long killGraceNanos,
        boolean killOnAbort,
        boolean retryIdempotent,
        boolean watchVersions) {
    /** Without a limit for each user. */
    RelaySettings(
            String pool,
            SpawnPolicy policy,
            int maxWorkers,
            RecyclePolicy recycle,
            OptionalInt concurrency,
            long startupTimeoutNanos,
            long requestTimeoutNanos,
            long idleTimeoutNanos,
            long killGraceNanos,
            boolean killOnAbort,
            boolean retryIdempotent,
            boolean watchVersions) {
        this(
                pool,
                policy,
                maxWorkers,
                0,
                recycle,
                concurrency,
                startupTimeoutNanos,
                requestTimeoutNanos,
                idleTimeoutNanos,
                killGraceNanos,
                killOnAbort,
                retryIdempotent,
                watchVersions);
    }

    /** Body bytes that wait for a worker that reads slowly; beyond, the front end waits. */
    static final int BODY_MEMORY = 64 * 1024;
    /** Body bytes that are kept so that the request can be given to another worker. */
    static final int REPLAY_MEMORY = 16 * 1024;
    /** How long a worker may take to say what it can do; it is asked once, when it has nothing else to do. */
    static final long ASK_MILLIS = 100;
    /** How many requests at once a worker gets that multiplexes and does not say how many it takes. */
    static final int UNTOLD_REQUESTS = 16;
    /** What a worker may say of itself at the most. */
    static final int MAX_CONCURRENCY = 64;
    /** How soon a connection is looked at that was not accepted at once, and how often at the least. */
    static final long FIRST_LOOK_MICROS = 500;

    static final long SLOWEST_LOOK_MILLIS = 50;
}
