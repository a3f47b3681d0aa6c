package org.cgifpm.adapters.backend.process;

import java.io.IOException;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.os.CgroupLeaf;
import org.cgifpm.adapters.os.ChildProcess;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.GroupMember;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SignalName;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one request, from the leader's start to the end of the last: its process group, and where there are
 * control groups also whoever left that. Loop thread only.
 *
 * <p>The leader is reaped only after {@link #release}, so its number stays the group's own for as long as the request
 * may want to signal it. Members that outlive it are watched one after the other ({@link GroupMember}), so that a
 * signal never reaches a stranger.
 */
public final class ProcessTree implements RequestProcess {
    /** What its owner hears. */
    public interface Events {
        /** The leader has ended; others of its group may live. */
        void exited(ExitStatus status);

        /** KILL has been sent: nothing more is worth waiting for. */
        void killed();

        /** Nobody of it lives; said once, after {@link ProcessTree#release}. */
        void gone(ExitStatus status);
    }

    /**
     * How long a process without a chain may run before it gets its control group. Joining costs every process on the
     * machine a little, since the kernel holds up forks meanwhile, and most of what is short needs none.
     */
    public static final long LATE_JOIN_NANOS = 5 * EventLoop.MILLIS;

    /** The kernel closes a process's files a moment before it tells of its end. */
    private static final long EXIT_GRACE_NANOS = 50 * EventLoop.MILLIS;

    private static final long SEARCH_AGAIN_MILLIS = 50;
    private static final int NOBODYS_GROUP = -1;

    private final EventLoop loop;
    private final Syscalls syscalls;
    private final LaunchThreads threads;
    private final String pool;
    private final long killGraceNanos;
    private final ChildProcess child;
    private final Events events;
    private final @Nullable LeafSource joinsLater;
    private @Nullable Registration exit;
    private @Nullable ExitStatus status;
    private @Nullable GroupMember member;
    private @Nullable Registration memberExit;
    /** Whether all of its processes are in the leaf: it was joined before anything else was done. */
    private final boolean leafHoldsAll;

    private @Nullable CgroupLeaf leaf;
    private boolean joining;
    private @Nullable LeafWatch leafWatch;
    private @Nullable Timer killTimer;
    private long peakMemory = -1;
    private boolean over;
    private boolean ended;
    private boolean released;
    private boolean reaped;
    private boolean terminated;
    private boolean killed;

    /**
     * @param pool whose share of the launch threads it may use
     * @param killGraceNanos between TERM and KILL
     */
    public ProcessTree(ProcessSurroundings around, String pool, long killGraceNanos, Launched launched, Events events) {
        this.loop = around.loop();
        this.syscalls = around.syscalls();
        this.threads = around.threads();
        this.pool = pool;
        this.killGraceNanos = killGraceNanos;
        this.child = launched.child();
        this.leaf = launched.leaf();
        this.leafHoldsAll = launched.leaf() != null;
        this.joinsLater = launched.joinsLater();
        this.events = events;
    }

    @Override
    public void watch() throws SyscallException {
        ended = child.peek() != null;
        if (ended) {
            return;
        }
        exit = loop.register(child.pidfd(), EventLoop.IN, ready -> leaderEnded());
    }

    @Override
    public void look() {
        if (ended) {
            leaderEnded();
        }
    }

    @Override
    public void forget() {
        if (exit != null) {
            exit.close();
            exit = null;
        }
    }

    @Override
    public void takeBack() {
        kill();
        release();
        watchSoon();
    }

    private void watchSoon() {
        try {
            watch();
            look();
        } catch (SyscallException e) {
            loop.schedule(SEARCH_AGAIN_MILLIS * EventLoop.MILLIS, this::watchSoon);
        }
    }

    public int pid() {
        return child.pid();
    }

    /** How the leader ended, or null while it lives. */
    @Override
    public @Nullable ExitStatus status() {
        return status;
    }

    public boolean terminating() {
        return terminated;
    }

    private void leaderEnded() {
        ExitStatus ended = child.peek();
        if (ended != null && status == null) {
            status = ended;
            forget();
            events.exited(ended);
            goOn();
        }
    }

    @Override
    public long exitGraceNanos() {
        return EXIT_GRACE_NANOS;
    }

    @Override
    public long joinsAfterNanos() {
        return joinsLater == null ? -1 : LATE_JOIN_NANOS;
    }

    /** With what it has started. */
    @Override
    public void runsLong() {
        LeafSource leaves = joinsLater;
        if (leaves == null || leaf != null || status != null) {
            return;
        }
        joining = true;
        threads.submit(pool, spawner -> {
            // Whatever goes wrong here, its end waits for the answer.
            @Nullable CgroupLeaf taken = null;
            try {
                taken = leaves.leafFor(Confinement.NONE);
                taken.joinFamily(child.pid());
            } catch (SyscallException e) {
                // No room for a group: its process group has to do.
            } finally {
                CgroupLeaf joins = taken;
                loop.post(() -> joined(joins));
            }
        });
    }

    private void joined(@Nullable CgroupLeaf taken) {
        joining = false;
        leaf = taken;
        if (taken != null && killed) {
            taken.kill();
        } else if (taken != null && terminated) {
            taken.signalOthers(SignalName.SIGTERM, child.pid());
        }
        goOn();
    }

    /** The request needs the leader's number no more: its pipes are closed. */
    @Override
    public void release() {
        released = true;
        goOn();
    }

    private void goOn() {
        if (!released || status == null || reaped || joining) {
            return;
        }
        status = child.reap();
        reaped = true;
        if (leafHoldsAll) {
            end();
        } else if (GroupMember.groupLives(syscalls, child.pid())) {
            search();
        } else {
            end();
        }
    }

    private void search() {
        threads.submit(pool, spawner -> {
            try {
                GroupMember found = GroupMember.find(syscalls, child.pid());
                loop.post(() -> found(found));
            } catch (IOException e) {
                loop.post(this::searchLater);
            }
        });
    }

    /** Not at once: a group whose members start one another and end would keep a thread busy with nothing else. */
    private void searchLater() {
        if (GroupMember.groupLives(syscalls, child.pid())) {
            loop.schedule(SEARCH_AGAIN_MILLIS * EventLoop.MILLIS, this::search);
        } else {
            end();
        }
    }

    private void found(@Nullable GroupMember found) {
        if (found == null) {
            end();
            return;
        }
        member = found;
        if (killed) {
            found.killGroup(SignalName.SIGKILL);
        } else if (terminated) {
            found.killGroup(SignalName.SIGTERM);
        }
        try {
            memberExit = loop.register(found.pidfd(), EventLoop.IN, ready -> memberEnded());
        } catch (SyscallException e) {
            memberEnded(); // no room to watch it: look again later, as if it had ended
        }
    }

    private void memberEnded() {
        letMemberGo();
        searchLater();
    }

    private void letMemberGo() {
        if (memberExit != null) {
            memberExit.close();
            memberExit = null;
        }
        if (member != null) {
            member.close();
            member = null;
        }
    }

    /** Nobody of the process group lives. */
    private void end() {
        CgroupLeaf last = leaf;
        if (last == null) {
            nobodyLives();
        } else if (leafWatch == null) {
            leafWatch = new LeafWatch(loop, last, () -> {
                peakMemory = last.peakMemory();
                last.giveBack();
                nobodyLives();
            });
            leafWatch.look();
        }
    }

    private void nobodyLives() {
        if (killTimer != null) {
            killTimer.cancel();
        }
        over = true;
        ExitStatus last = status;
        if (last != null) {
            events.gone(last);
        }
    }

    @Override
    public long peakMemory() {
        return peakMemory;
    }

    @Override
    public void terminate() {
        if (!terminated && !over) {
            terminated = true;
            signal(SignalName.SIGTERM);
            killTimer = loop.schedule(killGraceNanos, this::kill);
        }
    }

    @Override
    public void kill() {
        terminated = true;
        killed = true;
        signal(SignalName.SIGKILL);
        events.killed();
    }

    /** Signals the leader alone; does nothing where it is gone. */
    void signalLeader(int number) {
        if (!reaped) {
            child.kill(number);
        }
    }

    private void signal(int number) {
        GroupMember held = member;
        if (!reaped) {
            child.killGroup(number);
        } else if (held != null && !held.hasEnded()) {
            held.killGroup(number);
        }
        // Else nobody is known to live: either nobody does, or the search under way signals whom it finds.
        if (leaf != null && !over) {
            if (number == SignalName.SIGKILL) {
                leaf.kill();
            } else {
                leaf.signalOthers(number, reaped ? NOBODYS_GROUP : child.pid());
            }
        }
    }
}
