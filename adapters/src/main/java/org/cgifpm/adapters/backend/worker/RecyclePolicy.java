package org.cgifpm.adapters.backend.worker;

import java.util.Optional;

/**
 * When a worker that works is replaced by a fresh one. Asked between two requests of a worker, never during one.
 *
 * <p>The pool's limits are made a worker's own by {@link #forWorker}: workers that were started together and get the
 * same share of the requests would otherwise all be replaced at one moment.
 *
 * @param maxRequests served by one worker, 0 for no limit
 * @param maxLifetimeNanos of one worker, 0 for no limit
 * @param maxMemoryBytes resident, 0 for no limit
 */
public record RecyclePolicy(long maxRequests, long maxLifetimeNanos, long maxMemoryBytes) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** 2<sup>64</sup> divided by the golden ratio: its multiples lie evenly in the range, however many are taken. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    public RecyclePolicy {
        if (maxRequests < 0 || maxLifetimeNanos < 0 || maxMemoryBytes < 0) {
            throw new IllegalArgumentException("max_requests " + maxRequests + ", max_lifetime " + maxLifetimeNanos
                    + " ns, max_memory " + maxMemoryBytes);
        }
    }

    /**
     * The limits of one worker: requests and lifetime by up to a tenth below the pool's, never above; memory as it is,
     * since workers do not grow in step.
     *
     * @param number of the worker in its group, counted up from any start; equal numbers get equal limits
     */
    public RecyclePolicy forWorker(long number) {
        return new RecyclePolicy(below(maxRequests, number), below(maxLifetimeNanos, number), maxMemoryBytes);
    }

    /**
     * Why the worker is to be replaced, for the log; empty while it may stay.
     *
     * @param served requests it has answered
     * @param residentBytes 0 if nobody has looked
     */
    public Optional<String> reason(long served, long ageNanos, long residentBytes) {
        if (maxRequests > 0 && served >= maxRequests) {
            return Optional.of("it has served " + served + " requests (max_requests)");
        }
        if (maxLifetimeNanos > 0 && ageNanos >= maxLifetimeNanos) {
            return Optional.of("it is " + Math.round(ageNanos / NANOS_PER_SECOND) + " s old (max_lifetime)");
        }
        if (maxMemoryBytes > 0 && residentBytes >= maxMemoryBytes) {
            return Optional.of("it holds " + residentBytes / 1024 + " kB of memory (max_memory)");
        }
        return Optional.empty();
    }

    private static long below(long limit, long number) {
        long choices = limit / 10 + 1;
        // The upper half of the product of two 64-bit numbers is a share of the first: no rounding, no overflow.
        return limit - Math.multiplyHigh(choices << 1, (number * GOLDEN) >>> 1);
    }
}
