package org.cgifpm.daemon.wiring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.config.ConfigException;
import org.cgifpm.daemon.config.DaemonSettings;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.control.ReloadResult;
import org.cgifpm.daemon.status.PoolState;
import org.jspecify.annotations.Nullable;

/**
 * One reload's first half, which may block and fail: reads the configuration, and makes ready what it changes. Made on the
 * loop thread, then used by one other.
 */
final class Reload {
    private final PoolGround ground;
    private final ConfigSource source;
    private final DaemonSettings before;
    private final List<PoolSettings> there = new ArrayList<>();
    private final Set<String> asleep;
    private final Map<String, PoolSettings> down = new HashMap<>();
    private final Map<String, PoolFigures> figures = new HashMap<>();
    private final Map<String, Upcoming.Staying> sockets;

    /**
     * What came of it.
     *
     * @param problems with one or more of them the rest means nothing, and nothing is to be undone
     */
    record Prepared(
            List<String> problems,
            @Nullable Config config,
            ReloadPlan plan,
            @Nullable Upcoming upcoming,
            List<String> warnings) {}

    /** Remembers what is there now. */
    Reload(PoolGround ground, Pools pools, DaemonSettings before, ConfigSource source) {
        this.ground = ground;
        this.source = source;
        this.before = before;
        this.asleep = pools.asleep();
        this.sockets = pools.sockets();
        for (StandingPool pool : pools.all()) {
            there.add(pool.settings());
            figures.put(pool.name(), pool.figures());
            if (pool.state() == PoolState.DOWN) {
                down.put(pool.name(), pool.settings());
            }
        }
    }

    /** Not on the loop thread. Never throws: what cannot be done is a problem. */
    Prepared prepare() {
        try {
            Config config = source.read();
            return prepare(config);
        } catch (ConfigException e) {
            return refused(e.problems().stream().map(Object::toString).toList());
        } catch (RuntimeException | Error e) {
            return refused(List.of("internal error while the configuration was read: " + e));
        }
    }

    private Prepared prepare(Config config) {
        ReloadPlan plan = ReloadPlan.of(there, asleep, config.pools());
        Set<String> without = new HashSet<>(plan.removed());
        plan.changed().forEach(pool -> without.add(pool.name()));
        Map<ListenAddress, Upcoming.Staying> free = new HashMap<>();
        sockets.forEach((name, socket) -> {
            if (without.contains(name)) {
                free.put(socket.settings().address(), socket);
            }
        });
        // A pool that has been down all the time must not keep every other change out.
        Set<String> mayStayDown = new HashSet<>();
        plan.changed().stream()
                .filter(pool -> pool.equals(down.get(pool.name())))
                .forEach(pool -> mayStayDown.add(pool.name()));
        Upcoming upcoming = new Upcoming(ground, figures, free);
        boolean made = false;
        try {
            upcoming.make(plan.upcoming(), mayStayDown);
            made = upcoming.problems().isEmpty();
        } finally {
            if (!made) {
                upcoming.undo();
            }
        }
        if (!made) {
            return refused(upcoming.problems());
        }
        List<String> warnings = new ArrayList<>();
        config.warnings().forEach(warning -> warnings.add(warning.toString()));
        warnings.addAll(ReloadPlan.waitForRestart(before, config.daemon()));
        upcoming.pools().stream()
                .filter(pool -> pool.work() == null)
                .forEach(pool -> warnings.add("stays down: " + Upcoming.notAsAsked(pool.name(), pool.differences())));
        return new Prepared(List.of(), config, plan, upcoming, warnings);
    }

    private static Prepared refused(List<String> problems) {
        ReloadPlan nothing = new ReloadPlan(List.of(), List.of(), List.of(), List.of());
        return new Prepared(problems, null, nothing, null, List.of());
    }

    /** What those who have asked for it are told. */
    static ReloadResult result(Prepared prepared) {
        ReloadPlan plan = prepared.plan();
        return new ReloadResult.Done(
                names(plan.added()), names(plan.changed()), plan.removed(), plan.kept(), prepared.warnings());
    }

    private static List<String> names(List<PoolSettings> pools) {
        return pools.stream().map(PoolSettings::name).toList();
    }
}
