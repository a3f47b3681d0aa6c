package org.cgifpm.adapters.backend.worker;

import java.util.Objects;
import java.util.Optional;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.backend.process.KeptProcess;
import org.cgifpm.adapters.backend.process.Launched;
import org.cgifpm.adapters.os.SocketFolder;
import org.cgifpm.adapters.os.Spawner;
import org.cgifpm.adapters.os.SyscallException;
import org.jspecify.annotations.Nullable;

/**
 * Starts the process of one worker on its socket. It runs on a launch thread and leaves nothing open if it fails; what it
 * found is for the loop thread, once that hears that the process runs.
 */
final class WorkerStart implements KeptProcess.Start {
    /** On what it has been started, in which version and as whom. */
    record Started(SocketFolder.Listener listener, String version, Optional<Identity> identity) {}

    private final WorkerSurroundings around;
    private final Application application;
    private final @Nullable Unaccepted inherited;
    private @Nullable Started started;

    WorkerStart(WorkerSurroundings around, Application application, @Nullable Unaccepted inherited) {
        this.around = around;
        this.application = application;
        this.inherited = inherited;
    }

    /** What it has started. Only after it has. */
    Started started() {
        return Objects.requireNonNull(started);
    }

    @Override
    public Launched run(Spawner spawner) throws RefusedException {
        // Before it is started: what it is afterwards may be newer than what runs.
        String version = application.version();
        LaunchPlan plan = application.plan();
        try {
            SocketFolder.Listener listener = inherited == null ? open(plan) : inherited.listener();
            boolean runs = false;
            try {
                Launched launched = around.launch().startWorker(plan, listener.fd(), spawner);
                runs = true;
                started = new Started(listener, version, plan.confinement().identity());
                return launched;
            } finally {
                if (!runs && inherited == null) {
                    around.sockets().close(listener);
                }
            }
        } finally {
            around.machine().syscalls().close(plan.directory());
        }
    }

    private SocketFolder.Listener open(LaunchPlan plan) throws RefusedException {
        try {
            return around.sockets().open();
        } catch (SyscallException e) {
            throw new RefusedException(503, plan.script(), "no socket for a worker: " + e.getMessage());
        }
    }
}
