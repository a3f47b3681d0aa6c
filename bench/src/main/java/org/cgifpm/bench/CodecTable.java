package org.cgifpm.bench;

import java.util.List;
import java.util.Locale;

/** The figures as Markdown. */
final class CodecTable {
    /**
     * One line.
     *
     * @param what the benchmark in words
     * @param bytes on the wire per operation
     * @param nanos per operation, mean
     * @param error half of the 99.9 % confidence interval of {@code nanos}
     * @param allocated bytes of heap per operation
     */
    record Row(String what, int bytes, double nanos, double error, double allocated) {
        /** Million bytes in a second. */
        double megabytesPerSecond() {
            return bytes * 1000.0 / nanos;
        }
    }

    private CodecTable() {}

    static String of(List<Row> rows) {
        StringBuilder table = new StringBuilder("""
                | | bytes each | ns each | MB/s | bytes allocated each |
                | --- | ---: | ---: | ---: | ---: |
                """);
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %s ± %s | %.0f | %.1f |%n",
                    row.what(),
                    row.bytes(),
                    nanos(row.nanos()),
                    nanos(row.error()),
                    row.megabytesPerSecond(),
                    row.allocated()));
        }
        return table.toString();
    }

    private static String nanos(double nanos) {
        return String.format(Locale.ROOT, nanos < 100 ? "%.1f" : "%.0f", nanos);
    }
}
