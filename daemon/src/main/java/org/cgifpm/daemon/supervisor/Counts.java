package org.cgifpm.daemon.supervisor;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** How many there are of each; holds nothing for those of which there are none. Not for several threads. */
final class Counts<K> {
    private final Map<K, Integer> counts = new HashMap<>();

    int of(K key) {
        return counts.getOrDefault(key, 0);
    }

    void add(K key) {
        counts.merge(key, 1, Integer::sum);
    }

    /** Takes away one that was added. */
    void remove(K key) {
        counts.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }

    /** Tells each key with how many there are of it. */
    void forEach(BiConsumer<K, Integer> told) {
        counts.forEach(told);
    }

    /** How many different keys there are at least one of. */
    int size() {
        return counts.size();
    }
}
