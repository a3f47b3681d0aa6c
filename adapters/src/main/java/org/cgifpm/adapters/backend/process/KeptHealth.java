package org.cgifpm.adapters.backend.process;

import java.util.function.LongSupplier;

/**
 * How kept processes of one kind do, such as the workers of an application: counts those that fail, says when another
 * may be tried, and tells the log of each episode once. Loop thread only; none may be started while {@link #delayNanos}
 * is above 0.
 */
public final class KeptHealth {
    /** How long it is remembered that workers fail where no more are tried: longer than they are left alone. */
    private static final long REMEMBERED_NANOS = 60_000_000_000L;

    private final LongSupplier now;
    private final KeptEvents events;
    private final String program;
    private final String fault;
    private RestartBackoff backoff = RestartBackoff.none();
    private String lastFailure = "";
    private long failedNanos;

    /**
     * @param now the loop's time, in nanoseconds
     * @param fault what such workers have in common, for the log: "have answered nothing"
     */
    public KeptHealth(LongSupplier now, KeptEvents events, String program, String fault) {
        this.now = now;
        this.events = events;
        this.program = program;
        this.fault = fault;
    }

    /**
     * A worker has failed.
     *
     * @param startedNanos when it was started
     * @param proven whether it has shown before that it can do its work: then it says nothing of the others
     */
    public void failed(String why, long startedNanos, boolean proven) {
        lastFailure = why;
        if (proven) {
            events.warning(program + ": " + why);
        } else if (!backoff.inEpisode() || startedNanos - failedNanos >= 0) {
            // One that was started before the last failure tells nothing new.
            count(why);
        }
    }

    private void count(String why) {
        backoff = backoff.failed();
        failedNanos = now.getAsLong();
        if (backoff.beginsEpisode()) {
            events.warning(program + ": " + why);
        }
        if (backoff.entersEmergency()) {
            events.warning(program + ": emergency: " + backoff.failures() + " workers in a row " + fault
                    + "; it is tried again, at most every 30 s. The last: " + why);
        }
    }

    /**
     * A worker does its work. That ends the episode, unless it was started before the last failure: what an old one can
     * do says nothing of those started since, whose program may have been replaced by a broken one meanwhile. But what
     * failed long ago is forgotten with it.
     *
     * @param startedNanos when it was started
     * @return whether this was the end of an episode
     */
    public boolean proven(long startedNanos) {
        if (!backoff.inEpisode() || (startedNanos - failedNanos < 0 && rememberedNanos() > 0)) {
            return false;
        }
        backoff = RestartBackoff.none();
        return true;
    }

    /** Until another worker may be started, in nanoseconds; 0 or below: now. */
    public long delayNanos() {
        return backoff.delayNanos() == 0 ? 0 : failedNanos + backoff.delayNanos() - now.getAsLong();
    }

    /** Whether so many have failed in a row that requests should not wait for the next try. */
    public boolean isEmergency() {
        return backoff.emergency();
    }

    /** Whether one has failed since the last that did its work. */
    public boolean isFailing() {
        return backoff.inEpisode();
    }

    /** For how long this must not be forgotten although there is nothing to do, in nanoseconds; 0 or below: it may be. */
    public long rememberedNanos() {
        return backoff.inEpisode() ? failedNanos + REMEMBERED_NANOS - now.getAsLong() : 0;
    }

    /** What a request is told that gets no worker for it. */
    public String failing() {
        return "its workers keep failing: " + lastFailure;
    }

    /** Why a worker failed last, "" if none did. */
    public String lastFailure() {
        return lastFailure;
    }
}
