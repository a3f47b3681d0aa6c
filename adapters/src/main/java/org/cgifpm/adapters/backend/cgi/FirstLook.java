package org.cgifpm.adapters.backend.cgi;

import java.util.concurrent.TimeUnit;

/**
 * How long after it was let in a request's pipes are left alone. What has ended by then is read in one go without having
 * been watched, which costs one wake-up of the loop instead of four; so a pool whose scripts are usually over in a moment
 * waits a moment longer than that. A pool whose scripts run for long, or write much, has nothing to gain from it and is
 * looked at soon.
 *
 * <p>One for each pool, without a clock. Loop thread only. Times are nanoseconds.
 */
final class FirstLook {
    /** For a pool of which nothing is known, or whose scripts run for long. */
    static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** The longest that anybody's first byte waits for this. */
    static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** What writes more than half a pipe would be held up by one that nobody reads. */
    static final long MUCH_BYTES = 32_768;

    /** Of one request in the average: a busy moment of the machine does not change what is usual. */
    private static final int SHARE = 8;

    private long usualNanos;

    /** From being let in to the first look. */
    long nanos() {
        long wanted = 2 * usualNanos;
        return wanted > MOST_NANOS ? LEAST_NANOS : Math.max(LEAST_NANOS, wanted);
    }

    /**
     * A script has ended.
     *
     * @param nanos since its request was let in
     * @param bytes that it has written to standard output and standard error
     */
    void ended(long nanos, long bytes) {
        long counted = bytes > MUCH_BYTES ? MOST_NANOS : Math.min(nanos, MOST_NANOS);
        usualNanos += (counted - usualNanos) / SHARE;
    }
}
