package org.cgifpm.daemon.wiring;

import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.backend.cgi.CgiBackend;
import org.cgifpm.adapters.backend.cgi.CgiSettings;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.warm.KeeperView;
import org.cgifpm.adapters.backend.warm.WarmBackend;
import org.cgifpm.adapters.backend.worker.GroupView;
import org.cgifpm.adapters.backend.worker.WorkerBackend;
import org.cgifpm.daemon.config.Background;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.OnAbort;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.Timeouts;
import org.jspecify.annotations.Nullable;

/** What answers the requests of one pool: programs of their own, forks of a keeper, workers, or all of them. Loop thread only. */
final class PoolBackend implements Backend {
    private final @Nullable CgiBackend programs;
    private final @Nullable WorkerBackend workers;
    private final @Nullable WarmBackend keepers;

    private PoolBackend(@Nullable CgiBackend programs, @Nullable WorkerBackend workers, @Nullable WarmBackend keepers) {
        this.programs = programs;
        this.workers = workers;
        this.keepers = keepers;
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
        WarmBackend keepers = PoolKeepers.of(machine, settings, leaves);
        if (programs != null && keepers != null) {
            programs.forksBy(keepers);
        }
        return new PoolBackend(programs, workers, keepers);
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
            programs.serve(exchange, planner, watcher);
        } else if (workers != null) {
            workers.serve(exchange, planner, watcher);
        }
    }

    /** Ends one request; false if there is none of that number. */
    boolean terminate(long id) {
        return (programs != null && programs.terminate(id)) || (workers != null && workers.terminate(id));
    }

    /** Ends all requests of that user; how many there were. */
    int terminateUser(int uid) {
        return (programs == null ? 0 : programs.terminateUser(uid))
                + (workers == null ? 0 : workers.terminateUser(uid));
    }

    List<GroupView> groups() {
        return workers == null ? List.of() : workers.groups();
    }

    List<KeeperView> keepers() {
        return keepers == null ? List.of() : keepers.views();
    }

    /** No request will come any more: workers and keepers end. True once none is left. */
    boolean end() {
        if (workers != null) {
            workers.stop();
        }
        if (keepers != null) {
            keepers.stop();
        }
        return (workers == null || workers.idle()) && (keepers == null || keepers.idle());
    }

    void terminateAll() {
        if (programs != null) {
            programs.terminateAll();
        }
        if (workers != null) {
            workers.terminateAll();
        }
        if (keepers != null) {
            keepers.end();
        }
    }

    void killAll() {
        if (programs != null) {
            programs.killAll();
        }
        if (workers != null) {
            workers.killAll();
        }
        if (keepers != null) {
            keepers.end();
        }
    }
}
