package org.cgifpm.daemon.status.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cgifpm.adapters.Ending;
import org.cgifpm.daemon.status.DaemonReport;
import org.cgifpm.daemon.status.PoolCounters;
import org.cgifpm.daemon.status.PoolState;
import org.cgifpm.daemon.status.Reports;
import org.junit.jupiter.api.Test;

class DaemonMetricsTest {
    private static final DaemonReport TWO =
            Reports.daemon(List.of(Reports.pool("a", PoolState.UP), Reports.pool("b.c", PoolState.DRAINING)));

    @Test
    void tellsTheSameInBothFormats() {
        Map<String, Double> open = MetricsRules.checkOpenMetrics(DaemonMetrics.render(TWO, false, true));
        Map<String, Double> older = MetricsRules.checkPrometheus(DaemonMetrics.render(TWO, false, false));

        assertEquals(open.keySet(), older.keySet());
        assertEquals(
                40.0, open.get("cgifpm_pool_requests_total{pool=\"a\",outcome=\"done\"}"), () -> open.keySet() + "");
        assertEquals(3.0, open.get("cgifpm_pool_requests_total{pool=\"b.c\",outcome=\"refused\"}"));
        assertEquals(0.0, open.get("cgifpm_pool_requests_total{pool=\"a\",outcome=\"timeout\"}"));
        assertEquals(1.0, open.get("cgifpm_pool_state{pool=\"b.c\",state=\"draining\"}"));
        assertEquals(0.0, open.get("cgifpm_pool_state{pool=\"b.c\",state=\"up\"}"));
        assertEquals(2.0, open.get("cgifpm_reloads_total"));
        assertEquals(1.7e9, open.get("cgifpm_start_time_seconds"));
    }

    @Test
    void countsDurationsInBucketsThatAddUp() {
        Map<String, Double> series = MetricsRules.checkOpenMetrics(DaemonMetrics.render(TWO, false, true));

        String name = "cgifpm_pool_request_duration_seconds";
        assertEquals(0.0, series.get(name + "_bucket{pool=\"a\",le=\"0.001\"}"));
        assertEquals(30.0, series.get(name + "_bucket{pool=\"a\",le=\"0.0025\"}"));
        assertEquals(30.0, series.get(name + "_bucket{pool=\"a\",le=\"60.0\"}"));
        assertEquals(31.0, series.get(name + "_bucket{pool=\"a\",le=\"+Inf\"}"));
        assertEquals(90.06, MetricsRules.value(series, name + "_sum{pool=\"a\"}"), 1e-9);
        assertEquals(30.0, series.get("cgifpm_pool_queue_seconds_bucket{pool=\"a\",le=\"0.5\"}"));
    }

    @Test
    void countsUsersOnlyWhereThatIsAskedFor() {
        Map<String, PoolCounters.User> users =
                Map.of("le\"g\\acy", new PoolCounters.User(Map.of(Ending.DONE, 7L), 250_000));
        DaemonReport report = Reports.daemon(List.of(Reports.pool("a", PoolState.UP, users)));

        assertFalse(DaemonMetrics.render(report, false, true).contains("cgifpm_user"));
        Map<String, Double> series = MetricsRules.checkOpenMetrics(DaemonMetrics.render(report, true, true));
        assertEquals(
                7.0,
                series.get("cgifpm_user_requests_total{pool=\"a\",user=\"le\\\"g\\\\acy\",outcome=\"done\"}"),
                () -> series.keySet() + "");
        assertEquals(0.25, series.get("cgifpm_user_cpu_seconds_total{pool=\"a\",user=\"le\\\"g\\\\acy\"}"));
    }

    @Test
    void tellsOfTheProcessItself() {
        Map<String, Double> series = MetricsRules.checkOpenMetrics(DaemonMetrics.render(TWO, false, true));

        assertTrue(MetricsRules.value(series, "process_resident_memory_bytes") > 1 << 20);
        assertTrue(MetricsRules.value(series, "process_open_fds") > 2);
        assertTrue(MetricsRules.value(series, "process_cpu_seconds_total") > 0);
        assertTrue(MetricsRules.value(series, "process_start_time_seconds") > 1e9);
    }

    @Test
    void leavesOutWhatProcDoesNotTell() {
        String limits =
                "Limit  Soft\nMax open files            1024                 4096   files\nMax cpu time  unlimited\n";
        assertEquals(Optional.of(1024L), ProcessMetrics.figure(limits, "Max open files"));
        assertEquals(Optional.empty(), ProcessMetrics.figure(limits, "Max cpu time"));
        assertEquals(Optional.empty(), ProcessMetrics.figure("", "VmRSS:"));
    }
}
