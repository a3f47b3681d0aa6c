package org.cgifpm.daemon.wiring;

import java.util.List;
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

/** The pools' control groups, where there is a tree for them; says once what there is. Before and after the loop runs. */
final class ControlGroups {
    private static final Logger LOG = LoggerFactory.getLogger(ControlGroups.class);

    private final Optional<CgroupTree> tree;

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

    /** Where a pool's requests get their groups from; null where there are none. */
    @Nullable
    LeafSource of(PoolSettings pool) throws SyscallException {
        if (tree.isEmpty()) {
            return null;
        }
        boolean perOwner = pool.identity().runAs() instanceof RunAs.Owner;
        PoolCgroups groups = tree.get()
                .pool(
                        pool.name(),
                        limits(pool.limits()),
                        perOwner,
                        why -> LOG.warn("pool {}: a limit does not hold: {}", pool.name(), why));
        return perOwner ? LeafSource.ofUsers(groups) : LeafSource.ofPool(groups);
    }

    private static PoolCgroups.Limits limits(LimitSettings limits) {
        return new PoolCgroups.Limits(limits.memoryMax(), limits.pidsMax(), limits.cpuWeight());
    }

    /** Ends who is left, and removes the groups. */
    void close() {
        tree.ifPresent(CgroupTree::close);
    }
}
