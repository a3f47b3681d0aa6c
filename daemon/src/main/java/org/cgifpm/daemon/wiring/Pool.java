package org.cgifpm.daemon.wiring;

import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.frontend.ConnectionLimits;
import org.cgifpm.adapters.frontend.FastCgiListener;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.DaemonSettings;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.Timeouts;
import org.cgifpm.daemon.supervisor.DaemonGate;
import org.cgifpm.daemon.supervisor.PoolApplication;
import org.cgifpm.daemon.supervisor.PoolGate;
import org.cgifpm.daemon.supervisor.PoolSupervisor;
import org.cgifpm.protocol.fastcgi.Role;
import org.jspecify.annotations.Nullable;

/** One pool, wired: frontend → supervisor → backend. Made before the loop runs, then loop thread only. */
final class Pool implements PoolAtWork {
    /** Bodies that wait for a slow script; tmpfiles of the system clean it, though nothing of ours has a name there. */
    private static final String SPOOL_FOLDER = "/var/tmp";

    private final PoolSettings settings;
    private final PoolBackend backend;
    private final Optional<Application> application;
    private final PoolSupervisor supervisor;
    private @Nullable FastCgiListener listener;

    /**
     * @param leaves where its requests get control groups from, or null where there are none
     * @throws SyscallException if a log file of the pool cannot be opened
     */
    Pool(Machine machine, PoolSettings settings, DaemonGate daemon, String user, @Nullable LeafSource leaves)
            throws SyscallException {
        this.settings = settings;
        this.backend = PoolBackend.of(machine, settings, leaves);
        PoolSupervisor.Surroundings around = new PoolSupervisor.Surroundings(
                machine.loop(), machine.cgi().syscalls(), machine.cgi().threads(), daemon);
        this.application = PoolApplication.of(machine.cgi().syscalls(), settings, user, machine.wsgiRunner(settings));
        OptionalInt keeper = machine.keeper(settings);
        this.supervisor = application
                .map(only -> new PoolSupervisor(around, settings, backend, only))
                .orElseGet(() -> new PoolSupervisor(around, settings, backend, user, keeper));
        if (application.isPresent()) {
            // Where scripts share the pool with programs of their own, a place is one process whatever a worker takes.
            PoolGate gate = supervisor.gate();
            settings.workers().concurrency().ifPresent(gate::concurrency);
            backend.workers().ifPresent(workers -> workers.onConcurrency(gate::concurrency));
        }
        supervisor.observer(PoolLogs.open(machine, settings, user));
    }

    PoolSupervisor supervisor() {
        return supervisor;
    }

    /** Takes requests from an open socket from now on. */
    void listen(Machine machine, PoolSocket socket, DaemonSettings daemon, LongSupplier ids) throws SyscallException {
        Timeouts timeouts = settings.timeouts();
        ConnectionLimits limits = new ConnectionLimits(
                timeouts.params().toNanos(),
                timeouts.connectionIdle().toNanos(),
                timeouts.linger().toNanos(),
                settings.requestBodyMax(),
                supervisor.gate().capacity() + settings.admission().queueLength(),
                daemon.maxConnections(),
                SPOOL_FOLDER,
                roles());
        listener = new FastCgiListener(
                machine.acceptors(),
                machine.buffers(),
                socket.fd(),
                socket.unix(),
                socket.allowed(),
                limits,
                new PoolEvents(settings.name(), ids, supervisor));
    }

    @Override
    public void begin() {
        backend.open(application);
    }

    /** A CGI program is a responder, and so is a WSGI application. */
    private Set<Role> roles() {
        boolean any = settings.mode() == Mode.WORKER || settings.mode() == Mode.AUTO;
        return any ? EnumSet.allOf(Role.class) : EnumSet.of(Role.RESPONDER);
    }

    @Override
    public void drain() {
        supervisor.stop();
        if (listener != null) {
            listener.drain();
        }
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
        supervisor.hurry();
        backend.terminateAll();
    }

    @Override
    public void kill() {
        supervisor.hurry();
        backend.killAll();
    }
}
