package org.cgifpm.daemon.wiring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.cgifpm.daemon.config.DaemonSettings;
import org.cgifpm.daemon.config.PoolSettings;

/**
 * What a new configuration changes, found by comparing settings alone.
 *
 * @param added pools whose names are new
 * @param changed pools whose settings differ, or that are to come up again
 * @param removed names of pools that are not in it
 * @param kept names of pools that nothing is done to
 */
record ReloadPlan(List<PoolSettings> added, List<PoolSettings> changed, List<String> removed, List<String> kept) {
    ReloadPlan {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
        kept = List.copyOf(kept);
    }

    /**
     * Compares.
     *
     * @param there the pools that there are, in their order
     * @param asleep names of those among them that take no requests, and shall again
     * @param wanted the pools of the new configuration
     */
    static ReloadPlan of(List<PoolSettings> there, Set<String> asleep, List<PoolSettings> wanted) {
        Map<String, PoolSettings> old = new LinkedHashMap<>();
        there.forEach(pool -> old.put(pool.name(), pool));
        List<PoolSettings> added = new ArrayList<>();
        List<PoolSettings> changed = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (PoolSettings pool : wanted) {
            PoolSettings before = old.remove(pool.name());
            if (before == null) {
                added.add(pool);
            } else if (!before.equals(pool) || asleep.contains(pool.name())) {
                changed.add(pool);
            } else {
                kept.add(pool.name());
            }
        }
        return new ReloadPlan(added, changed, List.copyOf(old.keySet()), kept);
    }

    /** Those that need something behind their address, in the order of the lists. */
    List<PoolSettings> upcoming() {
        List<PoolSettings> all = new ArrayList<>(changed);
        all.addAll(added);
        return all;
    }

    /** The keys of {@code [daemon]} whose change waits for a restart, as lines to be told. */
    static List<String> waitForRestart(DaemonSettings before, DaemonSettings now) {
        Set<String> keys = new TreeSet<>();
        if (!before.control().equals(now.control())) {
            keys.add("control");
        }
        if (before.launchThreads() != now.launchThreads()) {
            keys.add("launch_threads");
        }
        if (!before.log().equals(now.log())) {
            keys.add("log");
        }
        if (!before.metricsListen().equals(now.metricsListen())) {
            keys.add("metrics_listen");
        }
        if (before.metricsUsers() != now.metricsUsers()) {
            keys.add("metrics_users");
        }
        return keys.stream()
                .map(key -> "daemon." + key + ": takes effect with a restart")
                .toList();
    }
}
