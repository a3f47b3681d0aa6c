package org.cgifpm.daemon.status.metrics;

/** Types of families; those that Prometheus' own format lacks are written as what it has instead. */
enum MetricType {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    INFO,
    UNKNOWN
}
