package org.cgifpm.daemon.wiring;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.os.Signals;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.config.Identity;
import org.cgifpm.daemon.config.LogLevel;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.control.Administration;
import org.cgifpm.daemon.control.ReloadResult;
import org.cgifpm.daemon.log.LogText;
import org.cgifpm.daemon.status.PoolState;
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
    private final ConfigSource source;
    private final Consumer<LogLevel> logLevel;
    private @Nullable DaemonAdministration administration;
    private @Nullable StopSequence stop;
    private String whyStop = "told to stop";

    /**
     * @param source where the configuration is read again
     * @param logLevel told of the level that the daemon's log shall have, when that changes
     */
    public Daemon(Syscalls syscalls, Config config, Identity self, ConfigSource source, Consumer<LogLevel> logLevel) {
        this.syscalls = syscalls;
        this.config = config;
        this.self = self;
        this.source = source;
        this.logLevel = logLevel;
    }

    /**
     * Serves until TERM or INT; HUP reloads, USR1 opens the pools' logs anew. The calling thread becomes the loop thread.
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
        listenToSignals(machine);
        Notify notify = new Notify(
                environment, machine.acceptors().sockets()::sendDatagram, why -> LOG.warn("service manager: {}", why));
        ServiceManager manager = new ServiceManager(
                machine.loop(), notify, WatchdogInterval.of(environment, syscalls.pid()), this::figures);
        PoolGround ground = new PoolGround(
                machine,
                groups,
                inherited,
                self.name(),
                new DaemonGate(config.daemon().maxChildren()),
                new AtomicLong(config.daemon().stopTimeout().toNanos()),
                numbers(machine, manager),
                new RunningTable(machine.loop(), self.uid(), self.name()));
        Pools pools = new Pools(ground);
        Reloads reloads = new Reloads(ground, pools, config, source, reloaded(manager));
        DaemonAdministration asked = new DaemonAdministration(
                ground,
                pools,
                reloads,
                InstantSource.system(),
                atOnce -> stopSequence(machine, pools, reloads, manager).stop(whyStop, atOnce));
        ControlPoints points = controlPoints(ground, asked);
        try {
            startPools(ground, pools);
        } catch (SyscallException e) {
            points.close();
            groups.close();
            throw e;
        }
        administration = asked;
        manager.ready();
        LOG.info("{} pools ready, pid {}, as {}", up(pools), syscalls.pid(), self.name());
        machine.loop().run();
        abandon(reloads);
        points.close();
        machine.workerSockets().remove();
        groups.close();
        flush(machine);
    }

    /** First of all: where another daemon is in charge already, nothing shall be touched. */
    private ControlPoints controlPoints(PoolGround ground, Administration asked) throws SyscallException {
        try {
            return ControlPoints.open(ground, config, asked);
        } catch (SyscallException e) {
            ground.groups().close();
            throw e;
        }
    }

    /** Before there is anything to leave behind; the loop hears of them when it runs. */
    private void listenToSignals(Machine machine) {
        for (String signal : List.of("TERM", "INT")) {
            Signals.on(signal, () -> machine.loop().post(() -> signalled(signal)));
        }
        Signals.on("HUP", () -> machine.loop().post(() -> signalled("HUP")));
        Signals.on("USR1", () -> machine.logFiles().reopen());
    }

    /** On the loop thread, which runs only once there is something to stop. */
    private void signalled(String signal) {
        if (administration == null) {
            return;
        }
        if (signal.equals("HUP")) {
            LOG.info("SIGHUP: reading the configuration again");
            // What comes of it is in the log.
            administration.reload(result -> {});
        } else {
            whyStop = "SIG" + signal;
            administration.stop(stop != null);
        }
    }

    private StopSequence stopSequence(Machine machine, Pools pools, Reloads reloads, ServiceManager manager) {
        if (stop == null) {
            stop = new StopSequence(
                    machine.loop(),
                    pools.withRemoved(),
                    reloads.inForce().daemon().stopTimeout().toNanos(),
                    manager::stopping,
                    () -> machine.acceptors().budget().open());
        }
        return stop;
    }

    private ServiceManager.Figures figures() {
        return administration == null
                ? new ServiceManager.Figures(0, 0, 0)
                : ServiceManager.Figures.of(administration.report());
    }

    private static LongSupplier numbers(Machine machine, ServiceManager manager) {
        RequestNumbers numbers = new RequestNumbers(machine);
        return () -> {
            manager.worked();
            return numbers.getAsLong();
        };
    }

    private Reloads.Watcher reloaded(ServiceManager manager) {
        return new Reloads.Watcher() {
            @Override
            public void begun() {
                manager.reloading();
            }

            @Override
            public void ended(ReloadResult result, @Nullable Config inForce) {
                if (inForce != null) {
                    logLevel.accept(inForce.daemon().logLevel());
                }
                manager.reloaded(
                        result instanceof ReloadResult.Refused refused
                                ? refused.problems().get(0)
                                : "");
            }
        };
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

    private static void abandon(Reloads reloads) {
        try {
            reloads.abandon(LAST_WORDS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void flush(Machine machine) {
        try {
            machine.logFiles().flush(LAST_WORDS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A pool whose scripts would not run as asked stays down; anything else that fails keeps the daemon from starting. */
    private void startPools(PoolGround ground, Pools pools) throws SyscallException {
        List<String> names = config.pools().stream().map(PoolSettings::name).toList();
        Upcoming upcoming = new Upcoming(ground, Map.of(), Map.of());
        upcoming.make(config.pools(), Set.copyOf(names));
        if (!upcoming.problems().isEmpty()) {
            upcoming.undo();
            throw new SyscallException(String.join("; ", upcoming.problems()), 0);
        }
        try {
            pools.change(upcoming.pools(), List.of(), names);
        } catch (SyscallException e) {
            upcoming.undo();
            throw e;
        }
        for (UpcomingPool pool : upcoming.pools()) {
            if (pool.work() == null) {
                LOG.error(
                        "pool {} stays down: its scripts would not run as asked: {}",
                        pool.name(),
                        String.join("; ", pool.differences()));
            } else {
                LOG.info(
                        "pool {}: {} on {}",
                        pool.name(),
                        LogText.ofBytes(pool.settings().root()),
                        pool.settings().listen().address());
            }
        }
        if (up(pools) == 0) {
            throw new SyscallException("no pool is up", 0);
        }
    }

    private static long up(Pools pools) {
        return pools.all().stream().filter(pool -> pool.state() == PoolState.UP).count();
    }
}
