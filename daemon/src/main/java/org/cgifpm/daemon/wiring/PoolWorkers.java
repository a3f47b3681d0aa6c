package org.cgifpm.daemon.wiring;

import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.worker.DirectWorkers;
import org.cgifpm.adapters.backend.worker.Dynamic;
import org.cgifpm.adapters.backend.worker.OnDemand;
import org.cgifpm.adapters.backend.worker.RecyclePolicy;
import org.cgifpm.adapters.backend.worker.RelaySettings;
import org.cgifpm.adapters.backend.worker.SpawnPolicy;
import org.cgifpm.adapters.backend.worker.Static;
import org.cgifpm.adapters.backend.worker.WorkerBackend;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.OnAbort;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.ProcessManagement;
import org.cgifpm.daemon.config.Timeouts;
import org.cgifpm.daemon.config.WorkerSettings;
import org.jspecify.annotations.Nullable;

/** What a pool's settings come to for its workers. */
final class PoolWorkers {
    private PoolWorkers() {}

    static WorkerBackend of(Machine machine, PoolSettings pool, @Nullable LeafSource leaves) {
        return new WorkerBackend(
                machine.cgi(),
                leaves,
                machine.workerSockets(),
                machine.buffers().pool(),
                settings(pool),
                new WorkerLog(pool.name(), machine.loop()::now));
    }

    /** Workers that accept on the pool's own socket. */
    static DirectWorkers direct(
            PoolGround ground, PoolSettings pool, @Nullable LeafSource leaves, Application application, int listener)
            throws SyscallException {
        Machine machine = ground.machine();
        return new DirectWorkers(
                machine.cgi(),
                leaves,
                settings(pool),
                new WorkerLog(pool.name(), machine.loop()::now),
                application,
                listener,
                ground.stopTimeoutNanos()::get);
    }

    private static RelaySettings settings(PoolSettings pool) {
        WorkerSettings workers = pool.workers();
        Timeouts timeouts = pool.timeouts();
        int max = pool.admission().maxChildren();
        return new RelaySettings(
                pool.name(),
                policy(workers, max),
                max,
                pool.admission().maxPerUser(),
                recycle(workers),
                workers.concurrency(),
                workers.startupTimeout().toNanos(),
                timeouts.request().toNanos(),
                timeouts.idle().toNanos(),
                timeouts.killGrace().toNanos(),
                pool.onAbort() == OnAbort.KILL,
                workers.retryIdempotent(),
                workers.restartOnChange());
    }

    private static SpawnPolicy policy(WorkerSettings workers, int maxChildren) {
        ProcessManagement pm = workers.pm();
        if (pm instanceof ProcessManagement.Dynamic dynamic) {
            return new Dynamic(
                    maxChildren,
                    dynamic.startServers(),
                    dynamic.minSpare(),
                    dynamic.maxSpare(),
                    workers.maxSpawnRate());
        }
        return pm instanceof ProcessManagement.Static
                ? new Static(maxChildren)
                : new OnDemand(
                        maxChildren,
                        workers.maxSpawnRate(),
                        workers.processIdleTimeout().toNanos());
    }

    private static RecyclePolicy recycle(WorkerSettings workers) {
        return new RecyclePolicy(workers.maxRequests(), workers.maxLifetime().toNanos(), workers.maxMemory());
    }
}
