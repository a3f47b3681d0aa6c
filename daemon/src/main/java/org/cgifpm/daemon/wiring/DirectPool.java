package org.cgifpm.daemon.wiring;

import java.util.OptionalInt;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.worker.DirectWorkers;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.supervisor.PoolApplication;
import org.jspecify.annotations.Nullable;

/** A pool whose workers take their requests themselves ({@code dispatch = "direct"}). Loop thread only. */
final class DirectPool implements PoolAtWork {
    private final PoolSettings settings;
    private final DirectWorkers workers;
    private final boolean ours;

    /**
     * Made before the loop runs.
     *
     * @param leaves where they get control groups from, or null where there are none
     */
    DirectPool(Machine machine, PoolSettings settings, PoolSocket socket, String user, @Nullable LeafSource leaves)
            throws SyscallException {
        this.settings = settings;
        this.ours = !socket.inherited();
        OptionalInt runner = machine.wsgiRunner(settings);
        Application application = PoolApplication.of(machine.cgi().syscalls(), settings, user, runner)
                .orElseThrow(() -> new IllegalStateException("direct without an application"));
        this.workers = PoolWorkers.direct(machine, settings, leaves, application, socket.fd());
    }

    @Override
    public void begin() {
        workers.open();
    }

    @Override
    public void drain() {
        workers.stop(ours);
    }

    @Override
    public boolean idle() {
        return workers.idle();
    }

    @Override
    public void terminate() {
        workers.terminateAll();
    }

    @Override
    public void kill() {
        workers.killAll();
    }

    @Override
    public long killGraceNanos() {
        return settings.timeouts().killGrace().toNanos();
    }
}
