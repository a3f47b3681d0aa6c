package org.cgifpm.daemon.wiring;

import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.RequestLogs;
import org.cgifpm.daemon.log.LogFile;
import org.cgifpm.daemon.log.LogFiles;
import org.cgifpm.daemon.log.LogText;
import org.cgifpm.daemon.log.access.AccessEntry;
import org.cgifpm.daemon.log.access.AccessFormat;
import org.cgifpm.daemon.log.access.AccessFormatException;
import org.cgifpm.daemon.log.access.AccessLog;
import org.cgifpm.daemon.log.slow.SlowLog;
import org.cgifpm.daemon.supervisor.RequestObserver;
import org.cgifpm.daemon.supervisor.Visit;
import org.cgifpm.protocol.cgi.Params;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pool's own logs, told of its requests by its supervisor. Loop thread only, once it is made. */
final class PoolLogs implements RequestObserver {
    private static final Logger LOG = LoggerFactory.getLogger(PoolLogs.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private final String pool;
    private final String self;
    private final int pid;
    private final InstantSource clock;
    private final @Nullable AccessLog access;
    private final @Nullable SlowLog slow;
    private final LogFiles logFiles;
    private final List<LogFile> files;

    private PoolLogs(
            String pool,
            String self,
            int pid,
            InstantSource clock,
            @Nullable AccessLog access,
            @Nullable SlowLog slow,
            LogFiles logFiles,
            List<LogFile> files) {
        this.pool = pool;
        this.self = self;
        this.pid = pid;
        this.clock = clock;
        this.access = access;
        this.slow = slow;
        this.logFiles = logFiles;
        this.files = List.copyOf(files);
    }

    /**
     * Opens the files that the pool has.
     *
     * @param self the daemon's own user, whom scripts run as where nothing else is said
     * @throws SyscallException if a file cannot be opened
     */
    static PoolLogs open(Machine machine, PoolSettings settings, String self) throws SyscallException {
        InstantSource clock = InstantSource.system();
        List<LogFile> files = new ArrayList<>();
        boolean complete = false;
        try {
            AccessLog access = access(machine, settings, files);
            SlowLog slow = slow(machine, settings, clock, files);
            complete = true;
            int pid = machine.cgi().syscalls().pid();
            return new PoolLogs(settings.name(), self, pid, clock, access, slow, machine.logFiles(), files);
        } finally {
            if (!complete) {
                files.forEach(machine.logFiles()::close);
            }
        }
    }

    /** What was told is still written; nothing is told any more. */
    void close() {
        files.forEach(logFiles::close);
    }

    private static @Nullable AccessLog access(Machine machine, PoolSettings settings, List<LogFile> files)
            throws SyscallException {
        RequestLogs logs = settings.logs();
        if (logs.accessLog().isEmpty()) {
            return null;
        }
        LogFile file = open(machine, settings, "access_log", logs.accessLog().get());
        files.add(file);
        try {
            return new AccessLog(file, AccessFormat.parse(ByteText.toText(logs.accessFormat())), logs.accessSuppress());
        } catch (AccessFormatException e) {
            throw new IllegalArgumentException("access_format was not checked: " + e.getMessage(), e);
        }
    }

    private static @Nullable SlowLog slow(
            Machine machine, PoolSettings settings, InstantSource clock, List<LogFile> files) throws SyscallException {
        RequestLogs logs = settings.logs();
        if (logs.slowAfter().isZero()) {
            return null;
        }
        SlowLog.Sink sink = lines -> lines.forEach(LOG::warn);
        if (logs.slowLog().isPresent()) {
            LogFile file = open(machine, settings, "slowlog", logs.slowLog().get());
            files.add(file);
            sink = lines -> file.add(TIME.format(clock.instant()) + " " + String.join("\n", lines) + "\n\n");
        }
        return new SlowLog(
                machine.loop(),
                machine.cgi().syscalls(),
                machine.cgi().threads(),
                settings.name(),
                logs.slowAfter().toNanos(),
                sink);
    }

    private static LogFile open(Machine machine, PoolSettings settings, String key, String path)
            throws SyscallException {
        try {
            return machine.logFiles().open(path);
        } catch (SyscallException e) {
            throw new SyscallException("pool " + settings.name() + ": " + key + ": " + e.getMessage(), e.errno());
        }
    }

    @Override
    public void started(Exchange exchange, RunningRequest running) {
        if (slow != null) {
            slow.started(running, what(exchange, running));
        }
    }

    private String what(Exchange exchange, RunningRequest running) {
        Params params = exchange.params();
        String uri = params.getOrEmpty("REQUEST_URI");
        String client = params.getOrEmpty("REMOTE_ADDR");
        return LogText.ofBytes(params.getOrEmpty("REQUEST_METHOD")) + " " + LogText.ofBytes(uri.isEmpty() ? "-" : uri)
                + (client.isEmpty() ? "" : " for " + LogText.ofBytes(client)) + ", script "
                + LogText.ofBytes(running.script()) + " as " + user(running);
    }

    private String user(RunningRequest running) {
        return running.identity().map(Identity::user).orElse(self);
    }

    @Override
    public void finished(Visit visit) {
        if (slow != null) {
            slow.finished(visit.exchange().id());
        }
        if (access != null) {
            access.finished(entry(visit));
        }
    }

    private AccessEntry entry(Visit visit) {
        Exchange exchange = visit.exchange();
        Outcome outcome = visit.outcome();
        RunningRequest running = visit.running();
        long now = clock.millis();
        return new AccessEntry(
                exchange.id(),
                pool,
                exchange.params(),
                exchange.peer(),
                outcome.status(),
                exchange.responded(),
                new AccessEntry.Times(
                        now - (visit.finishedNanos() - visit.arrivedNanos()) / 1_000_000,
                        now,
                        visit.answeredNanos() - visit.arrivedNanos(),
                        visit.admittedNanos() - visit.arrivedNanos()),
                new AccessEntry.Ran(
                        running == null ? 0 : running.pid(),
                        pid,
                        outcome.script(),
                        running == null ? "" : user(running),
                        outcome.exit(),
                        outcome.peakMemory()),
                exchange.body().received(),
                exchange.bytesWritten(),
                outcome.check(),
                visit.ending(),
                outcome.problem());
    }
}
