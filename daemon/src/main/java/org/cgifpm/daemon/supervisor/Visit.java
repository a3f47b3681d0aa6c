package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RunningRequest;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one request, from its arrival to its end; times are the loop's clock, nanoseconds. Complete when
 * {@link RequestObserver#finished} gets it.
 *
 * @param admittedNanos when it got its place; the time of its end if it never did
 * @param answeredNanos when its answer was out
 * @param finishedNanos when nothing of it was left
 * @param running null if it never had a process, or one that was taken back at once
 */
public record Visit(
        Exchange exchange,
        long arrivedNanos,
        long admittedNanos,
        long answeredNanos,
        long finishedNanos,
        @Nullable RunningRequest running,
        Ending ending,
        Outcome outcome) {

    /** Puts together what becomes known one after the other. Loop thread only. */
    static final class Notes {
        private final Exchange exchange;
        private final long arrivedNanos;
        private @Nullable Long admittedNanos;
        private @Nullable Long answeredNanos;
        private @Nullable RunningRequest running;
        private @Nullable Ending ending;

        Notes(Exchange exchange, long arrivedNanos) {
            this.exchange = exchange;
            this.arrivedNanos = arrivedNanos;
        }

        Exchange exchange() {
            return exchange;
        }

        void admitted(long nowNanos) {
            admittedNanos = nowNanos;
        }

        void started(RunningRequest request) {
            running = request;
        }

        void answered(Ending how, long nowNanos) {
            ending = how;
            answeredNanos = nowNanos;
        }

        Visit finished(Outcome outcome, long nowNanos) {
            return new Visit(
                    exchange,
                    arrivedNanos,
                    admittedNanos == null ? nowNanos : admittedNanos,
                    answeredNanos == null ? nowNanos : answeredNanos,
                    nowNanos,
                    running,
                    ending == null ? turnedAway(outcome) : ending,
                    outcome);
        }

        /** A request that ended before a backend had an answer for it. */
        private static Ending turnedAway(Outcome outcome) {
            if (outcome.status() == Outcome.CLIENT_GONE) {
                return Ending.CLIENT_GONE;
            }
            return outcome.problem() == null ? Ending.DONE : Ending.REFUSED;
        }
    }
}
