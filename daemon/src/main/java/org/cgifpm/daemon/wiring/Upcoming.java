package org.cgifpm.daemon.wiring;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.Dispatch;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.ListenSettings;
import org.cgifpm.daemon.config.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * Makes pools ready to take requests: everything about them that may block or fail. On one thread that is not the loop's,
 * or before the loop runs. What was made for nothing is undone by {@link #undo}.
 */
final class Upcoming {
    private final PoolGround ground;
    private final Syscalls syscalls;
    private final Sockets sockets;
    private final Map<String, PoolFigures> known;
    private final Map<ListenAddress, Staying> staying;
    private final List<UpcomingPool> pools = new ArrayList<>();
    /** Names of those whose control group is held by nobody else yet. */
    private final Set<String> held = new LinkedHashSet<>();

    private final List<Runnable> undone = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * A socket that is open.
     *
     * @param settings as it was opened
     */
    record Staying(PoolSocket socket, ListenSettings settings) {}

    /**
     * @param known what was counted of pools that are there already
     * @param staying sockets of pools that are going to be without them, by their addresses
     */
    Upcoming(PoolGround ground, Map<String, PoolFigures> known, Map<ListenAddress, Staying> staying) {
        this.ground = ground;
        this.syscalls = ground.machine().cgi().syscalls();
        this.sockets = ground.machine().acceptors().sockets();
        this.known = Map.copyOf(known);
        this.staying = Map.copyOf(staying);
    }

    /**
     * Opens all that those pools need.
     *
     * @param mayStayDown whether a pool whose scripts would not run as asked stays down, instead of being a problem
     */
    void make(List<PoolSettings> wanted, Set<String> mayStayDown) {
        Map<String, PoolSocket> open = new HashMap<>();
        for (PoolSettings pool : wanted) {
            attempt(pool, "listen: ", () -> open.put(pool.name(), socket(pool)));
        }
        if (!problems.isEmpty()) {
            return;
        }
        Map<String, @Nullable LeafSource> leaves = new HashMap<>();
        for (PoolSettings pool : wanted) {
            attempt(pool, "", () -> {
                leaves.put(pool.name(), ground.groups().hold(pool));
                held.add(pool.name());
            });
        }
        if (!problems.isEmpty()) {
            return;
        }
        PoolProbe probe = new PoolProbe(ground.machine().cgi());
        for (PoolSettings pool : wanted) {
            PoolSocket socket = Objects.requireNonNull(open.get(pool.name()));
            LeafSource groups = leaves.get(pool.name());
            attempt(pool, "", () -> {
                List<String> found = probe.differences(pool, groups);
                if (!found.isEmpty() && !mayStayDown.contains(pool.name())) {
                    problems.add(notAsAsked(pool.name(), found));
                }
                add(pool, socket, found, groups);
            });
        }
        if (problems.isEmpty()) {
            // Last, because it is the only thing that anybody could see.
            wanted.forEach(pool -> attempt(pool, "listen: ", () -> changeSocket(pool)));
        }
    }

    static String notAsAsked(String pool, List<String> differences) {
        return "pool " + pool + ": its scripts would not run as asked: " + String.join("; ", differences);
    }

    private interface Step {
        void run() throws SyscallException;
    }

    private void attempt(PoolSettings pool, String what, Step step) {
        try {
            step.run();
        } catch (SyscallException e) {
            String words = String.valueOf(e.getMessage());
            String prefix = "pool " + pool.name() + ": ";
            problems.add(words.startsWith(prefix) ? words : prefix + what + words);
        }
    }

    private PoolSocket socket(PoolSettings pool) throws SyscallException {
        Staying there = staying.get(pool.listen().address());
        if (there != null) {
            return there.socket().lettingIn(pool.listen());
        }
        PoolSocket opened = PoolSocket.open(syscalls, sockets, pool.listen(), ground.inherited());
        ground.machine().cgi().descriptors().opened(opened.fd());
        undone.add(() -> opened.close(syscalls, sockets));
        return opened;
    }

    private void changeSocket(PoolSettings pool) throws SyscallException {
        Staying there = staying.get(pool.listen().address());
        if (there != null && !there.settings().equals(pool.listen())) {
            undone.add(() -> restore(there));
            there.socket().become(syscalls, sockets, pool.listen());
        }
    }

    private void restore(Staying there) {
        try {
            there.socket().become(syscalls, sockets, there.settings());
        } catch (SyscallException e) {
            problems.add(there.settings().address() + " has not got back what it was: " + e.getMessage());
        }
    }

    private void add(PoolSettings pool, PoolSocket socket, List<String> differences, @Nullable LeafSource leaves)
            throws SyscallException {
        PoolFigures figures = known.getOrDefault(
                pool.name(), new PoolFigures(InstantSource.system().millis()));
        boolean opened = !staying.containsKey(pool.listen().address());
        if (!differences.isEmpty()) {
            held.remove(pool.name());
            ground.groups().release(pool.name());
            pools.add(new UpcomingPool(pool, figures, socket, opened, null, differences));
            return;
        }
        PoolAtWork work = pool.workers().dispatch() == Dispatch.DIRECT
                ? new DirectPool(ground, pool, socket, leaves)
                : Pool.of(ground, pool, figures, leaves);
        held.remove(pool.name());
        undone.add(work::close);
        pools.add(new UpcomingPool(pool, figures, socket, opened, work, List.of()));
    }

    /** All of them, in the order in which they were wanted; only where there are no problems. */
    List<UpcomingPool> pools() {
        return List.copyOf(pools);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Closes what was opened, and makes what was changed as it was. Nothing of it may be in use. */
    void undo() {
        held.forEach(ground.groups()::release);
        held.clear();
        for (int i = undone.size() - 1; i >= 0; i--) {
            undone.get(i).run();
        }
        undone.clear();
    }
}
