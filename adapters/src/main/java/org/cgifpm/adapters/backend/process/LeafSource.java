package org.cgifpm.adapters.backend.process;

import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.os.CgroupLeaf;
import org.cgifpm.adapters.os.PoolCgroups;
import org.cgifpm.adapters.os.SyscallException;

/** Where the requests of a pool get their control groups from. Launch threads. */
@FunctionalInterface
public interface LeafSource {
    /** An empty leaf for a program that runs within these bounds. */
    CgroupLeaf leafFor(Confinement confinement) throws SyscallException;

    /** All requests of the pool side by side. */
    static LeafSource ofPool(PoolCgroups groups) {
        return confinement -> groups.leaf();
    }

    /** The requests of each user in a group of their own, for pools that run as the owner of the script. */
    static LeafSource ofUsers(PoolCgroups groups) {
        return confinement -> confinement.identity().isPresent()
                ? groups.leafOf(confinement.identity().get().uid())
                : groups.leaf();
    }
}
