package org.cgifpm.daemon.status.metrics;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.cgifpm.adapters.Ending;
import org.cgifpm.daemon.status.Histogram;
import org.cgifpm.daemon.status.PoolReport;
import org.cgifpm.daemon.status.PoolState;

/** Metrics of pools. Any thread. */
public final class PoolMetrics {
    private static final double MICROS = 1e6;
    private static final double NANOS = 1e9;

    private PoolMetrics() {}

    /** A pool's own page in OpenMetrics: what php-fpm has, by its names, then the families of {@link #write}. */
    public static String page(PoolReport pool, long nowMillis) {
        Exposition out = new Exposition(true);
        gauge(out, "up", "1 where the pool takes requests", pool.state() == PoolState.UP ? 1 : 0);
        gauge(out, "start_since", "Seconds since the pool was made", (nowMillis - pool.sinceMillis()) / 1000);
        // php-fpm calls these three counters, whose names OpenMetrics wants to end in _total: scrapers know them like
        // this.
        unknown(out, "accepted_connections", "Connections accepted", pool.accepted());
        gauge(out, "listen_queue", "Requests that wait for a place", pool.waiting());
        gauge(
                out,
                "max_listen_queue",
                "The most requests that waited at one time",
                pool.peaks().waiting());
        gauge(
                out,
                "listen_queue_length",
                "Requests that may wait",
                pool.settings().admission().queueLength());
        gauge(out, "idle_processes", "Processes with nothing to do", pool.idleProcesses());
        gauge(out, "active_processes", "Processes with something to do", pool.busyProcesses());
        gauge(out, "total_processes", "Processes", pool.idleProcesses() + pool.busyProcesses());
        gauge(
                out,
                "max_active_processes",
                "The most requests that were at work at one time",
                pool.peaks().active());
        unknown(
                out,
                "max_children_reached",
                "Requests that found no place free",
                pool.peaks().full());
        unknown(out, "slow_requests", "Requests that took longer than slow_after", pool.slow());
        write(List.of(pool), out);
        return out.end();
    }

    private static void gauge(Exposition out, String name, String help, long value) {
        out.family("phpfpm_" + name, MetricType.GAUGE, help);
        out.sample(value);
    }

    private static void unknown(Exposition out, String name, String help, long value) {
        out.family("phpfpm_" + name, MetricType.UNKNOWN, help);
        out.sample(value);
    }

    static void write(List<PoolReport> pools, Exposition out) {
        requests(pools, out);
        durations(pools, out);
        counter(
                pools,
                out,
                "received_bytes",
                "Bytes of request bodies",
                pool -> pool.counters().received());
        counter(
                pools,
                out,
                "sent_bytes",
                "Bytes of response bodies",
                pool -> pool.counters().sent());
        out.family("cgifpm_pool_cpu_seconds", MetricType.COUNTER, "Processor time of programs started for one request");
        pools.forEach(pool -> out.sample(pool.counters().cpuMicros() / MICROS, "pool", pool.name()));
        counter(pools, out, "accepted_connections", "Connections accepted", PoolReport::accepted);
        counter(
                pools,
                out,
                "full",
                "Requests that found no place free",
                pool -> pool.peaks().full());
        counter(pools, out, "slow_requests", "Requests that took longer than slow_after", PoolReport::slow);
        gauge(pools, out, "connections", "Connections open", PoolReport::connections);
        gauge(pools, out, "active_requests", "Requests at work", PoolReport::active);
        gauge(pools, out, "waiting_requests", "Requests that wait for a place", PoolReport::waiting);
        gauge(
                pools,
                out,
                "max_active_requests",
                "The most at work at one time",
                pool -> pool.peaks().active());
        gauge(
                pools,
                out,
                "max_waiting_requests",
                "The most that waited at one time",
                pool -> pool.peaks().waiting());
        gauge(
                pools,
                out,
                "max_children",
                "Places",
                pool -> pool.settings().admission().maxChildren());
        gauge(
                pools,
                out,
                "queue_length",
                "Requests that may wait",
                pool -> pool.settings().admission().queueLength());
        processes(pools, out);
        states(pools, out);
    }

    private static void counter(
            List<PoolReport> pools, Exposition out, String name, String help, ToLongFunction<PoolReport> value) {
        out.family("cgifpm_pool_" + name, MetricType.COUNTER, help);
        pools.forEach(pool -> out.sample(value.applyAsLong(pool), "pool", pool.name()));
    }

    private static void gauge(
            List<PoolReport> pools, Exposition out, String name, String help, ToLongFunction<PoolReport> value) {
        out.family("cgifpm_pool_" + name, MetricType.GAUGE, help);
        pools.forEach(pool -> out.sample(value.applyAsLong(pool), "pool", pool.name()));
    }

    private static void requests(List<PoolReport> pools, Exposition out) {
        out.family("cgifpm_pool_requests", MetricType.COUNTER, "Requests that are over, by how they ended");
        for (PoolReport pool : pools) {
            for (Ending ending : Ending.values()) {
                long count = pool.counters().endings().getOrDefault(ending, 0L);
                out.sample(count, "pool", pool.name(), "outcome", word(ending));
            }
        }
        out.family("cgifpm_pool_responses", MetricType.COUNTER, "Requests that are over, by the class of their status");
        for (PoolReport pool : pools) {
            List<Long> classes = pool.counters().classes();
            for (int digit = 2; digit < classes.size(); digit++) {
                out.sample(classes.get(digit), "pool", pool.name(), "code", digit + "xx");
            }
        }
    }

    static String word(Ending ending) {
        return ending.name().toLowerCase(Locale.ROOT);
    }

    private static void durations(List<PoolReport> pools, Exposition out) {
        out.family(
                "cgifpm_pool_request_duration_seconds",
                MetricType.HISTOGRAM,
                "From the arrival of a request until its answer was out");
        pools.forEach(pool -> histogram(pool.name(), pool.counters().durations(), out));
        out.family(
                "cgifpm_pool_queue_seconds",
                MetricType.HISTOGRAM,
                "From the arrival of a request until it had its place");
        pools.forEach(pool -> histogram(pool.name(), pool.counters().queued(), out));
    }

    private static void histogram(String pool, Histogram.Values values, Exposition out) {
        double[] bounds = Histogram.Values.bounds();
        long seen = 0;
        for (int i = 0; i < bounds.length; i++) {
            seen += values.counts().get(i);
            out.part("_bucket", Long.toString(seen), "pool", pool, "le", Exposition.number(bounds[i]));
        }
        String all = Long.toString(values.count());
        out.part("_bucket", all, "pool", pool, "le", "+Inf");
        out.part("_sum", Exposition.number(values.sumNanos() / NANOS), "pool", pool);
        out.part("_count", all, "pool", pool);
    }

    private static void processes(List<PoolReport> pools, Exposition out) {
        out.family("cgifpm_pool_processes", MetricType.GAUGE, "Processes that answer requests");
        for (PoolReport pool : pools) {
            out.sample(pool.busyProcesses(), "pool", pool.name(), "state", "busy");
            out.sample(pool.idleProcesses(), "pool", pool.name(), "state", "idle");
            out.sample(pool.startingProcesses(), "pool", pool.name(), "state", "starting");
        }
        out.family("cgifpm_pool_keepers", MetricType.GAUGE, "Interpreters that fork for requests");
        pools.forEach(pool -> out.sample(pool.keeperProcesses(), "pool", pool.name()));
    }

    private static void states(List<PoolReport> pools, Exposition out) {
        out.family("cgifpm_pool_state", MetricType.GAUGE, "1 for the state that the pool is in");
        for (PoolReport pool : pools) {
            for (PoolState state : PoolState.values()) {
                String word = state.name().toLowerCase(Locale.ROOT);
                out.sample(pool.state() == state ? 1 : 0, "pool", pool.name(), "state", word);
            }
        }
    }

    /** What the requests of each user did; of many series, so only where it is asked for. */
    static void writeUsers(List<PoolReport> pools, Exposition out) {
        out.family("cgifpm_user_requests", MetricType.COUNTER, "Requests that had a process, by whom they ran as");
        for (PoolReport pool : pools) {
            pool.counters()
                    .users()
                    .forEach((user, counts) -> counts.endings()
                            .forEach((ending, count) ->
                                    out.sample(count, "pool", pool.name(), "user", user, "outcome", word(ending))));
        }
        out.family("cgifpm_user_cpu_seconds", MetricType.COUNTER, "Processor time of programs started for one request");
        for (PoolReport pool : pools) {
            pool.counters()
                    .users()
                    .forEach((user, counts) ->
                            out.sample(counts.cpuMicros() / MICROS, "pool", pool.name(), "user", user));
        }
    }
}
