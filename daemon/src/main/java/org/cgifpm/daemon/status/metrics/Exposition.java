package org.cgifpm.daemon.status.metrics;

import java.util.Locale;

/**
 * Writes metrics as text: as OpenMetrics 1.0, or in the older format of Prometheus (0.0.4), which differs in the names of
 * counters' families, in what has no type there, and in its end. All samples of a family follow its {@link #family}.
 * One thread.
 */
final class Exposition {
    private final StringBuilder out = new StringBuilder(16_384);
    private final boolean openMetrics;
    private String name = "";
    private String suffix = "";

    Exposition(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    /**
     * Begins a family.
     *
     * @param wanted without {@code _total} and {@code _info}
     * @param help one line of plain words
     */
    void family(String wanted, MetricType type, String help) {
        name = wanted;
        suffix = type == MetricType.COUNTER ? "_total" : type == MetricType.INFO ? "_info" : "";
        String shown = openMetrics ? name : name + suffix;
        String word = openMetrics
                ? type.name().toLowerCase(Locale.ROOT)
                : switch (type) {
                    case INFO -> "gauge";
                    case UNKNOWN -> "untyped";
                    case COUNTER, GAUGE, HISTOGRAM -> type.name().toLowerCase(Locale.ROOT);
                };
        out.append("# HELP ").append(shown).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(shown).append(' ').append(word).append('\n');
    }

    /** @param namesAndValues of labels, in turn; values may be any text */
    void sample(long value, String... namesAndValues) {
        begin(suffix, namesAndValues);
        out.append(value).append('\n');
    }

    /** @param namesAndValues as above */
    void sample(double value, String... namesAndValues) {
        begin(suffix, namesAndValues);
        out.append(number(value)).append('\n');
    }

    /** One of a histogram's own samples. */
    void part(String ending, String value, String... namesAndValues) {
        begin(ending, namesAndValues);
        out.append(value).append('\n');
    }

    private void begin(String ending, String... namesAndValues) {
        out.append(name).append(ending);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.append(i == 0 ? '{' : ',').append(namesAndValues[i]).append("=\"");
            escape(namesAndValues[i + 1]);
            out.append('"');
        }
        out.append(namesAndValues.length == 0 ? " " : "} ");
    }

    /** OpenMetrics 1.0, "Overall Structure": nothing but these three is escaped in a label's value. */
    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                default -> out.append(c);
            }
        }
    }

    /** A number in decimal digits; OpenMetrics wants 1.0 and not 1 for the bounds of buckets. */
    static String number(double value) {
        return Double.toString(value);
    }

    /** The whole text. */
    String end() {
        return out.append(openMetrics ? "# EOF\n" : "").toString();
    }
}
