package org.cgifpm.daemon.wiring;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.os.CgroupTree;
import org.cgifpm.adapters.os.PoolCgroups;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.LimitSettings;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.RunAs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools' control groups, where there is a tree for them; says once what there is. All that have one pool's name, one
 * after the other or at one time, share its group: it is removed when the last of them has let go. Any thread.
 */
final class ControlGroups {
    private static final Logger LOG = LoggerFactory.getLogger(ControlGroups.class);

    private static final class Held {
        final PoolCgroups groups;
        int holders;

        Held(PoolCgroups groups) {
            this.groups = groups;
        }
    }

    private final Optional<CgroupTree> tree;
    private final Map<String, Held> pools = new HashMap<>();

    private ControlGroups(Optional<CgroupTree> tree) {
        this.tree = tree;
    }

    /** Moves the daemon into its own group if it has to; before anything is started. */
    static ControlGroups open(Syscalls syscalls) {
        Optional<CgroupTree> tree = CgroupTree.open(
                syscalls,
                why -> LOG.info("no control groups ({}): what leaves its session is not found at its end", why));
        tree.ifPresent(there -> LOG.info("control groups in {}, {}", there.path(), controllers(there.controllers())));
        return new ControlGroups(tree);
    }

    private static String controllers(List<String> names) {
        return names.isEmpty() ? "without controllers" : "with " + String.join(", ", names);
    }

    /**
     * Where a pool's requests get their groups from; null where there are none. {@link #release} must follow. What limits
     * there are stay those that they were, until {@link #limit}.
     */
    synchronized @Nullable LeafSource hold(PoolSettings pool) throws SyscallException {
        if (tree.isEmpty()) {
            return null;
        }
        Held held = pools.get(pool.name());
        if (held == null) {
            held = new Held(tree.get()
                    .pool(
                            pool.name(),
                            limits(pool.limits()),
                            perOwner(pool),
                            why -> LOG.warn("pool {}: a limit does not hold: {}", pool.name(), why)));
            pools.put(pool.name(), held);
        }
        held.holders++;
        return perOwner(pool) ? LeafSource.ofUsers(held.groups) : LeafSource.ofPool(held.groups);
    }

    /** Nothing runs any more of one that has held that pool's group. */
    synchronized void release(String pool) {
        Held held = pools.get(pool);
        if (held != null && --held.holders == 0) {
            pools.remove(pool);
            tree.ifPresent(there -> there.remove(held.groups));
        }
    }

    /** The limits of that pool are these from now on. May wait for the kernel: not on the loop thread. */
    void limit(PoolSettings pool) {
        Held held;
        synchronized (this) {
            held = pools.get(pool.name());
        }
        if (held != null) {
            held.groups.change(limits(pool.limits()), perOwner(pool));
        }
    }

    private static boolean perOwner(PoolSettings pool) {
        return pool.identity().runAs() instanceof RunAs.Owner;
    }

    private static PoolCgroups.Limits limits(LimitSettings limits) {
        return new PoolCgroups.Limits(limits.memoryMax(), limits.pidsMax(), limits.cpuWeight());
    }

    /** Ends who is left, and removes the groups. */
    void close() {
        tree.ifPresent(CgroupTree::close);
    }
}
