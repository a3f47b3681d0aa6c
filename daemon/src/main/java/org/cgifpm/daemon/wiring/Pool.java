package org.cgifpm.daemon.wiring;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.warm.KeeperView;
import org.cgifpm.adapters.backend.worker.GroupView;
import org.cgifpm.adapters.frontend.ConnectionLimits;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.Timeouts;
import org.cgifpm.daemon.supervisor.DaemonGate;
import org.cgifpm.daemon.supervisor.PoolApplication;
import org.cgifpm.daemon.supervisor.PoolGate;
import org.cgifpm.daemon.supervisor.PoolSupervisor;
import org.cgifpm.protocol.fastcgi.Role;
import org.jspecify.annotations.Nullable;

/** One pool under one set of settings, wired: supervisor → backend. Made on any thread, then loop thread only. */
final class Pool implements PoolAtWork {
    /** Bodies that wait for a slow script; tmpfiles of the system clean it, though nothing of ours has a name there. */
    private static final String SPOOL_FOLDER = "/var/tmp";

    private final PoolSettings settings;
    private final PoolBackend backend;
    private final Optional<Application> application;
    private final PoolSupervisor supervisor;
    private final PoolLogs logs;
    private Predicate<Exchange> pages = exchange -> false;
    private final Runnable released;

    private Pool(
            Machine machine,
            PoolSettings settings,
            DaemonGate daemon,
            String user,
            @Nullable LeafSource leaves,
            Runnable released)
            throws SyscallException {
        this.settings = settings;
        this.released = released;
        this.backend = PoolBackend.of(machine, settings, leaves);
        PoolSupervisor.Surroundings around = new PoolSupervisor.Surroundings(
                machine.loop(), machine.cgi().syscalls(), machine.cgi().threads(), daemon);
        this.application = PoolApplication.of(machine.cgi().syscalls(), settings, user, machine.wsgiRunner(settings));
        OptionalInt keeper = machine.keeper(settings);
        this.supervisor = application
                .map(only -> new PoolSupervisor(around, settings, backend, only))
                .orElseGet(() -> new PoolSupervisor(around, settings, backend, user, keeper));
        this.logs = PoolLogs.open(machine, settings, user);
        supervisor.observer(logs);
    }

    /**
     * Of a daemon.
     *
     * @param leaves where its requests get control groups from, or null where there are none
     * @param figures where they are counted
     * @throws SyscallException if a log file of the pool cannot be opened
     */
    static Pool of(PoolGround ground, PoolSettings settings, PoolFigures figures, @Nullable LeafSource leaves)
            throws SyscallException {
        String name = settings.name();
        Pool pool = new Pool(
                ground.machine(),
                settings,
                ground.gate(),
                ground.user(),
                leaves,
                () -> ground.groups().release(name));
        pool.supervisor.gate().peaks(figures.peaksKept());
        pool.supervisor.observer(new Observers(List.of(
                figures.counting(settings.logs().slowAfter().toNanos()),
                ground.running().of(name),
                pool.logs)));
        return pool;
    }

    /** The only one, which nobody counts. */
    static Pool alone(Machine machine, PoolSettings settings, DaemonGate daemon, String user) throws SyscallException {
        return new Pool(machine, settings, daemon, user, null, () -> {});
    }

    /** What is asked of each request before the supervisor: true if it has answered it itself. */
    Predicate<Exchange> pages() {
        return pages;
    }

    /** Before a door leads to it. */
    void pages(Predicate<Exchange> answers) {
        pages = answers;
    }

    PoolSupervisor supervisor() {
        return supervisor;
    }

    @Override
    public PoolSettings settings() {
        return settings;
    }

    /** @param maxConnections of the daemon */
    ConnectionLimits limits(int maxConnections) {
        Timeouts timeouts = settings.timeouts();
        return new ConnectionLimits(
                timeouts.params().toNanos(),
                timeouts.connectionIdle().toNanos(),
                timeouts.linger().toNanos(),
                settings.requestBodyMax(),
                supervisor.gate().capacity() + settings.admission().queueLength(),
                maxConnections,
                SPOOL_FOLDER,
                roles());
    }

    /** A CGI program is a responder, and so is a WSGI application. */
    private Set<Role> roles() {
        boolean any = settings.mode() == Mode.WORKER || settings.mode() == Mode.AUTO;
        return any ? EnumSet.allOf(Role.class) : EnumSet.of(Role.RESPONDER);
    }

    @Override
    public void begin() {
        if (application.isPresent()) {
            // Where scripts share the pool with programs of their own, a place is one process whatever a worker takes.
            PoolGate gate = supervisor.gate();
            settings.workers().concurrency().ifPresent(gate::concurrency);
            backend.workers().ifPresent(workers -> workers.onConcurrency(gate::concurrency));
        }
        backend.open(application);
    }

    /** Nothing to do: its connections end, and no request comes that was not begun before. */
    @Override
    public void drain() {}

    @Override
    public void leave() {}

    @Override
    public void close() {
        logs.close();
        released.run();
    }

    @Override
    public long killGraceNanos() {
        return settings.timeouts().killGrace().toNanos();
    }

    @Override
    public boolean idle() {
        return supervisor.idle() && backend.end();
    }

    @Override
    public void terminate() {
        supervisor.stop();
        supervisor.hurry();
        backend.terminateAll();
    }

    @Override
    public void kill() {
        supervisor.stop();
        supervisor.hurry();
        backend.killAll();
    }

    @Override
    public int active() {
        return supervisor.gate().busy();
    }

    @Override
    public int waiting() {
        return supervisor.waiting();
    }

    @Override
    public List<GroupView> workers() {
        return backend.groups();
    }

    @Override
    public List<KeeperView> keepers() {
        return backend.keepers();
    }

    @Override
    public boolean terminate(long id) {
        return backend.terminate(id);
    }

    @Override
    public int terminateUser(int uid) {
        return backend.terminateUser(uid);
    }
}
