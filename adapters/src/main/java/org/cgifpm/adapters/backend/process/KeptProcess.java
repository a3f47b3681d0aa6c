package org.cgifpm.adapters.backend.process;

import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.CgroupLeaf;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.SignalName;
import org.cgifpm.adapters.os.Spawner;
import org.cgifpm.adapters.os.SyscallException;
import org.jspecify.annotations.Nullable;

/**
 * A process that lives longer than a request, with all that it starts, and what they write to their standard error.
 * Loop thread only.
 *
 * <p>It is started once. Whoever hears that it has ended calls {@link #finish}; only then {@code gone} comes.
 */
public final class KeptProcess implements ProcessTree.Events {
    /** Starts the process. On a launch thread; leaves nothing open if it fails. */
    public interface Start {
        Launched run(Spawner spawner) throws RefusedException;
    }

    /** What its owner hears of it. */
    public interface Events {
        /** It could not be started: nothing of it is there, and nothing more will be told. */
        void notStarted(String why);

        /** It runs, and has its number; whatever happens now, {@code gone} will come. */
        void launched();

        /**
         * It is watched: its end will not be missed.
         *
         * @throws SyscallException if it is of no use: it is killed then, as if it could not be watched
         */
        void watched() throws SyscallException;

        /** The kernel has no room to watch it; it is killed after this call. */
        void notWatched(String why);

        /** It has ended, though not all that it has started need have; {@link #finish} is to be called. */
        void exited(ExitStatus status);

        /** No process of it lives. */
        void gone();
    }

    private final ProcessSurroundings machine;
    private final StderrRate stderrRate;
    private final String pool;
    private final long killGraceNanos;
    private final String program;
    private final Events events;
    private @Nullable CgroupLeaf leaf;
    private @Nullable ProcessTree tree;
    private @Nullable StderrPump words;
    private boolean terminated;
    private boolean killed;

    /**
     * @param pool whose share of the launch threads it may use
     * @param killGraceNanos between TERM and KILL
     * @param program whose words they are, for the log
     */
    public KeptProcess(
            ProcessSurroundings machine,
            StderrRate stderrRate,
            String pool,
            long killGraceNanos,
            String program,
            Events events) {
        this.machine = machine;
        this.stderrRate = stderrRate;
        this.pool = pool;
        this.killGraceNanos = killGraceNanos;
        this.program = program;
        this.events = events;
    }

    public void start(Start start) {
        machine.threads().submit(pool, spawner -> {
            try {
                Launched launched = start.run(spawner);
                machine.loop().post(() -> started(launched));
            } catch (RefusedException e) {
                machine.loop().post(() -> events.notStarted(e.why()));
            } catch (RuntimeException | Error e) {
                machine.loop().post(() -> events.notStarted("internal error at start: " + e));
            }
        });
    }

    private void started(Launched launched) {
        machine.descriptors().opened(launched.stderr());
        leaf = launched.leaf();
        ProcessTree processes = new ProcessTree(machine, pool, killGraceNanos, launched, this);
        StderrPump pump = new StderrPump(machine, stderrRate, 0, program, launched.stderr(), () -> {});
        tree = processes;
        words = pump;
        events.launched();
        try {
            processes.watch();
            pump.hold();
            pump.watch();
            events.watched();
        } catch (SyscallException e) {
            processes.forget();
            events.notWatched("no room to watch it: " + e.getMessage());
            processes.takeBack();
            return;
        }
        if (killed) {
            processes.kill();
        } else if (terminated) {
            processes.terminate();
        }
        processes.look();
    }

    /** -1 before it has one. */
    public int pid() {
        return tree == null ? -1 : tree.pid();
    }

    /** The control group that it was started in; null where there are none. Its own until {@link #finish}. */
    public @Nullable CgroupLeaf leaf() {
        return leaf;
    }

    /** Whether it has been started and has not ended. */
    public boolean lives() {
        return tree != null && tree.status() == null;
    }

    public boolean hasEnded() {
        return tree != null && tree.status() != null;
    }

    /** TERM, and KILL after {@code kill_grace}; one that is still being started gets it then. */
    public void terminate() {
        terminated = true;
        if (tree != null) {
            tree.terminate();
        }
    }

    /** KILL, now; one that is still being started gets it then. */
    public void kill() {
        killed = true;
        if (tree != null) {
            tree.kill();
        }
    }

    /** STOP: it does nothing until {@link #thaw}, which must follow. */
    public void freeze() {
        if (tree != null) {
            tree.signalLeader(SignalName.SIGSTOP);
        }
    }

    /** CONT: it goes on, with the signals first that came meanwhile. */
    public void thaw() {
        if (tree != null) {
            tree.signalLeader(SignalName.SIGCONT);
        }
    }

    /** After its end: its last words are logged, and what it has started is ended. It may be gone within this call. */
    public void finish() {
        StderrPump pump = words;
        if (pump != null) {
            pump.readToEnd();
            pump.close();
        }
        ProcessTree processes = tree;
        if (processes != null) {
            // Children of it may be left, and nobody would give them anything to do.
            processes.terminate();
            processes.release();
        }
    }

    @Override
    public void exited(ExitStatus status) {
        events.exited(status);
    }

    @Override
    public void killed() {
        // Whoever has left the group may hold the pipe for ever; its words are not waited for.
    }

    @Override
    public void gone(ExitStatus status) {
        events.gone();
    }
}
