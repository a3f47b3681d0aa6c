package org.cgifpm.daemon.status;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.daemon.supervisor.RequestObserver;
import org.cgifpm.daemon.supervisor.Visit;

/** What a pool has done since it is there, over all changes of its settings. Loop thread only. */
public final class PoolCounters implements RequestObserver {
    private final Map<Ending, Long> endings = new EnumMap<>(Ending.class);
    private final long[] classes = new long[CLASSES];
    private final Histogram durations = new Histogram();
    private final Histogram queued = new Histogram();
    private long received;
    private long sent;
    private long cpuMicros;

    /** 1xx to 5xx; nothing else is ever counted. */
    private static final int CLASSES = 6;

    /**
     * What was counted until some moment.
     *
     * @param endings how many requests ended in each way
     * @param classes how many were answered with each class of status, at its hundreds' digit
     * @param durations from a request's arrival until its answer was out
     * @param queued from a request's arrival until it had its place
     * @param received bytes of request bodies
     * @param sent bytes of response bodies
     * @param cpuMicros of the programs that were started for a request, where the kernel told
     */
    public record Values(
            Map<Ending, Long> endings,
            List<Long> classes,
            Histogram.Values durations,
            Histogram.Values queued,
            long received,
            long sent,
            long cpuMicros) {
        /** All requests that are over. */
        public long requests() {
            return endings.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    @Override
    public void finished(Visit visit) {
        endings.merge(visit.ending(), 1L, Long::sum);
        int digit = visit.outcome().status() / 100;
        classes[digit > 0 && digit < CLASSES ? digit : 0]++;
        durations.add(visit.answeredNanos() - visit.arrivedNanos());
        queued.add(visit.admittedNanos() - visit.arrivedNanos());
        received += visit.exchange().body().received();
        sent += visit.exchange().bytesWritten();
        ExitStatus exit = visit.outcome().exit();
        if (exit != null) {
            cpuMicros += exit.userMicros() + exit.systemMicros();
        }
    }

    /** What was counted until now. */
    public Values values() {
        Map<Ending, Long> named = new EnumMap<>(Ending.class);
        for (Ending ending : Ending.values()) {
            named.put(ending, endings.getOrDefault(ending, 0L));
        }
        return new Values(
                named,
                Arrays.stream(classes).boxed().toList(),
                durations.values(),
                queued.values(),
                received,
                sent,
                cpuMicros);
    }
}
