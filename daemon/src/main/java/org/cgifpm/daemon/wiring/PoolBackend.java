package org.cgifpm.daemon.wiring;

import java.util.Optional;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.Plan;
import org.cgifpm.adapters.WarmPlan;
import org.cgifpm.adapters.backend.cgi.CgiBackend;
import org.cgifpm.adapters.backend.cgi.CgiSettings;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.worker.WorkerBackend;
import org.cgifpm.daemon.config.Background;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.OnAbort;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.Timeouts;
import org.jspecify.annotations.Nullable;

/** What answers the requests of one pool: programs of their own, workers, or both. Loop thread only. */
final class PoolBackend implements Backend {
    private final @Nullable CgiBackend programs;
    private final @Nullable WorkerBackend workers;

    private PoolBackend(@Nullable CgiBackend programs, @Nullable WorkerBackend workers) {
        this.programs = programs;
        this.workers = workers;
    }

    /**
     * As the pool's mode says.
     *
     * @param leaves where its processes get control groups from, or null where there are none
     */
    static PoolBackend of(Machine machine, PoolSettings settings, @Nullable LeafSource leaves) {
        Mode mode = settings.mode();
        boolean mayHaveWorkers = mode.hasOneApplication() || mode == Mode.AUTO;
        boolean mayHavePrograms = !mode.hasOneApplication();
        WorkerBackend workers = mayHaveWorkers ? PoolWorkers.of(machine, settings, leaves) : null;
        CgiBackend programs = mayHavePrograms ? programs(machine, settings, leaves) : null;
        if (programs != null && workers != null) {
            programs.relaysTo(workers::relay);
        }
        return new PoolBackend(programs, workers);
    }

    private static CgiBackend programs(Machine machine, PoolSettings settings, @Nullable LeafSource leaves) {
        Timeouts timeouts = settings.timeouts();
        return new CgiBackend(
                machine.cgi(),
                new CgiSettings(
                        settings.name(),
                        timeouts.launch().toNanos(),
                        timeouts.request().toNanos(),
                        timeouts.killGrace().toNanos(),
                        settings.onAbort() == OnAbort.KILL,
                        timeouts.idle().toNanos(),
                        settings.background() == Background.KILL),
                leaves);
    }

    Optional<WorkerBackend> workers() {
        return Optional.ofNullable(workers);
    }

    /** Starts what runs before the first request. */
    void open(Optional<Application> application) {
        if (workers != null) {
            application.ifPresent(workers::open);
        }
    }

    @Override
    public void serve(Exchange exchange, Planner planner, Watcher watcher) {
        if (programs != null) {
            programs.serve(exchange, () -> cold(planner.plan()), watcher);
        } else if (workers != null) {
            workers.serve(exchange, planner, watcher);
        }
    }

    /** As if there were no keepers. */
    private static Plan cold(Plan plan) {
        return plan instanceof WarmPlan warm ? warm.script() : plan;
    }

    /** No request will come any more: workers end. True once none is left. */
    boolean end() {
        if (workers != null) {
            workers.stop();
        }
        return workers == null || workers.idle();
    }

    void terminateAll() {
        if (programs != null) {
            programs.terminateAll();
        }
        if (workers != null) {
            workers.terminateAll();
        }
    }

    void killAll() {
        if (programs != null) {
            programs.killAll();
        }
        if (workers != null) {
            workers.killAll();
        }
    }
}
