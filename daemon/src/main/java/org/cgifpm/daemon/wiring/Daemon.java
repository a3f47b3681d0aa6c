package org.cgifpm.daemon.wiring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.os.Signals;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.config.Dispatch;
import org.cgifpm.daemon.config.Identity;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.log.LogText;
import org.cgifpm.daemon.supervisor.DaemonGate;
import org.cgifpm.systemd.ListenFds;
import org.cgifpm.systemd.Notify;
import org.cgifpm.systemd.WatchdogInterval;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon behind {@code cgi-fpm run}: opens every pool's socket or none, serves until it is told to stop, and leaves
 * no process and no socket file behind.
 */
public final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final Logger SCRIPTS = LoggerFactory.getLogger("org.cgifpm.script");

    /** How long the pools' log files may take to be written at the end. */
    private static final long LAST_WORDS_MILLIS = 1000;

    private final Syscalls syscalls;
    private final Config config;
    private final Identity self;
    private final List<PoolSocket> sockets = new ArrayList<>();
    private final List<PoolAtWork> pools = new ArrayList<>();
    private @Nullable StopSequence stop;

    public Daemon(Syscalls syscalls, Config config, Identity self) {
        this.syscalls = syscalls;
        this.config = config;
        this.self = self;
    }

    /**
     * Serves until TERM, INT or HUP (the JVM alone would end on HUP and leave its children); USR1 opens the pools' logs
     * anew. The calling thread becomes the loop thread.
     *
     * @throws SyscallException if the kernel refuses something without which the daemon cannot start; nothing is left
     *     behind then
     */
    public void run(Map<String, String> environment) throws SyscallException {
        ListenFds inherited = ListenFds.parse(environment, syscalls.pid());
        inherited.refused().ifPresent(why -> LOG.warn("sockets of the service manager are not used: {}", why));
        ControlGroups groups = ControlGroups.open(syscalls);
        Machine machine = new Machine(
                syscalls,
                config.daemon().launchThreads(),
                config.daemon().maxConnections(),
                runFolder(config.daemon().control()),
                new AdvisingStderr(
                        Daemon::told,
                        (script, what) -> SCRIPTS.warn("{}: {} (said once)", LogText.ofBytes(script), what)));
        for (String signal : List.of("TERM", "INT", "HUP")) {
            // Before there is anything to leave behind; the loop hears of it when it runs.
            Signals.on(signal, () -> machine.loop().post(() -> signalled("SIG" + signal)));
        }
        Signals.on("USR1", () -> machine.logFiles().reopen());
        Sockets open = machine.acceptors().sockets();
        try {
            openSockets(open, inherited);
            startPools(machine, groups);
        } catch (SyscallException e) {
            closeSockets(open);
            groups.close();
            throw e;
        }
        Notify notify = new Notify(environment, open::sendDatagram, why -> LOG.warn("service manager: {}", why));
        ServiceManager manager = new ServiceManager(
                machine.loop(),
                notify,
                WatchdogInterval.of(environment, syscalls.pid()),
                () -> new ServiceManager.Figures(0, 0, 0));
        stop = new StopSequence(
                machine.loop(),
                pools,
                config.daemon().stopTimeout().toNanos(),
                () -> {
                    manager.stopping();
                    closeSockets(open);
                },
                () -> machine.acceptors().budget().open());
        pools.forEach(PoolAtWork::begin);
        manager.ready();
        LOG.info("{} pools ready, pid {}, as {}", pools.size(), syscalls.pid(), self.name());
        machine.loop().run();
        machine.workerSockets().remove();
        groups.close();
        flush(machine);
    }

    /** On the loop thread, which runs only once there is something to stop. */
    private void signalled(String name) {
        if (stop != null) {
            stop.signalled(name);
        }
    }

    private static void told(long exchange, String script, String line) {
        if (exchange == 0) {
            SCRIPTS.info("{}: {}", LogText.ofBytes(script), LogText.ofBytes(line));
        } else {
            SCRIPTS.info("request {}: {}: stderr: {}", exchange, LogText.ofBytes(script), LogText.ofBytes(line));
        }
    }

    /** Beside the control socket, where the daemon may write. */
    private static String runFolder(String control) {
        return ByteText.toText(control.substring(0, Math.max(1, control.lastIndexOf('/'))));
    }

    private static void flush(Machine machine) {
        try {
            machine.logFiles().flush(LAST_WORDS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void openSockets(Sockets open, ListenFds inherited) throws SyscallException {
        for (PoolSettings pool : config.pools()) {
            try {
                sockets.add(PoolSocket.open(syscalls, open, pool.listen(), inherited));
            } catch (SyscallException e) {
                throw new SyscallException("pool " + pool.name() + ": listen: " + e.getMessage(), e.errno());
            }
        }
    }

    private void startPools(Machine machine, ControlGroups groups) throws SyscallException {
        DaemonGate gate = new DaemonGate(config.daemon().maxChildren());
        LongSupplier ids = new RequestNumbers(machine);
        List<PoolSocket> opened = List.copyOf(sockets);
        for (int i = 0; i < opened.size(); i++) {
            PoolSettings settings = config.pools().get(i);
            PoolSocket socket = opened.get(i);
            LeafSource leaves = groups.of(settings);
            List<String> differences = new PoolProbe(machine.cgi()).differences(settings, leaves);
            if (!differences.isEmpty()) {
                LOG.error(
                        "pool {} stays down: its scripts would not run as asked: {}",
                        settings.name(),
                        String.join("; ", differences));
                socket.close(syscalls, machine.acceptors().sockets());
                sockets.remove(socket);
                continue;
            }
            if (settings.workers().dispatch() == Dispatch.DIRECT) {
                pools.add(new DirectPool(machine, settings, socket, self.name(), leaves));
            } else {
                Pool pool = new Pool(machine, settings, gate, self.name(), leaves);
                pool.listen(machine, socket, config.daemon(), ids);
                pools.add(pool);
            }
            LOG.info(
                    "pool {}: {} on {}",
                    settings.name(),
                    LogText.ofBytes(settings.root()),
                    settings.listen().address());
        }
        if (pools.isEmpty()) {
            throw new SyscallException("no pool is up", 0);
        }
    }

    /** Nobody can connect any more, and the socket files are gone. Does nothing the second time. */
    private void closeSockets(Sockets open) {
        sockets.forEach(socket -> socket.close(syscalls, open));
        sockets.clear();
    }
}
