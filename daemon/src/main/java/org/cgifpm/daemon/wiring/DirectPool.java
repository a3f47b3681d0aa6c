package org.cgifpm.daemon.wiring;

import java.util.List;
import java.util.OptionalInt;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.warm.KeeperView;
import org.cgifpm.adapters.backend.worker.DirectWorkers;
import org.cgifpm.adapters.backend.worker.GroupView;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.supervisor.PoolApplication;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool whose workers take their requests themselves ({@code dispatch = "direct"}), under one set of settings. Made on
 * any thread, then loop thread only.
 */
final class DirectPool implements PoolAtWork {
    private static final Logger LOG = LoggerFactory.getLogger(DirectPool.class);

    private final PoolGround ground;
    private final PoolSettings settings;
    private final PoolSocket socket;
    private final @Nullable LeafSource leaves;
    private final Application application;
    private @Nullable DirectWorkers workers;

    /** @param leaves where they get control groups from, or null where there are none */
    DirectPool(PoolGround ground, PoolSettings settings, PoolSocket socket, @Nullable LeafSource leaves)
            throws SyscallException {
        this.ground = ground;
        this.settings = settings;
        this.socket = socket;
        this.leaves = leaves;
        Machine machine = ground.machine();
        OptionalInt runner = machine.wsgiRunner(settings);
        this.application = PoolApplication.of(machine.cgi().syscalls(), settings, ground.user(), runner)
                .orElseThrow(() -> new IllegalStateException("direct without an application"));
    }

    @Override
    public PoolSettings settings() {
        return settings;
    }

    @Override
    public void begin() {
        try {
            // Not before: from now on the socket waits in accept(2), also for who had it until now.
            DirectWorkers made = PoolWorkers.direct(ground, settings, leaves, application, socket.fd());
            workers = made;
            made.open();
        } catch (SyscallException e) {
            LOG.error("pool {}: its workers cannot be started: {}", settings.name(), e.getMessage());
        }
    }

    @Override
    public void drain() {
        if (workers != null) {
            workers.stop(!socket.inherited());
        }
    }

    @Override
    public void leave() {
        if (workers != null) {
            workers.stop(false);
        }
    }

    @Override
    public void close() {
        ground.groups().release(settings.name());
    }

    @Override
    public boolean idle() {
        return workers == null || workers.idle();
    }

    @Override
    public void terminate() {
        if (workers != null) {
            workers.terminateAll();
        }
    }

    @Override
    public void kill() {
        if (workers != null) {
            workers.killAll();
        }
    }

    @Override
    public long killGraceNanos() {
        return settings.timeouts().killGrace().toNanos();
    }

    /** Nobody knows. */
    @Override
    public int active() {
        return 0;
    }

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public List<GroupView> workers() {
        return workers == null ? List.of() : List.of(workers.view());
    }

    @Override
    public List<KeeperView> keepers() {
        return List.of();
    }

    @Override
    public boolean terminate(long id) {
        return false;
    }

    @Override
    public int terminateUser(int uid) {
        return 0;
    }
}
