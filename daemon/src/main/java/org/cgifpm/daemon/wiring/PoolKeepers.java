package org.cgifpm.daemon.wiring;

import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.warm.WarmBackend;
import org.cgifpm.adapters.backend.warm.WarmSettings;
import org.cgifpm.daemon.config.Background;
import org.cgifpm.daemon.config.KeeperSettings;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.PythonSettings;
import org.cgifpm.daemon.config.RunAs;
import org.jspecify.annotations.Nullable;

/** What a pool's settings come to for its keepers. */
final class PoolKeepers {
    private PoolKeepers() {}

    /** Null for a pool where no script runs warm. */
    static @Nullable WarmBackend of(Machine machine, PoolSettings pool, @Nullable LeafSource leaves) {
        if (pool.mode().hasOneApplication() || pool.python().isEmpty()) {
            return null;
        }
        return new WarmBackend(
                machine.cgi(),
                leaves,
                machine.acceptors().sockets(),
                machine.sender(),
                settings(pool, pool.python().get()),
                new WorkerLog(pool.name(), machine.loop()::now));
    }

    private static WarmSettings settings(PoolSettings pool, PythonSettings python) {
        KeeperSettings keepers = python.keepers();
        // Script owners may be thousands; the keeper of a pool's one user may wait for the next request for longer.
        boolean manyUsers = pool.identity().runAs() instanceof RunAs.Owner;
        return new WarmSettings(
                pool.name(),
                pool.workers().startupTimeout().toNanos(),
                pool.timeouts().launch().toNanos(),
                pool.timeouts().request().toNanos(),
                pool.background() == Background.KILL,
                keepers.maxRequests(),
                keepers.maxAge().toNanos(),
                pool.workers().maxMemory(),
                (manyUsers ? pool.workers().processIdleTimeout() : keepers.maxAge()).toNanos(),
                pool.admission().maxChildren(),
                pool.timeouts().killGrace().toNanos());
    }
}
