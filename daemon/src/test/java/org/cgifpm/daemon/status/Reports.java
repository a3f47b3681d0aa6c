package org.cgifpm.daemon.status;

import java.util.List;
import java.util.Map;
import org.cgifpm.adapters.Ending;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.PoolSettings;

/** Reports for tests: every figure is another number, so that none can be taken for its neighbour. */
public final class Reports {
    private Reports() {}

    public static PoolReport pool(String name, PoolState state) {
        return pool(name, state, Map.of());
    }

    public static PoolReport pool(String name, PoolState state, Map<String, PoolCounters.User> users) {
        PoolSettings settings = PoolSettings.defaults(name, new ListenAddress.UnixPath("/run/" + name), "/srv/" + name);
        Histogram durations = new Histogram();
        Histogram queued = new Histogram();
        for (int i = 0; i < 30; i++) {
            durations.add(2_000_000L);
            queued.add(400_000_000L);
        }
        durations.add(90_000_000_000L);
        return new PoolReport(
                settings,
                state,
                1_700_000_000_000L,
                101,
                4,
                3,
                2,
                new PoolReport.Peaks(11, 7, 5),
                6,
                new PoolCounters.Values(
                        Map.of(Ending.DONE, 40L, Ending.REFUSED, 3L, Ending.CUT, 1L),
                        List.of(0L, 0L, 38L, 0L, 4L, 2L),
                        durations.values(),
                        queued.values(),
                        12_345,
                        67_890,
                        1_500_000,
                        users),
                List.of(),
                List.of());
    }

    public static DaemonReport daemon(List<PoolReport> pools) {
        return new DaemonReport(
                "1.2.3",
                4711,
                "root",
                "/etc/cgi-fpm/cgi-fpm.toml",
                1_700_000_000_000L,
                1_700_000_060_500L,
                2,
                1_700_000_030_000L,
                false,
                9,
                4096,
                8,
                256,
                pools);
    }

    /** A request that somebody named as he liked. */
    public static RunningReport running(String script, String uri) {
        return new RunningReport(
                77, 812, 1001, "legacy", script, "GET", uri, "uid 33 pid 7", 5, 2_500_000, 500_000, 10_240);
    }
}
