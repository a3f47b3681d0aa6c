package org.cgifpm.daemon.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that everything is said at once. */
final class Problems {
    private record Entry(int order, Problem problem) {}

    private final List<Entry> entries = new ArrayList<>();

    void add(Source source, String key, String message) {
        add(source, source.lines().line(key), key, message);
    }

    void add(Source source, int line, String key, String message) {
        entries.add(new Entry(source.order(), new Problem(source.file().toString(), line, key, message)));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** In the order of files and lines. */
    List<Problem> sorted() {
        return entries.stream()
                .sorted(Comparator.comparingInt(Entry::order)
                        .thenComparingInt(entry -> entry.problem().line()))
                .map(Entry::problem)
                .toList();
    }
}
