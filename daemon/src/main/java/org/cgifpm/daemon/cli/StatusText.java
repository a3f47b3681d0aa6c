package org.cgifpm.daemon.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The daemon's state as lines that a person reads: the daemon, a table of its pools, and what fails in them. Pure. */
final class StatusText {
    private static final double MILLIS = 1e3;
    private static final long MILLI_MICROS = 1000;

    private final JsonObject status;
    private final @Nullable JsonObject before;

    /**
     * @param status what the daemon answered
     * @param before what it answered earlier: then rates and times are of what came between, else of all since the pools
     *     are there
     */
    StatusText(JsonObject status, @Nullable JsonObject before) {
        this.status = status;
        this.before = before != null && isSameDaemon(before, status) ? before : null;
    }

    private static boolean isSameDaemon(JsonObject before, JsonObject status) {
        JsonObject then = before.getAsJsonObject("daemon");
        JsonObject now = status.getAsJsonObject("daemon");
        return Shown.number(then, "since_ms") == Shown.number(now, "since_ms")
                && Shown.number(then, "pid") == Shown.number(now, "pid");
    }

    /** About the daemon: two lines. */
    List<String> daemon() {
        JsonObject daemon = status.getAsJsonObject("daemon");
        double perSecond = pools().stream().mapToDouble(PoolFigures::perSecond).sum();
        boolean all = pools().size() == Shown.number(daemon, "pools");
        long uptime = (Shown.number(daemon, "now_ms") - Shown.number(daemon, "since_ms")) * MILLI_MICROS;
        return List.of(
                "cgi-fpm " + Shown.text(daemon, "version") + ", pid " + Shown.number(daemon, "pid") + ", user "
                        + Shown.text(daemon, "user") + ", up " + Shown.lasted(uptime) + ", reloads "
                        + Shown.number(daemon, "reloads")
                        + (daemon.get("stopping").getAsBoolean() ? ", STOPPING" : ""),
                "requests " + Shown.count(Shown.number(daemon, "requests"))
                        + (all ? " (" + Shown.rate(perSecond) + "/s)" : "") + ", active "
                        + Shown.number(daemon, "active") + " of " + Shown.number(daemon, "max_children")
                        + ", connections " + Shown.number(daemon, "connections") + " of "
                        + Shown.number(daemon, "max_connections"));
    }

    /** A row for each pool, under headings. */
    static List<String> table(List<PoolFigures> pools) {
        Table table = new Table(
                2, "POOL", "STATE", "ACTIVE", "QUEUE", "PROC", "REQS", "REQ/S", "P50", "P99", "REFUSED", "ERRORS");
        for (PoolFigures pool : pools) {
            table.row(
                    pool.name(),
                    pool.state(),
                    pool.active() + "/" + pool.maxChildren(),
                    Shown.count(pool.waiting()),
                    Shown.count(pool.processes()),
                    Shown.count(pool.requests()),
                    Shown.rate(pool.perSecond()),
                    Shown.seconds(pool.median()),
                    Shown.seconds(pool.lastHundredth()),
                    Shown.count(pool.refused()),
                    Shown.count(pool.errors()));
        }
        return table.lines();
    }

    /** In the order of the configuration. */
    List<PoolFigures> pools() {
        Map<String, JsonObject> earlier = new HashMap<>();
        if (before != null) {
            for (JsonElement pool : before.getAsJsonArray("pools")) {
                earlier.put(pool.getAsJsonObject().get("name").getAsString(), pool.getAsJsonObject());
            }
        }
        long now = Shown.number(status.getAsJsonObject("daemon"), "now_ms");
        List<PoolFigures> pools = new ArrayList<>();
        for (JsonElement element : status.getAsJsonArray("pools")) {
            JsonObject pool = element.getAsJsonObject();
            JsonObject then = earlier.get(pool.get("name").getAsString());
            boolean goesOn = then != null && Shown.number(then, "requests") <= Shown.number(pool, "requests");
            long since = goesOn && before != null
                    ? Shown.number(before.getAsJsonObject("daemon"), "now_ms")
                    : Shown.number(pool, "since_ms");
            pools.add(PoolFigures.of(pool, goesOn ? then : null, (now - since) / MILLIS));
        }
        return pools;
    }

    /** What keeps failing, and why; nothing where all is well. */
    List<String> failures() {
        List<String> lines = new ArrayList<>();
        for (JsonElement element : status.getAsJsonArray("pools")) {
            JsonObject pool = element.getAsJsonObject();
            for (JsonElement each : pool.getAsJsonArray("workers")) {
                JsonObject worker = each.getAsJsonObject();
                if (!worker.get("health").getAsString().equals("well")) {
                    lines.add(failure(pool, worker, "program", Shown.text(worker, "health")));
                }
            }
            for (JsonElement each : pool.getAsJsonArray("keepers")) {
                JsonObject keeper = each.getAsJsonObject();
                // While one forks, the last failure is history.
                if (Shown.number(keeper, "pid") <= 0
                        && !Shown.text(keeper, "last_failure").isEmpty()) {
                    lines.add(failure(pool, keeper, "interpreter", "failing"));
                }
            }
        }
        return lines;
    }

    private static String failure(JsonObject pool, JsonObject kept, String named, String health) {
        return "pool " + Shown.text(pool, "name") + ": " + Shown.text(kept, named) + " (uid "
                + Shown.number(kept, "uid") + ") " + health + ": " + Shown.text(kept, "last_failure");
    }

    /** All of it. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(daemon());
        lines.add("");
        lines.addAll(table(pools()));
        List<String> failures = failures();
        if (!failures.isEmpty()) {
            lines.add("");
            lines.addAll(failures);
        }
        return lines;
    }
}
