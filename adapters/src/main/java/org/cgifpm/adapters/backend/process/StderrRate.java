package org.cgifpm.adapters.backend.process;

/**
 * How many lines of standard error one pool's scripts may put into the log: a flood would hide the lines of other pools,
 * and what the daemon itself has to say. Time comes in; loop thread only.
 */
public final class StderrRate {
    /** Lines at once. */
    static final int BURST = 2000;

    /** Lines a second, for as long as it goes on. */
    static final int PER_SECOND = 200;

    private static final long NANOS_PER_LINE = 1_000_000_000L / PER_SECOND;

    private boolean begun;
    private long refilledNanos;
    private long lines = BURST;

    /**
     * Whether one more line may be logged; it is counted if so.
     *
     * @param nowNanos as {@link System#nanoTime}
     */
    boolean allows(long nowNanos) {
        if (!begun) {
            begun = true;
            refilledNanos = nowNanos;
        }
        long more = (nowNanos - refilledNanos) / NANOS_PER_LINE;
        lines = Math.min(BURST, lines + more);
        refilledNanos += more * NANOS_PER_LINE;
        if (lines == 0) {
            return false;
        }
        lines--;
        return true;
    }
}
