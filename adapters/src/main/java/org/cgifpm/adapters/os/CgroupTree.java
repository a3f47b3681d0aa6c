package org.cgifpm.adapters.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The daemon's part of the cgroup v2 tree, where there is one that it may write. Opened before anything is started,
 * closed after everything has ended; both may wait for a moment.
 *
 * <p>A group that is the daemon's alone, as a unit's with {@code Delegate=yes}, is used as it is: the daemon moves
 * itself into {@code supervisor} below, because a group with processes of its own can give its children no controllers.
 * In a group that it shares, or in the root, it makes a folder {@code cgi-fpm-PID} and stays where it is.
 */
public final class CgroupTree {
    static final List<String> CONTROLLERS = List.of("memory", "pids", "cpu");
    private static final String POOL = "pool-";
    private static final String SHARED = "cgi-fpm-";
    private static final long WAIT_NANOS = 2_000_000_000L;
    private static final long STEP_NANOS = 2_000_000L;

    private final Syscalls syscalls;
    private final Cgroup home;
    private final boolean shared;
    private final List<String> controllers;
    private final List<PoolCgroups> pools = new CopyOnWriteArrayList<>();

    private CgroupTree(Syscalls syscalls, Cgroup home, boolean shared, List<String> controllers) {
        this.syscalls = syscalls;
        this.home = home;
        this.shared = shared;
        this.controllers = controllers;
    }

    /**
     * Takes what the kernel gives; what an earlier daemon left there is ended and removed.
     *
     * @param told why there is nothing to use
     */
    public static Optional<CgroupTree> open(Syscalls syscalls, Consumer<String> told) {
        Optional<String> own = CgroupPath.own(lines("/proc/self/mountinfo"), lines("/proc/self/cgroup"));
        if (own.isEmpty()) {
            told.accept("no cgroup v2 tree is mounted");
            return Optional.empty();
        }
        Cgroup base = new Cgroup(syscalls, own.get());
        return open(syscalls, base, isShared(syscalls, base), told);
    }

    static Optional<CgroupTree> open(Syscalls syscalls, Cgroup base, boolean shared, Consumer<String> told) {
        sweep(base, shared, syscalls.pid());
        Cgroup home = shared ? base.child(SHARED + syscalls.pid()) : base;
        Cgroup first = shared ? home : home.child("supervisor");
        int made = first.make();
        if (made < 0) {
            told.accept(first.path() + " cannot be made: " + Errno.words(-made));
            return Optional.empty();
        }
        if (!shared) {
            // Where that is not possible, there are leaves without controllers.
            first.write(Cgroup.PROCESSES, Integer.toString(syscalls.pid()));
        }
        return Optional.of(new CgroupTree(syscalls, home, shared, home.enable(CONTROLLERS)));
    }

    /** The root has no cgroup.type; a group of one's own has no other processes. */
    private static boolean isShared(Syscalls syscalls, Cgroup base) {
        return base.read("cgroup.type").isEmpty() || !base.processes().equals(List.of(syscalls.pid()));
    }

    private static void sweep(Cgroup base, boolean shared, int self) {
        for (Cgroup child : base.children()) {
            if (shared ? isLeftOver(child.name(), self) : child.name().startsWith(POOL)) {
                clear(child);
            }
        }
    }

    /** Whether it is the folder of a daemon that lives no more. */
    private static boolean isLeftOver(String name, int self) {
        if (!name.matches(SHARED + "[0-9]{1,9}")) {
            return false;
        }
        String pid = name.substring(SHARED.length());
        return pid.equals(Integer.toString(self)) || !Files.exists(Path.of("/proc", pid));
    }

    /** Ends who lives in it, and removes it with all below. */
    private static void clear(Cgroup group) {
        long began = System.nanoTime();
        group.kill();
        while (group.populated() && System.nanoTime() - began < WAIT_NANOS) {
            LockSupport.parkNanos(STEP_NANOS);
        }
        removeAll(group);
    }

    private static void removeAll(Cgroup group) {
        group.children().forEach(CgroupTree::removeAll);
        group.remove();
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of(); // no /proc, or a kernel without control groups
        }
    }

    /** The folder that holds the pools' groups. */
    public String path() {
        return home.path();
    }

    /** Which of memory, pids and cpu can be limited and counted here. */
    public List<String> controllers() {
        return controllers;
    }

    /**
     * Makes a pool's group.
     *
     * @param name the pool's, fit for a file name
     * @param perUser whether the limits count for each user's requests together
     * @param told which limits cannot be set, and why
     */
    public PoolCgroups pool(String name, PoolCgroups.Limits limits, boolean perUser, Consumer<String> told)
            throws SyscallException {
        PoolCgroups pool = new PoolCgroups(syscalls, home.child(POOL + name), limits, perUser, told);
        pools.add(pool);
        return pool;
    }

    /** Removes a pool's group, in which nobody may live any more. */
    public void remove(PoolCgroups pool) {
        pools.remove(pool);
        pool.close();
    }

    /** Ends whoever is left in the pools' groups, and removes them. */
    public void close() {
        pools.forEach(PoolCgroups::close);
        pools.clear();
        if (shared) {
            clear(home);
        } else {
            sweep(home, false, syscalls.pid());
        }
    }
}
