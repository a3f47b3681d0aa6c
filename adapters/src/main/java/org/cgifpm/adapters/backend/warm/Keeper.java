package org.cgifpm.adapters.backend.warm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.backend.process.ForkOrder;
import org.cgifpm.adapters.backend.process.Forker;
import org.cgifpm.adapters.backend.process.KeptProcess;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.ProcessMemory;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * One interpreter that forks for requests, from its start to the end of the last process it has forked. Loop thread only.
 *
 * <p>It runs as the user whose scripts it runs, who may stop it, end it, or make it lie: what does not fit together is
 * taken for its end, and costs that user's requests a 502 and nobody else anything.
 */
final class Keeper implements KeptProcess.Events, KeeperSocket.Events {
    /** What the group of a keeper hears. */
    interface Events {
        /** It forks from now on. */
        void ready(Keeper keeper);

        /** It may take a request that it had no room for. */
        void writable(Keeper keeper);

        /** It must not be asked any more. Said once; it may never have been ready. */
        void failed(Keeper keeper, String why);

        /** A request is over, so it has less to do. */
        void left(Keeper keeper);

        /** A script runs, but by itself. */
        void cold(String script, String why);

        /** A script imports modules that it could have had. */
        void lacks(String script, List<String> modules);

        /** No process of it lives. */
        void gone(Keeper keeper);
    }

    /** Beyond that somebody else speaks for it, or it keeps the daemon busy. */
    private static final int LINES_AT_FIRST = 4096;

    private static final int LINES_OF_A_FORK = 8;

    /** How often its size is looked at. */
    private static final int LOOK_EVERY = 128;

    /** How long one that has closed its socket is given to end: how it ends says more. */
    private static final long LAST_MOMENT_MILLIS = 250;

    private final WarmSurroundings around;
    private final EventLoop loop;
    private final Events events;
    private final String name;
    private final KeeperStart start;
    private final KeptProcess process;
    private final KeeperLimits limits;
    private final KeeperPulse pulse;
    private final StraySweep sweep;
    private final Map<Long, WarmChild> children = new LinkedHashMap<>();
    private final long startedNanos;
    private KeeperState state = KeeperState.STARTING;
    private @Nullable KeeperSocket socket;
    private @Nullable Timer startupTimer;
    private @Nullable Timer endTimer;
    private @Nullable Timer overTimer;
    private @Nullable String stale;
    private volatile int pid = -1;
    private String version = "";
    private boolean failed;
    private long forks;
    private long lines;
    private long done;
    private long residentAtFirst;
    private long resident;
    private long idleSinceNanos;

    Keeper(WarmSurroundings around, Application interpreter, Events events) {
        this.around = around;
        this.loop = around.machine().loop();
        this.events = events;
        this.name = interpreter.key().program();
        this.start = new KeeperStart(around, interpreter);
        WarmSettings settings = around.settings();
        this.process = new KeptProcess(
                around.machine(), around.stderrRate(), settings.pool(), settings.killGraceNanos(), name, this);
        this.limits = new KeeperLimits(settings.maxRequests(), settings.maxAgeNanos(), settings.maxMemory());
        this.sweep = new StraySweep(around, this::pid, process::finish);
        this.pulse = new KeeperPulse(around, process::pid, this::fail);
        this.startedNanos = loop.now();
        this.idleSinceNanos = loop.now();
    }

    void start() {
        process.start(start);
    }

    /** -1 before it has one. */
    int pid() {
        return pid;
    }

    long startedNanos() {
        return startedNanos;
    }

    /** Whether a process that it has forked came to its end as it should. */
    boolean proven() {
        return done > 0;
    }

    int load() {
        return children.size();
    }

    /** Since when it has had nothing to do; means something only while it has not. */
    long idleSinceNanos() {
        return idleSinceNanos;
    }

    long forks() {
        return forks;
    }

    String version() {
        return version;
    }

    /** Why it is to be replaced; empty while it may stay. */
    Optional<String> tired() {
        if (stale != null) {
            return Optional.of("the file of its module " + stale + " has changed");
        }
        return limits.reason(forks, loop.now() - startedNanos, resident, residentAtFirst);
    }

    /**
     * Asks it for a fork.
     *
     * @return false if it has no room now; nothing has happened then
     */
    boolean ask(ForkOrder order, Forker.Told told) {
        KeeperSocket open = socket;
        if (state != KeeperState.READY || open == null || !open.send(order.message(), order.descriptors())) {
            return false;
        }
        order.sent(around.machine().syscalls());
        forks++;
        pulse.asked(order.request());
        told.asked(heard -> {
            WarmChild child = new WarmChild(around, this, order, told, heard);
            children.put(order.request(), child);
            return child;
        });
        if (forks % LOOK_EVERY == 0) {
            resident = ProcessMemory.resident(around.machine().syscalls(), process.pid());
        }
        return true;
    }

    /** Has the processes of a request signalled. */
    void signal(WarmChild child, int signal) {
        KeeperSocket open = socket;
        if (open != null) {
            open.tell(KeeperMessages.kill(child.request(), signal));
        }
    }

    void left(WarmChild child) {
        children.remove(child.request(), child);
        sweep.requestOver(process.leaf(), child.confinement());
        idleSinceNanos = loop.now();
        if (state == KeeperState.RETIRING) {
            endIfIdle();
        }
        events.left(this);
    }

    // What it says

    @Override
    public void said(String line) {
        lines++;
        if (lines > LINES_AT_FIRST + LINES_OF_A_FORK * forks) {
            fail("says more than it has to");
            return;
        }
        Optional<KeeperWord> word = KeeperWords.read(line);
        if (word.isEmpty()) {
            fail("says what no keeper says");
            return;
        }
        KeeperWord said = word.get();
        if (said instanceof KeeperWord.Ready ready) {
            ready(ready.version());
        } else if (said instanceof KeeperWord.Failed why) {
            fail("cannot do its work: " + why.why());
        } else if (said instanceof KeeperWord.Stale module) {
            stale = module.module();
        } else if (said instanceof KeeperWord.Lacks lacks) {
            events.lacks(lacks.script(), lacks.modules());
        } else {
            ofRequest(said);
        }
    }

    private void ofRequest(KeeperWord said) {
        if (said instanceof KeeperWord.Forked forked) {
            pulse.heard(forked.request());
            child(forked.request()).ifPresent(child -> child.forked(forked.pid()));
        } else if (said instanceof KeeperWord.Ended ended) {
            pulse.heard(ended.request());
            done++;
            child(ended.request()).ifPresent(child -> child.ended(ended.pid(), ended.status(), ended.left()));
        } else if (said instanceof KeeperWord.Gone gone) {
            child(gone.request()).ifPresent(WarmChild::groupGone);
        } else if (said instanceof KeeperWord.Busy busy) {
            pulse.heard(busy.request());
            child(busy.request())
                    .ifPresent(child -> child.lost(503, "no room for a process: " + Errno.words(busy.errno())));
        } else if (said instanceof KeeperWord.Cold cold) {
            child(cold.request()).ifPresent(child -> events.cold(child.script(), cold.why()));
        }
    }

    /** Of a request that is none, or over, there is nothing to be told. */
    private Optional<WarmChild> child(long request) {
        return Optional.ofNullable(children.get(request));
    }

    private void ready(String told) {
        if (state == KeeperState.STARTING) {
            state = KeeperState.READY;
            version = told;
            cancelStartup();
            residentAtFirst = ProcessMemory.resident(around.machine().syscalls(), process.pid());
            events.ready(this);
        }
    }

    @Override
    public void writable() {
        events.writable(this);
    }

    @Override
    public void over(String why) {
        if (state != KeeperState.ENDING) {
            overTimer = loop.schedule(LAST_MOMENT_MILLIS * EventLoop.MILLIS, () -> fail(why));
        }
    }

    // Its process

    @Override
    public void notStarted(String why) {
        state = KeeperState.ENDING;
        tellFailed("cannot be started: " + why);
        events.gone(this);
    }

    @Override
    public void launched() {
        pid = process.pid();
        socket = new KeeperSocket(around.machine(), around.sender(), start.socket(), this);
        if (state == KeeperState.ENDING) {
            closeSocket();
        }
    }

    @Override
    public void watched() throws SyscallException {
        KeeperSocket open = Objects.requireNonNull(socket);
        if (state != KeeperState.ENDING) {
            open.watch();
            startupTimer = loop.schedule(
                    around.settings().startupTimeoutNanos(), () -> fail("is not ready within startup_timeout"));
        }
    }

    @Override
    public void notWatched(String why) {
        fail(why);
    }

    @Override
    public void exited(ExitStatus status) {
        if (state == KeeperState.RETIRING && children.isEmpty()) {
            state = KeeperState.ENDING;
        } else {
            fail("has ended: " + status.words());
        }
        closeSocket();
        if (sweep.stop()) {
            process.finish();
        }
    }

    @Override
    public void gone() {
        if (endTimer != null) {
            endTimer.cancel();
        }
        if (overTimer != null) {
            overTimer.cancel();
        }
        events.gone(this);
    }

    // The end

    /** It gets no more requests, and ends when those it has are over. */
    void retire() {
        if (state == KeeperState.READY) {
            state = KeeperState.RETIRING;
            endIfIdle();
        } else if (state == KeeperState.STARTING) {
            state = KeeperState.ENDING;
            end();
        }
    }

    private void endIfIdle() {
        if (children.isEmpty()) {
            // It sees the end of its input and exits; should it not, it is told as any other process.
            closeSocket();
            if (endTimer == null) {
                endTimer = loop.schedule(around.settings().killGraceNanos(), process::kill);
            }
        }
    }

    /** It is of no use any more: it is ended with all that it has forked. */
    void fail(String why) {
        if (state == KeeperState.ENDING) {
            return;
        }
        state = KeeperState.ENDING;
        end();
        // First: whoever is answered finds the reason in the log.
        tellFailed(why);
        for (WarmChild child : List.copyOf(children.values())) {
            child.lost(502, "its keeper " + why);
        }
    }

    private void end() {
        cancelStartup();
        pulse.stop();
        closeSocket();
        process.kill();
    }

    private void tellFailed(String why) {
        if (!failed) {
            failed = true;
            events.failed(this, why);
        }
    }

    private void cancelStartup() {
        if (startupTimer != null) {
            startupTimer.cancel();
            startupTimer = null;
        }
    }

    private void closeSocket() {
        if (socket != null) {
            socket.close();
        }
    }
}
