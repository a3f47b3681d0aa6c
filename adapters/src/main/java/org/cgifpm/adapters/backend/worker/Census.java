package org.cgifpm.adapters.backend.worker;

/**
 * The workers of a group by what they do, at one moment. Those being stopped are no longer counted.
 *
 * @param starting told to start and not yet ready
 * @param idle ready and without a request
 * @param busy with one request or more
 * @param waiting how many workers the requests that wait would fill: their number, where a worker takes one at a time
 * @param longestIdleSinceNanos since when the worker that is idle longest is idle; means nothing if none is idle
 */
public record Census(int starting, int idle, int busy, int waiting, long longestIdleSinceNanos) {
    public Census {
        if (starting < 0 || idle < 0 || busy < 0 || waiting < 0) {
            throw new IllegalArgumentException(
                    "a count below 0: " + starting + ", " + idle + ", " + busy + ", " + waiting);
        }
    }

    /** All that count against {@code max_children}. */
    public int alive() {
        return starting + idle + busy;
    }

    /** Workers without a request. One that starts is as good as idle, as in php-fpm. */
    int spare() {
        return starting + idle;
    }

    /** Waiting requests that no worker without a request will take. */
    int unserved() {
        return Math.max(0, waiting - spare());
    }

    /** How many more may be started, with a {@code max_children} of so many; never below 0. */
    int room(int maxChildren) {
        return Math.max(0, maxChildren - alive());
    }

    /**
     * How many workers the waiting requests need beside those there are, within the bounds.
     *
     * @param maxSpawnRate the most that may be starting at one time
     */
    int startsForWaiting(int maxChildren, int maxSpawnRate) {
        int startable = Math.min(room(maxChildren), Math.max(0, maxSpawnRate - starting));
        return Math.min(unserved(), startable);
    }
}
