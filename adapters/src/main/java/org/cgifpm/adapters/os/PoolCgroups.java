package org.cgifpm.adapters.os;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One pool's control group with a leaf for each request below, or with a group for each user between. Limits count for
 * the pool, or for each user. Any thread.
 */
public final class PoolCgroups {
    /** Groups of users that are kept although nothing runs in them. */
    static final int MAX_IDLE_USERS = 32;

    private static final int USUAL_WEIGHT = 100;

    private final Syscalls syscalls;
    private final Cgroup group;
    private Limits limits;
    private boolean perUser;
    private final List<String> controllers;
    private final Consumer<String> told;
    private final CgroupLeaves leaves;
    private final Map<Integer, CgroupLeaves> users = new HashMap<>();
    private final Set<String> saidAlready = new HashSet<>();

    /**
     * What all processes of a group may use together.
     *
     * @param memoryMax bytes
     * @param pidsMax processes and threads
     * @param cpuWeight 1 to 10000; 100 is everybody's
     */
    public record Limits(OptionalLong memoryMax, OptionalInt pidsMax, OptionalInt cpuWeight) {
        public static final Limits NONE = new Limits(OptionalLong.empty(), OptionalInt.empty(), OptionalInt.empty());
    }

    /** @param told what could not be limited, and why; of many users' groups the first stands for all */
    PoolCgroups(Syscalls syscalls, Cgroup group, Limits limits, boolean perUser, Consumer<String> told)
            throws SyscallException {
        this.syscalls = syscalls;
        this.group = group;
        this.limits = limits;
        this.perUser = perUser;
        this.told = told;
        this.controllers = make(group);
        this.leaves = new CgroupLeaves(syscalls, group, controllers.contains("memory"));
        if (!perUser) {
            limit(group, Limits.NONE);
        }
    }

    /**
     * Other limits from now on, also for those that run. It may take as long as the kernel needs to bring a group below
     * them: not on the loop thread.
     */
    public synchronized void change(Limits wanted, boolean forEachUser) {
        Limits before = limits;
        limits = wanted;
        limit(group, perUser ? Limits.NONE : before, forEachUser ? Limits.NONE : wanted);
        for (Integer uid : users.keySet()) {
            limit(userGroup(uid), perUser ? before : Limits.NONE, forEachUser ? wanted : Limits.NONE);
        }
        perUser = forEachUser;
    }

    private Cgroup userGroup(int uid) {
        return group.child("user-" + Integer.toUnsignedString(uid));
    }

    private static List<String> make(Cgroup group) throws SyscallException {
        int made = group.make();
        if (made < 0) {
            throw new SyscallException("mkdir", group.path(), -made);
        }
        return group.enable(CgroupTree.CONTROLLERS);
    }

    private void limit(Cgroup to, Limits before) {
        limit(to, before, limits);
    }

    private void limit(Cgroup to, Limits before, Limits wanted) {
        if (!before.memoryMax().equals(wanted.memoryMax())) {
            set(
                    to,
                    "memory.max",
                    wanted.memoryMax().isPresent()
                            ? Long.toString(wanted.memoryMax().getAsLong())
                            : "max");
        }
        if (!before.pidsMax().equals(wanted.pidsMax())) {
            set(
                    to,
                    "pids.max",
                    wanted.pidsMax().isPresent()
                            ? Integer.toString(wanted.pidsMax().getAsInt())
                            : "max");
        }
        if (!before.cpuWeight().equals(wanted.cpuWeight())) {
            set(to, "cpu.weight", Integer.toString(wanted.cpuWeight().orElse(USUAL_WEIGHT)));
        }
    }

    private void set(Cgroup to, String file, String value) {
        int result = to.write(file, value);
        if (result < 0) {
            String why = " cannot be set: "
                    + (result == -Errno.ENOENT ? "this controller is not delegated" : Errno.words(-result));
            if (saidAlready.add(file + why)) {
                told.accept(to.file(file) + why);
            }
        }
    }

    /** An empty leaf of the pool's own. */
    public CgroupLeaf leaf() throws SyscallException {
        return leaves.take();
    }

    /** An empty leaf below that user's group. */
    public synchronized CgroupLeaf leafOf(int uid) throws SyscallException {
        CgroupLeaves of = users.get(uid);
        if (of == null) {
            letIdleUsersGo();
            Cgroup user = userGroup(uid);
            boolean countsMemory = make(user).contains("memory");
            limit(user, Limits.NONE, perUser ? limits : Limits.NONE);
            of = new CgroupLeaves(syscalls, user, countsMemory);
            users.put(uid, of);
        }
        return of.take();
    }

    /** Lets go of the leaves that wait for requests, with what is open of them. */
    synchronized void close() {
        users.values().forEach(CgroupLeaves::close);
        users.clear();
        leaves.close();
    }

    private void letIdleUsersGo() {
        if (users.size() >= MAX_IDLE_USERS) {
            users.values().removeIf(of -> {
                boolean idle = of.out() == 0;
                if (idle) {
                    of.close();
                }
                return idle;
            });
        }
    }
}
