package org.cgifpm.daemon.status.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cgifpm.adapters.Ending;
import org.cgifpm.daemon.status.PoolCounters;
import org.cgifpm.daemon.status.PoolReport;
import org.cgifpm.daemon.status.PoolState;
import org.cgifpm.daemon.status.RunningReport;

/** The fields of a status page: php-fpm's by their names and in their order, then ours. */
final class StatusFields {
    private static final long MILLIS = 1000;
    private static final double MICROS = 1e6;

    /**
     * One field.
     *
     * @param name in words with spaces between them
     * @param value a String, Long, Double (not a NaN) or {@link Moment}
     */
    record Field(String name, Object value) {}

    /** A time of day, milliseconds since 1970. */
    record Moment(long millis) {
        long seconds() {
            return millis / MILLIS;
        }
    }

    private StatusFields() {}

    static String word(PoolState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static List<Field> of(Snapshot snapshot) {
        PoolReport pool = snapshot.pool();
        PoolCounters.Values counters = pool.counters();
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("pool", pool.name()));
        fields.add(new Field("process manager", pool.settings().workers().pm().word()));
        fields.add(new Field("start time", new Moment(pool.sinceMillis())));
        fields.add(new Field("start since", Math.max(0, snapshot.nowMillis() - pool.sinceMillis()) / MILLIS));
        fields.add(new Field("accepted conn", pool.accepted()));
        fields.add(new Field("listen queue", (long) pool.waiting()));
        fields.add(new Field("max listen queue", (long) pool.peaks().waiting()));
        fields.add(
                new Field("listen queue len", (long) pool.settings().admission().queueLength()));
        fields.add(new Field("idle processes", (long) pool.idleProcesses()));
        fields.add(new Field("active processes", (long) pool.busyProcesses()));
        fields.add(new Field("total processes", (long) pool.idleProcesses() + pool.busyProcesses()));
        fields.add(new Field("max active processes", (long) pool.peaks().active()));
        fields.add(new Field("max children reached", pool.peaks().full()));
        fields.add(new Field("slow requests", pool.slow()));
        fields.add(new Field("state", word(pool.state())));
        fields.add(new Field("mode", pool.settings().mode().name().toLowerCase(Locale.ROOT)));
        fields.add(new Field("connections", (long) pool.connections()));
        fields.add(new Field("active requests", (long) pool.active()));
        fields.add(new Field("max children", (long) pool.settings().admission().maxChildren()));
        fields.add(new Field("requests", counters.requests()));
        for (Ending ending : Ending.values()) {
            String name = ending.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            fields.add(new Field("requests " + name, counters.endings().getOrDefault(ending, 0L)));
        }
        for (int digit = 2; digit < counters.classes().size(); digit++) {
            fields.add(new Field("responses " + digit + "xx", counters.classes().get(digit)));
        }
        fields.add(
                new Field("request duration p50", seconds(counters.durations().quantile(0.5))));
        fields.add(
                new Field("request duration p99", seconds(counters.durations().quantile(0.99))));
        fields.add(new Field("queue time p50", seconds(counters.queued().quantile(0.5))));
        fields.add(new Field("queue time p99", seconds(counters.queued().quantile(0.99))));
        fields.add(new Field("bytes received", counters.received()));
        fields.add(new Field("bytes sent", counters.sent()));
        fields.add(new Field("cpu time", counters.cpuMicros() / MICROS));
        return fields;
    }

    /** Nothing was counted: no duration at all. */
    private static double seconds(double quantile) {
        return Double.isNaN(quantile) ? 0 : quantile;
    }

    static List<Field> of(RunningReport running, long nowMillis) {
        List<Field> fields = new ArrayList<>();
        long ageMillis = running.ageMicros() / MILLIS;
        fields.add(new Field("pid", (long) running.pid()));
        fields.add(new Field("state", "Running"));
        fields.add(new Field("start time", new Moment(nowMillis - ageMillis)));
        fields.add(new Field("start since", ageMillis / MILLIS));
        fields.add(new Field("requests", 1L));
        fields.add(new Field("request duration", running.ageMicros()));
        fields.add(new Field("request method", shown(running.method())));
        fields.add(new Field("request uri", shown(running.uri())));
        fields.add(new Field("content length", running.received()));
        fields.add(new Field("user", shown(running.user())));
        fields.add(new Field("script", shown(running.script())));
        fields.add(new Field("last request cpu", cpuPercent(running)));
        fields.add(new Field("last request memory", Math.max(0, running.memory())));
        fields.add(new Field("id", running.id()));
        fields.add(new Field("uid", Integer.toUnsignedLong(running.uid())));
        fields.add(new Field("client", shown(running.client())));
        return fields;
    }

    private static double cpuPercent(RunningReport running) {
        boolean known = running.cpuMicros() >= 0 && running.ageMicros() > 0;
        return known ? Math.round(10_000.0 * running.cpuMicros() / running.ageMicros()) / 100.0 : 0;
    }

    private static String shown(String bytes) {
        return bytes.isEmpty() ? "-" : ShownText.of(bytes);
    }
}
