package org.cgifpm.adapters.backend.worker;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.backend.process.KeptEvents;
import org.cgifpm.adapters.backend.process.KeptProcess;
import org.cgifpm.adapters.backend.process.Launch;
import org.cgifpm.adapters.backend.process.Launched;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.StderrRate;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.ProcessMemory;
import org.cgifpm.adapters.os.ProcessRuns;
import org.cgifpm.adapters.os.Spawner;

/** One worker that takes its requests itself: a process, and whether it has done anything lately. Loop thread only. */
final class DirectWorker implements KeptProcess.Events {
    /**
     * What such workers share.
     *
     * @param leavingNanos how long one may take to leave
     */
    record Surroundings(
            ProcessSurroundings machine,
            Launch launch,
            StderrRate stderrRate,
            RelaySettings settings,
            KeptEvents events,
            int listener,
            LongSupplier leavingNanos) {}

    interface Events {
        /** It could not be started, or has ended by itself. */
        void failed(DirectWorker worker, String why);

        /** No process of it lives. */
        void gone(DirectWorker worker);
    }

    /** One that is leaving and has done nothing for so long has nothing to finish. */
    private static final long RESTED_NANOS = 1000 * EventLoop.MILLIS;

    private final Surroundings around;
    private final EventLoop loop;
    private final Application application;
    private final Events events;
    private final RecyclePolicy recycle;
    private final long startedNanos;
    private final KeptProcess process;
    private final FrozenLook frozenLook;
    private long runs = -1;
    private boolean idle;
    private long idleSinceNanos;
    private boolean stopped;
    private boolean leaving;
    private long leavingSinceNanos;

    DirectWorker(Surroundings around, Application application, int number, Events events) {
        this.around = around;
        this.loop = around.machine().loop();
        this.application = application;
        this.events = events;
        this.recycle = around.settings().recycle().forWorker(number);
        this.startedNanos = loop.now();
        this.process = new KeptProcess(
                around.machine(),
                around.stderrRate(),
                around.settings().pool(),
                around.settings().killGraceNanos(),
                application.key().program(),
                this);
        this.frozenLook = new FrozenLook(around.machine(), process);
    }

    void start() {
        process.start(this::launch);
    }

    private Launched launch(Spawner spawner) throws RefusedException {
        LaunchPlan plan = application.plan();
        try {
            return around.launch().startWorker(plan, around.listener(), spawner);
        } finally {
            around.machine().syscalls().close(plan.directory());
        }
    }

    @Override
    public void notStarted(String why) {
        boolean wanted = isWanted();
        stopped = true;
        if (wanted) {
            events.failed(this, why);
        }
        events.gone(this);
    }

    @Override
    public void launched() {
        // It needs nothing but the socket that it was given.
    }

    @Override
    public void watched() {
        // It needs nothing but the socket that it was given.
    }

    @Override
    public void notWatched(String why) {
        boolean wanted = isWanted();
        stopped = true;
        if (wanted) {
            events.failed(this, why);
        }
    }

    /** Whether it counts: it has not been told to end. */
    boolean isWanted() {
        return !stopped;
    }

    /** In the loop's time. */
    long startedNanos() {
        return startedNanos;
    }

    long ageNanos() {
        return loop.now() - startedNanos;
    }

    /** Sees whether it has run since the last look. */
    void look() {
        if (process.pid() < 0) {
            return;
        }
        long now = ProcessRuns.of(around.machine().syscalls(), process.pid());
        boolean same = now == runs;
        if (same && !idle) {
            idleSinceNanos = loop.now();
        }
        idle = same;
        runs = now;
    }

    /** Whether it had nothing to do at the last look. */
    boolean isIdle() {
        return idle;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    /** Why it should be replaced by a fresh one, if it should; how many requests it had nobody knows. */
    Optional<String> tired() {
        if (stopped || process.pid() < 0) {
            return Optional.empty();
        }
        long resident = recycle.maxMemoryBytes() == 0
                ? 0
                : ProcessMemory.resident(around.machine().syscalls(), process.pid());
        return recycle.reason(0, ageNanos(), resident);
    }

    void replace(String why) {
        around.events().info(name() + " of " + application.key().program() + " is replaced: " + why);
        leave();
    }

    /** It counts no more, and ends when it has nothing to do: {@link #lookLeaving} must be called now and then. */
    void leave() {
        stopped = true;
        if (!leaving) {
            leaving = true;
            leavingSinceNanos = loop.now();
        }
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Ends it if it is leaving and has nothing to do, or has had the time to finish. */
    void lookLeaving() {
        if (!leaving || process.pid() < 0) {
            return;
        }
        look();
        // One that waits for somebody else's answer looks the same at first.
        boolean rested = idle && loop.now() - idleSinceNanos > RESTED_NANOS;
        if (rested || loop.now() - leavingSinceNanos > around.leavingNanos().getAsLong()) {
            process.terminate();
        } else {
            frozenLook.begin();
        }
    }

    private String name() {
        return process.pid() < 0 ? "a worker" : "worker " + process.pid();
    }

    /** TERM, and KILL after {@code kill_grace}. */
    void stop() {
        stopped = true;
        process.terminate();
    }

    /** KILL, now. */
    void kill() {
        stop();
        process.kill();
    }

    @Override
    public void exited(ExitStatus status) {
        boolean wanted = isWanted();
        stopped = true;
        process.finish();
        boolean left = status.code() == 0 && !status.killed() && ageNanos() > EventLoop.MILLIS * 1000;
        if (wanted && !left) {
            events.failed(this, name() + " " + (status.killed() ? "was " : "") + status.words());
        }
    }

    @Override
    public void gone() {
        events.gone(this);
    }
}
