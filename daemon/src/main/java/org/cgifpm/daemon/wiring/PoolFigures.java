package org.cgifpm.daemon.wiring;

import java.util.List;
import org.cgifpm.daemon.status.PoolCounters;
import org.cgifpm.daemon.status.PoolReport;
import org.cgifpm.daemon.supervisor.PlacePeaks;
import org.cgifpm.daemon.supervisor.RequestObserver;
import org.cgifpm.daemon.supervisor.Visit;

/** What is counted of a pool as long as there is one of its name, over all changes of its settings. Loop thread only. */
final class PoolFigures {
    private final PoolCounters counters = new PoolCounters();
    private final PlacePeaks peaks = new PlacePeaks();
    private final long sinceMillis;
    private long slow;
    private long accepted;

    /** @param sinceMillis when the pool was made, milliseconds since 1970 */
    PoolFigures(long sinceMillis) {
        this.sinceMillis = sinceMillis;
    }

    long sinceMillis() {
        return sinceMillis;
    }

    PlacePeaks peaksKept() {
        return peaks;
    }

    PoolReport.Peaks peaks() {
        return new PoolReport.Peaks(peaks.atWork(), peaks.waiting(), peaks.full());
    }

    PoolCounters.Values counters() {
        return counters.values();
    }

    long slow() {
        return slow;
    }

    /** Connections of doors that are closed. */
    long accepted() {
        return accepted;
    }

    /** A door is closed that has taken so many connections. */
    void accepted(long more) {
        accepted += more;
    }

    /**
     * Counts the requests that run under some settings.
     *
     * @param slowAfterNanos 0: none is slow
     */
    RequestObserver counting(long slowAfterNanos) {
        RequestObserver slowOnes = slowAfterNanos == 0
                ? RequestObserver.NONE
                : new RequestObserver() {
                    @Override
                    public void finished(Visit visit) {
                        if (visit.running() != null
                                && visit.finishedNanos() - visit.running().startedNanos() >= slowAfterNanos) {
                            slow++;
                        }
                    }
                };
        return new Observers(List.of(counters, slowOnes));
    }
}
