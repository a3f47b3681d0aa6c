package org.cgifpm.daemon.control;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.backend.warm.KeeperView;
import org.cgifpm.adapters.backend.worker.GroupView;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.status.DaemonReport;
import org.cgifpm.daemon.status.Histogram;
import org.cgifpm.daemon.status.PoolReport;

/**
 * The state of the daemon as members of an answer; their names and meanings are promised in {@code docs/control.md}. Any
 * thread.
 */
final class StatusJson {
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;
    private static final double MEDIAN = 0.5;
    private static final double LAST_HUNDREDTH = 0.99;
    private static final int SERVER_ERRORS = 5;

    private StatusJson() {}

    /** @param pools those that are told */
    static void write(DaemonReport report, List<PoolReport> pools, JsonWriter json) throws IOException {
        json.name("daemon").beginObject();
        json.name("version").value(report.version());
        json.name("pid").value(report.pid());
        json.name("user").value(report.user());
        json.name("config").value(report.config());
        json.name("since_ms").value(report.sinceMillis());
        json.name("now_ms").value(report.nowMillis());
        json.name("uptime_s").value((report.nowMillis() - report.sinceMillis()) / MILLIS);
        json.name("reloads").value(report.reloads());
        json.name("reloaded_ms").value(report.reloadedMillis());
        json.name("stopping").value(report.stopping());
        json.name("connections").value(report.connections());
        json.name("max_connections").value(report.maxConnections());
        json.name("active").value(report.active());
        json.name("max_children").value(report.maxChildren());
        json.name("pools").value(report.pools().size());
        json.name("requests")
                .value(report.pools().stream()
                        .mapToLong(pool -> pool.counters().requests())
                        .sum());
        json.endObject();
        json.name("bucket_bounds_s").beginArray();
        for (double bound : Histogram.Values.bounds()) {
            json.value(bound);
        }
        json.endArray();
        json.name("pools").beginArray();
        for (PoolReport pool : pools) {
            json.beginObject();
            pool(pool, json);
            json.endObject();
        }
        json.endArray();
    }

    private static void pool(PoolReport pool, JsonWriter json) throws IOException {
        json.name("name").value(pool.name());
        json.name("state").value(word(pool.state()));
        json.name("listen").value(pool.settings().listen().address().toString());
        json.name("mode").value(word(pool.settings().mode()));
        json.name("user").value(pool.settings().identity().user().orElse(null));
        json.name("since_ms").value(pool.sinceMillis());
        json.name("accepted").value(pool.accepted());
        json.name("connections").value(pool.connections());
        json.name("active").value(pool.active());
        json.name("max_children").value(pool.settings().admission().maxChildren());
        json.name("waiting").value(pool.waiting());
        json.name("queue_length").value(pool.settings().admission().queueLength());
        json.name("processes").value(pool.processes());
        json.name("peak_active").value(pool.peaks().active());
        json.name("peak_waiting").value(pool.peaks().waiting());
        json.name("full").value(pool.peaks().full());
        json.name("slow").value(pool.slow());
        json.name("requests").value(pool.counters().requests());
        json.name("endings").beginObject();
        for (Map.Entry<Ending, Long> ending : pool.counters().endings().entrySet()) {
            json.name(word(ending.getKey())).value(ending.getValue());
        }
        json.endObject();
        List<Long> classes = pool.counters().classes();
        json.name("statuses").beginObject();
        for (int digit = 1; digit < classes.size(); digit++) {
            json.name(digit + "xx").value(classes.get(digit));
        }
        json.endObject();
        json.name("errors")
                .value(classes.get(SERVER_ERRORS) + pool.counters().endings().getOrDefault(Ending.CUT, 0L));
        json.name("received_bytes").value(pool.counters().received());
        json.name("sent_bytes").value(pool.counters().sent());
        json.name("cpu_us").value(pool.counters().cpuMicros());
        histogram("duration", pool.counters().durations(), json);
        histogram("queued", pool.counters().queued(), json);
        json.name("workers").beginArray();
        for (GroupView worker : pool.workers()) {
            worker(worker, json);
        }
        json.endArray();
        json.name("keepers").beginArray();
        for (KeeperView keeper : pool.keepers()) {
            keeper(keeper, json);
        }
        json.endArray();
    }

    private static void histogram(String name, Histogram.Values values, JsonWriter json) throws IOException {
        json.name(name).beginObject();
        seconds("p50_s", values.quantile(MEDIAN), json);
        seconds("p99_s", values.quantile(LAST_HUNDREDTH), json);
        json.name("sum_s").value(values.sumNanos() / NANOS);
        json.name("counts").beginArray();
        for (long count : values.counts()) {
            json.value(count);
        }
        json.endArray().endObject();
    }

    private static void seconds(String name, double value, JsonWriter json) throws IOException {
        json.name(name);
        if (Double.isNaN(value)) {
            json.nullValue();
        } else {
            json.value(value);
        }
    }

    private static void worker(GroupView worker, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("program").value(ByteText.toTextOrBytes(worker.program()));
        json.name("uid").value(Integer.toUnsignedLong(worker.uid()));
        json.name("starting").value(worker.starting());
        json.name("idle").value(worker.idle());
        json.name("busy").value(worker.busy());
        json.name("waiting").value(worker.waiting());
        json.name("health").value(word(worker.health()));
        json.name("last_failure").value(ByteText.toTextOrBytes(worker.lastFailure()));
        json.endObject();
    }

    private static void keeper(KeeperView keeper, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("interpreter").value(ByteText.toTextOrBytes(keeper.interpreter()));
        json.name("uid").value(Integer.toUnsignedLong(keeper.uid()));
        json.name("pid").value(keeper.pid());
        json.name("version").value(ByteText.toTextOrBytes(keeper.version()));
        json.name("running").value(keeper.running());
        json.name("forks").value(keeper.forks());
        json.name("waiting").value(keeper.waiting());
        json.name("lacks").value(ByteText.toTextOrBytes(keeper.lacks()));
        json.name("last_failure").value(ByteText.toTextOrBytes(keeper.lastFailure()));
        json.endObject();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static void names(String name, List<String> values, JsonWriter json) throws IOException {
        json.name(name).beginArray();
        for (String value : values) {
            json.value(value);
        }
        json.endArray();
    }
}
