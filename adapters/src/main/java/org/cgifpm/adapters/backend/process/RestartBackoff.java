package org.cgifpm.adapters.backend.process;

/**
 * When an application whose workers keep failing may be tried again.
 *
 * <p>A failure is the end of a worker that has not answered a single request, or a start that was refused; the first
 * answer of a worker that was started since makes it all forgotten. From the first failure to that answer is one
 * episode: its first failure and its entry into the emergency are worth a line in the log each, the others are not.
 * Where several workers were started side by side, what befalls all of them is one failure. {@link KeptHealth} sees to
 * both.
 *
 * @param failures in a row, 0 outside an episode
 */
record RestartBackoff(int failures) {
    private static final long FIRST_NANOS = 100_000_000L;
    private static final long LONGEST_NANOS = 30_000_000_000L;
    private static final int EMERGENCY = 5;

    /** 2<sup>20</sup> times the first delay is far above the longest, and fits. */
    private static final int MOST_DOUBLINGS = 20;

    /** Nothing has failed. */
    static RestartBackoff none() {
        return new RestartBackoff(0);
    }

    RestartBackoff {
        if (failures < 0) {
            throw new IllegalArgumentException("failures " + failures);
        }
    }

    /** One more failure. Of what this returns, {@link #beginsEpisode} and {@link #entersEmergency} tell what to log. */
    RestartBackoff failed() {
        return failures == Integer.MAX_VALUE ? this : new RestartBackoff(failures + 1);
    }

    /**
     * From the last failure to the next start: 0 after the first, as it may have been an accident, then 100 ms doubling
     * with each up to 30 s.
     */
    long delayNanos() {
        if (failures < 2) {
            return 0;
        }
        return Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(failures - 2, MOST_DOUBLINGS));
    }

    /** Whether something has failed since the last proof. */
    boolean inEpisode() {
        return failures > 0;
    }

    /** Whether this is the first failure after a proof. */
    boolean beginsEpisode() {
        return failures == 1;
    }

    /** Whether the application must be taken for broken: 5 failures in a row or more. */
    boolean emergency() {
        return failures >= EMERGENCY;
    }

    /** Whether it is this failure that made it an emergency. */
    boolean entersEmergency() {
        return failures == EMERGENCY;
    }
}
