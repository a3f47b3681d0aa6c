package org.cgifpm.daemon.status.metrics;

import org.cgifpm.daemon.status.DaemonReport;

/** Everything that Prometheus reads. Reads files below /proc, so not for the loop thread. */
final class DaemonMetrics {
    private static final double MILLIS = 1e3;

    private DaemonMetrics() {}

    /** @param users with counters for each user */
    static String render(DaemonReport report, boolean users, boolean openMetrics) {
        Exposition out = new Exposition(openMetrics);
        out.family("cgifpm_build", MetricType.INFO, "What runs, and on which Java");
        out.sample(1, "version", report.version(), "java", String.valueOf(System.getProperty("java.version")));
        gauge(out, "start_time_seconds", "When the daemon was ready, since 1970", report.sinceMillis() / MILLIS);
        out.family("cgifpm_reloads", MetricType.COUNTER, "Reloads that took effect");
        out.sample(report.reloads());
        gauge(
                out,
                "reload_time_seconds",
                "When the last of them did, since 1970; 0 if none has",
                report.reloadedMillis() / MILLIS);
        gauge(out, "stopping", "1 when it has been told to stop", report.stopping() ? 1 : 0);
        gauge(out, "connections", "Connections open over all pools", report.connections());
        gauge(out, "max_connections", "Connections that may be open", report.maxConnections());
        gauge(out, "active_requests", "Requests at work over all pools", report.active());
        gauge(out, "max_children", "Places over all pools", report.maxChildren());
        PoolMetrics.write(report.pools(), out);
        if (users) {
            PoolMetrics.writeUsers(report.pools(), out);
        }
        ProcessMetrics.write(out);
        return out.end();
    }

    private static void gauge(Exposition out, String name, String help, long value) {
        out.family("cgifpm_" + name, MetricType.GAUGE, help);
        out.sample(value);
    }

    private static void gauge(Exposition out, String name, String help, double value) {
        out.family("cgifpm_" + name, MetricType.GAUGE, help);
        out.sample(value);
    }
}
