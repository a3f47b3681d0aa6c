package org.cgifpm.adapters.backend.worker;

import java.util.Optional;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.backend.process.Launch;
import org.cgifpm.adapters.backend.process.Launched;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.ProcessTree;
import org.cgifpm.adapters.backend.process.StderrPump;
import org.cgifpm.adapters.backend.process.StderrRate;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.ProcessMemory;
import org.cgifpm.adapters.os.ProcessRuns;
import org.cgifpm.adapters.os.Spawner;
import org.cgifpm.adapters.os.SyscallException;
import org.jspecify.annotations.Nullable;

/** One worker that takes its requests itself: a process, and whether it has done anything lately. Loop thread only. */
final class DirectWorker implements ProcessTree.Events {
    /** What such workers share. */
    record Surroundings(
            ProcessSurroundings machine,
            Launch launch,
            StderrRate stderrRate,
            RelaySettings settings,
            WorkerEvents events,
            int listener) {}

    interface Events {
        /** It could not be started, or has ended by itself. */
        void failed(DirectWorker worker, String why);

        /** No process of it lives. */
        void gone(DirectWorker worker);
    }

    private final Surroundings around;
    private final EventLoop loop;
    private final Application application;
    private final Events events;
    private final RecyclePolicy recycle;
    private final long startedNanos;
    private @Nullable ProcessTree tree;
    private @Nullable StderrPump words;
    private long runs = -1;
    private boolean idle;
    private long idleSinceNanos;
    private boolean stopped;
    private boolean killed;

    DirectWorker(Surroundings around, Application application, int number, Events events) {
        this.around = around;
        this.loop = around.machine().loop();
        this.application = application;
        this.events = events;
        this.recycle = around.settings().recycle().forWorker(number);
        this.startedNanos = loop.now();
    }

    void start() {
        around.machine().threads().submit(around.settings().pool(), spawner -> {
            try {
                Launched launched = launch(spawner);
                loop.post(() -> started(launched));
            } catch (RefusedException e) {
                loop.post(() -> notStarted(e.why()));
            } catch (RuntimeException | Error e) {
                loop.post(() -> notStarted("internal error at start: " + e));
            }
        });
    }

    private Launched launch(Spawner spawner) throws RefusedException {
        LaunchPlan plan = application.plan();
        try {
            return around.launch().startWorker(plan, around.listener(), spawner);
        } finally {
            around.machine().syscalls().close(plan.directory());
        }
    }

    private void notStarted(String why) {
        boolean wanted = isWanted();
        stopped = true;
        if (wanted) {
            events.failed(this, why);
        }
        events.gone(this);
    }

    private void started(Launched launched) {
        around.machine().descriptors().opened(launched.stderr());
        ProcessTree processes = new ProcessTree(
                around.machine(), around.settings().pool(), around.settings().killGraceNanos(), launched, this);
        tree = processes;
        StderrPump pump = new StderrPump(
                around.machine(), around.stderrRate(), 0, application.key().program(), launched.stderr(), () -> {});
        words = pump;
        try {
            processes.watch();
            pump.hold();
            pump.watch();
        } catch (SyscallException e) {
            processes.forget();
            stopped = true;
            events.failed(this, "no room to watch it: " + e.getMessage());
            processes.takeBack();
            return;
        }
        if (killed) {
            processes.kill();
        } else if (stopped) {
            processes.terminate();
        }
        processes.look();
    }

    /** Whether it counts: it has not been told to end. */
    boolean isWanted() {
        return !stopped;
    }

    long ageNanos() {
        return loop.now() - startedNanos;
    }

    /** Sees whether it has run since the last look. */
    void look() {
        ProcessTree processes = tree;
        if (processes == null) {
            return;
        }
        long now = ProcessRuns.of(around.machine().syscalls(), processes.pid());
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
        ProcessTree processes = tree;
        if (stopped || processes == null) {
            return Optional.empty();
        }
        long resident = recycle.maxMemoryBytes() == 0
                ? 0
                : ProcessMemory.resident(around.machine().syscalls(), processes.pid());
        return recycle.reason(0, ageNanos(), resident);
    }

    void replace(String why) {
        around.events().info(name() + " of " + application.key().program() + " is replaced: " + why);
        stop();
    }

    private String name() {
        return tree == null ? "a worker" : "worker " + tree.pid();
    }

    /** TERM, and KILL after {@code kill_grace}. */
    void stop() {
        stopped = true;
        if (tree != null) {
            tree.terminate();
        }
    }

    /** KILL, now. */
    void kill() {
        stop();
        killed = true;
        if (tree != null) {
            tree.kill();
        }
    }

    @Override
    public void exited(ExitStatus status) {
        boolean wanted = isWanted();
        stopped = true;
        if (words != null) {
            words.readToEnd();
            words.close();
        }
        if (tree != null) {
            tree.terminate();
            tree.release();
        }
        boolean left = status.code() == 0 && !status.killed() && ageNanos() > EventLoop.MILLIS * 1000;
        if (wanted && !left) {
            events.failed(this, name() + " " + (status.killed() ? "was " : "") + status.words());
        }
    }

    @Override
    public void killed() {
        // Whoever has left the group may hold the pipe for ever; its words are not waited for.
    }

    @Override
    public void gone(ExitStatus status) {
        events.gone(this);
    }
}
