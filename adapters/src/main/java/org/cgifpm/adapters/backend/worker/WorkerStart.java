package org.cgifpm.adapters.backend.worker;

import java.util.Optional;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.backend.process.Launched;
import org.cgifpm.adapters.os.SocketFolder;
import org.cgifpm.adapters.os.Spawner;
import org.cgifpm.adapters.os.SyscallException;
import org.jspecify.annotations.Nullable;

/** Starts the process of one worker on its socket. On a launch thread; leaves nothing open if it fails. */
final class WorkerStart {
    /** What has been started, and on what. */
    record Started(SocketFolder.Listener listener, Launched launched, String version, Optional<Identity> identity) {}

    private final WorkerSurroundings around;
    private final Application application;
    private final @Nullable Unaccepted inherited;

    WorkerStart(WorkerSurroundings around, Application application, @Nullable Unaccepted inherited) {
        this.around = around;
        this.application = application;
        this.inherited = inherited;
    }

    Started run(Spawner spawner) throws RefusedException {
        // Before it is started: what it is afterwards may be newer than what runs.
        String version = application.version();
        LaunchPlan plan = application.plan();
        try {
            SocketFolder.Listener listener = inherited == null ? open(plan) : inherited.listener();
            boolean started = false;
            try {
                Launched launched = around.launch().startWorker(plan, listener.fd(), spawner);
                started = true;
                return new Started(
                        listener, launched, version, plan.confinement().identity());
            } finally {
                if (!started && inherited == null) {
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
