package org.cgifpm.daemon.wiring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.status.PoolState;
import org.jspecify.annotations.Nullable;

/** All pools of a daemon, those included that are on their way out. Loop thread only, or before the loop runs. */
final class Pools {
    /** Between two looks at what is on its way out; the second after it has been for long. */
    private static final long FIRST_LOOK_MILLIS = 20;

    private static final long LAST_LOOK_MILLIS = 1000;

    private final PoolGround ground;
    private final EventLoop loop;
    private final Map<String, StandingPool> standing = new LinkedHashMap<>();
    private final Set<StandingPool> removed = new HashSet<>();
    private final List<Runnable> afterLook = new ArrayList<>();
    private @Nullable Timer nextLook;
    private long lookMillis;

    Pools(PoolGround ground) {
        this.ground = ground;
        this.loop = ground.machine().loop();
    }

    /** Those of the configuration, in its order. */
    Collection<StandingPool> all() {
        return standing.values();
    }

    /** With those that are out of the configuration and have something left to do. */
    List<StandingPool> withRemoved() {
        return Stream.concat(standing.values().stream(), removed.stream()).toList();
    }

    Optional<StandingPool> named(String name) {
        return Optional.ofNullable(standing.get(name));
    }

    /** Those that take no requests, and would again after a reload. */
    Set<String> asleep() {
        Set<String> names = new HashSet<>();
        standing.values().stream().filter(pool -> pool.state() != PoolState.UP).forEach(pool -> names.add(pool.name()));
        return names;
    }

    /** The open sockets, by the names of their pools. */
    Map<String, Upcoming.Staying> sockets() {
        Map<String, Upcoming.Staying> sockets = new HashMap<>();
        for (StandingPool pool : standing.values()) {
            PoolDoor door = pool.door();
            if (door != null) {
                sockets.put(
                        pool.name(),
                        new Upcoming.Staying(door.socket(), pool.settings().listen()));
            }
        }
        return sockets;
    }

    /**
     * Pools come, change and go. Nothing is done if the kernel has no room to watch a new socket.
     *
     * @param upcoming ready, but for the doors
     * @param gone names of those that are in the configuration no more
     * @param order names of all, as the configuration has them
     */
    void change(List<UpcomingPool> upcoming, List<String> gone, List<String> order) throws SyscallException {
        Map<String, PoolDoor> doors = newDoors(upcoming);
        Map<ListenAddress, StandingPool> owners = new HashMap<>();
        standing.values().stream()
                .filter(pool -> pool.door() != null)
                .forEach(pool -> owners.put(pool.settings().listen().address(), pool));
        Map<String, PoolDoor> taken = new HashMap<>();
        for (UpcomingPool pool : upcoming) {
            StandingPool owner = owners.get(pool.settings().listen().address());
            if (!pool.opened() && owner != null && pool.work() != null) {
                Objects.requireNonNull(owner.door()).socket(pool.socket());
                boolean itsOwn = owner.name().equals(pool.name());
                taken.put(
                        pool.name(),
                        itsOwn ? Objects.requireNonNull(owner.door()) : owner.giveUpDoor(pool.work() instanceof Pool));
            }
        }
        for (String name : gone) {
            StandingPool pool = Objects.requireNonNull(standing.remove(name));
            pool.takeNoMore();
            removed.add(pool);
        }
        for (UpcomingPool pool : upcoming) {
            StandingPool known = standing.computeIfAbsent(
                    pool.name(), name -> new StandingPool(pool.settings(), pool.figures(), ground.running()));
            PoolDoor door = doors.getOrDefault(pool.name(), taken.get(pool.name()));
            if (pool.work() == null || door == null) {
                known.staysDown(pool.settings());
                if (pool.opened()) {
                    pool.socket()
                            .close(
                                    ground.machine().cgi().syscalls(),
                                    ground.machine().acceptors().sockets());
                }
            } else {
                known.become(pool.work(), door);
            }
        }
        Map<String, StandingPool> ordered = new LinkedHashMap<>();
        order.forEach(name -> ordered.put(name, Objects.requireNonNull(standing.get(name))));
        standing.clear();
        standing.putAll(ordered);
        lookAgain();
    }

    private Map<String, PoolDoor> newDoors(List<UpcomingPool> upcoming) throws SyscallException {
        Map<String, PoolDoor> doors = new HashMap<>();
        try {
            for (UpcomingPool pool : upcoming) {
                if (pool.opened() && pool.work() != null) {
                    PoolDoor door = new PoolDoor(ground, pool.socket());
                    if (pool.work() instanceof Pool relayed) {
                        door.leadTo(relayed);
                    }
                    doors.put(pool.name(), door);
                }
            }
            return doors;
        } catch (SyscallException e) {
            doors.values().forEach(PoolDoor::forget);
            throw e;
        }
    }

    /** Things are on their way out. */
    void lookAgain() {
        lookMillis = FIRST_LOOK_MILLIS;
        plan();
    }

    private void plan() {
        if (nextLook != null) {
            nextLook.cancel();
        }
        nextLook = loop.schedule(lookMillis * EventLoop.MILLIS, this::look);
    }

    private void look() {
        nextLook = null;
        boolean settled = true;
        for (StandingPool pool : withRemoved()) {
            settled &= !pool.unsettled() || pool.settle();
        }
        removed.removeIf(pool -> !pool.unsettled());
        List.copyOf(afterLook).forEach(Runnable::run);
        if (!settled && nextLook == null) {
            plan();
            lookMillis = Math.min(LAST_LOOK_MILLIS, lookMillis * 2);
        }
    }

    /** Has a pool take no more; {@code told} once, when nothing of it is left, with "", or why not. */
    void drain(StandingPool pool, Consumer<String> told) {
        pool.takeNoMore();
        @Nullable Runnable[] self = new Runnable[1];
        Runnable check = () -> {
            if (pool.state() != PoolState.DRAINING) {
                afterLook.remove(self[0]);
                told.accept(pool.state() == PoolState.UP ? "a reload has brought the pool up again" : "");
            }
        };
        self[0] = check;
        afterLook.add(check);
        lookAgain();
    }
}
