package org.cgifpm.daemon.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cgifpm.daemon.status.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a row of the table says of a pool.
 *
 * @param perSecond requests that ended, a second, in the time that is looked at
 * @param median their duration in that time, seconds; NaN if there were none
 * @param lastHundredth likewise, what one of a hundred exceeds
 */
record PoolFigures(
        String name,
        String state,
        long active,
        long maxChildren,
        long waiting,
        long processes,
        long requests,
        double perSecond,
        double median,
        double lastHundredth,
        long refused,
        long errors) {
    /** What is busy stands first, what nobody asks last; of equals the name decides, so that rows stay where they are. */
    static final Comparator<PoolFigures> BUSIEST_FIRST = Comparator.comparingLong(
                    (PoolFigures pool) -> -(pool.active() + pool.waiting()))
            .thenComparingDouble(pool -> -pool.perSecond())
            .thenComparingLong(pool -> -pool.requests())
            .thenComparing(PoolFigures::name);

    private static final double HALF = 0.5;
    private static final double NEARLY_ALL = 0.99;
    private static final double NANOS = 1e9;

    /**
     * @param before the same pool earlier; null: since the pool is there
     * @param seconds how long ago that was
     */
    static PoolFigures of(JsonObject pool, @Nullable JsonObject before, double seconds) {
        Histogram.Values durations = durations(pool);
        long requests = Shown.number(pool, "requests");
        long newRequests = requests;
        if (before != null) {
            durations = durations.since(durations(before));
            newRequests -= Shown.number(before, "requests");
        }
        return new PoolFigures(
                Shown.text(pool, "name"),
                Shown.text(pool, "state"),
                Shown.number(pool, "active"),
                Shown.number(pool, "max_children"),
                Shown.number(pool, "waiting"),
                Shown.number(pool, "processes"),
                requests,
                seconds > 0 ? newRequests / seconds : 0,
                durations.quantile(HALF),
                durations.quantile(NEARLY_ALL),
                Shown.number(pool.getAsJsonObject("endings"), "refused"),
                Shown.number(pool, "errors"));
    }

    private static Histogram.Values durations(JsonObject pool) {
        JsonObject duration = pool.getAsJsonObject("duration");
        List<Long> counts = new ArrayList<>();
        for (JsonElement count : duration.getAsJsonArray("counts")) {
            counts.add(count.getAsLong());
        }
        return new Histogram.Values(counts, Math.round(duration.get("sum_s").getAsDouble() * NANOS));
    }
}
