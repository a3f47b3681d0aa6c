package org.cgifpm.daemon.status.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads metrics by the rules of their formats (OpenMetrics 1.0; Prometheus 0.0.4), and fails where one is broken. */
public final class MetricsRules {
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\",?)*})? (\\S+)");
    private static final Map<String, List<String>> SUFFIXES = Map.of(
            "counter", List.of("_total"),
            "gauge", List.of(""),
            "unknown", List.of(""),
            "info", List.of("_info"),
            "histogram", List.of("_bucket", "_sum", "_count"));

    private MetricsRules() {}

    /** Returns each series with its value. */
    public static Map<String, Double> checkOpenMetrics(String text) {
        assertTrue(text.endsWith("\n# EOF\n"), "ends with # EOF");
        return check(text.substring(0, text.length() - "# EOF\n".length()), true);
    }

    /** Returns each series with its value. */
    public static Map<String, Double> checkPrometheus(String text) {
        assertFalse(text.contains("# EOF"));
        return check(text, false);
    }

    /** The value of a series that has to be there. */
    public static double value(Map<String, Double> series, String name) {
        Double value = series.get(name);
        if (value == null) {
            throw new AssertionError(name + " is not in " + series.keySet());
        }
        return value;
    }

    private static Map<String, Double> check(String text, boolean openMetrics) {
        assertTrue(text.endsWith("\n"));
        Map<String, Double> series = new TreeMap<>();
        Set<String> families = new HashSet<>();
        String family = "";
        String type = "";
        String helped = "";
        String bucket = "";
        double before = 0;
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (words[0].equals("#")) {
                if (words[1].equals("HELP")) {
                    helped = words[2];
                    continue;
                }
                assertEquals("TYPE", words[1], line);
                assertEquals(helped, words[2], line);
                family = words[2];
                type = words[3];
                assertTrue(families.add(family), () -> "a family begins once: " + line);
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            assertTrue(sample.matches(), line);
            String labels = sample.group(2) == null ? "" : sample.group(2);
            double value = Double.parseDouble(sample.group(3));
            assertFits(family, type, sample.group(1), openMetrics);
            assertEquals(null, series.put(sample.group(1) + labels, value), () -> "a series stands once: " + line);
            if (sample.group(1).endsWith("_bucket")) {
                String others = sample.group(1) + labels.replaceFirst(",le=\"[^\"]*\"", "");
                assertTrue(!others.equals(bucket) || value >= before, () -> "buckets add up: " + line);
                bucket = others;
                before = value;
            } else if (sample.group(1).endsWith("_count") && type.equals("histogram")) {
                assertEquals(before, value, line);
                assertNotNull(series.get(family + "_bucket" + labels.replace("}", ",le=\"+Inf\"}")), line);
            }
        }
        return series;
    }

    private static void assertFits(String family, String type, String name, boolean openMetrics) {
        List<String> suffixes = openMetrics || type.equals("histogram") ? SUFFIXES.get(type) : List.of("");
        assertNotNull(suffixes, () -> "no such type: " + type);
        assertTrue(suffixes.stream().anyMatch(suffix -> name.equals(family + suffix)), () -> name + " in " + family);
    }
}
