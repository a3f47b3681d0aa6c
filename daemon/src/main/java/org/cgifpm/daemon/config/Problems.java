package org.cgifpm.daemon.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that everything is said at once. */
final class Problems {
    private record Entry(int order, Problem problem) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> warnings = new ArrayList<>();

    void add(Source source, String key, String message) {
        add(source, source.lines().line(key), key, message);
    }

    void add(Source source, int line, String key, String message) {
        Entry entry = new Entry(source.order(), new Problem(source.file().toString(), line, key, message));
        // Two readers may want the same key, and what is wrong with it is said once.
        if (!entries.contains(entry)) {
            entries.add(entry);
        }
    }

    /** Something that is said and no more. */
    void warn(Source source, String key, String message) {
        warnings.add(new Entry(
                source.order(),
                new Problem(source.file().toString(), source.lines().line(key), key, "warning: " + message)));
    }

    /** No problems; warnings do not count. */
    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** In the order of files and lines. */
    List<Problem> sorted() {
        return sorted(entries);
    }

    /** In the order of files and lines. */
    List<Problem> warnings() {
        return sorted(warnings);
    }

    private static List<Problem> sorted(List<Entry> entries) {
        return entries.stream()
                .sorted(Comparator.comparingInt(Entry::order)
                        .thenComparingInt(entry -> entry.problem().line()))
                .map(Entry::problem)
                .toList();
    }
}
