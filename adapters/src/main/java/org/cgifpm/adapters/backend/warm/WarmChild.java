package org.cgifpm.adapters.backend.warm;

import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.backend.process.ForkOrder;
import org.cgifpm.adapters.backend.process.Forker;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.process.LeafWatch;
import org.cgifpm.adapters.backend.process.RequestProcess;
import org.cgifpm.adapters.os.CgroupLeaf;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.HeldProcess;
import org.cgifpm.adapters.os.SignalName;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one request that a keeper has forked. Loop thread only.
 *
 * <p>They are the keeper's children and not the daemon's: what is known of them is what the keeper says. So the daemon
 * signals none of them by its number; it asks the keeper to, and ends their control group, which it has put them into
 * after seeing whose children they are. What is not done in time costs the keeper its life.
 */
final class WarmChild implements RequestProcess {
    /** From KILL to the end, without a control group that the daemon could end itself. */
    private static final long OBEY_MILLIS = 2_000;

    /**
     * How long it may run before it gets a group. With a processor for every second request most take twice their time,
     * and moving each would hold up all forks; what gets away meanwhile stays in the keeper's group and is found there.
     */
    private static final long LATE_JOIN_NANOS = 25 * EventLoop.MILLIS;

    /** The keeper has to get a processor before it can tell, and on a busy machine that takes longer than the kernel. */
    private static final long EXIT_GRACE_NANOS = 250 * EventLoop.MILLIS;

    /** What stands for the status of a process that nobody has told the end of. */
    private static final ExitStatus UNKNOWN = new ExitStatus(0, SignalName.SIGKILL, 0, 0);

    private final WarmSurroundings around;
    private final EventLoop loop;
    private final Keeper keeper;
    private final ForkOrder order;
    private final Forker.Told told;
    private final Events events;
    private @Nullable ExitStatus status;
    private int pid;
    /** Its group has members although it has ended itself. */
    private boolean left;

    private @Nullable CgroupLeaf leaf;
    private @Nullable LeafWatch leafWatch;
    private @Nullable HeldProcess held;
    private @Nullable Timer killTimer;
    private @Nullable Timer obeyTimer;
    private long peakMemory = -1;
    private boolean joinWanted;
    private boolean joining;
    private boolean terminated;
    private boolean killed;
    private boolean released;
    private boolean lost;
    private boolean over;

    WarmChild(WarmSurroundings around, Keeper keeper, ForkOrder order, Forker.Told told, Events events) {
        this.around = around;
        this.loop = around.machine().loop();
        this.keeper = keeper;
        this.order = order;
        this.told = told;
        this.events = events;
    }

    long request() {
        return order.request();
    }

    String script() {
        return order.plan().script().script();
    }

    Confinement confinement() {
        return order.plan().script().confinement();
    }

    /** 0 while it is not known. */
    int pid() {
        return pid;
    }

    // What the keeper says

    void forked(int number) {
        if (pid == 0) {
            pid = number;
            told.numbered(number);
            if (joinWanted) {
                join();
            }
        }
    }

    void ended(int number, ExitStatus how, boolean othersLeft) {
        if (status != null) {
            return;
        }
        forked(number);
        status = how;
        left = othersLeft;
        events.exited(how);
        goOn();
    }

    void groupGone() {
        left = false;
        goOn();
    }

    /** It has no process, or its keeper is no more. */
    void lost(int errorStatus, String why) {
        if (over || lost) {
            return;
        }
        lost = true;
        left = false;
        if (leaf != null) {
            leaf.kill();
        }
        if (held != null) {
            held.kill();
        }
        if (status == null) {
            status = UNKNOWN;
            events.lost(errorStatus, why);
            events.exited(UNKNOWN);
        }
        // Whoever is left may hold the pipes.
        events.killed();
        goOn();
    }

    // What the request wants

    /** The keeper tells of it by itself. */
    @Override
    public void watch() {}

    @Override
    public void look() {}

    @Override
    public void forget() {}

    @Override
    public long exitGraceNanos() {
        return EXIT_GRACE_NANOS;
    }

    @Override
    public long joinsAfterNanos() {
        return LATE_JOIN_NANOS;
    }

    @Override
    public void runsLong() {
        joinWanted = true;
        if (pid != 0 && status == null) {
            join();
        }
    }

    private void join() {
        LeafSource source = around.leaves();
        if (joining || leaf != null || held != null || lost) {
            return;
        }
        joining = true;
        int number = pid;
        if (source == null) {
            hold(number);
            return;
        }
        around.machine().threads().submit(around.settings().pool(), spawner -> {
            // Whatever goes wrong here, its end waits for the answer.
            CgroupLeaf taken = null;
            try {
                taken = joined(source, number);
            } catch (SyscallException e) {
                // No room for a group: the keeper's has to do.
            } finally {
                CgroupLeaf joins = taken;
                loop.post(() -> joined(joins));
            }
        });
    }

    /** Without control groups it is at least held: it shall not outlive its keeper. */
    private void hold(int number) {
        around.machine().threads().submit(around.settings().pool(), spawner -> {
            HeldProcess child = HeldProcess.childOf(around.machine().syscalls(), keeper.pid(), number);
            loop.post(() -> {
                held = child;
                joined(null);
            });
        });
    }

    /** On a launch thread. Only a child of the keeper is moved: the number is the word of a user's process. */
    private @Nullable CgroupLeaf joined(LeafSource source, int number) throws SyscallException {
        HeldProcess child = HeldProcess.childOf(around.machine().syscalls(), keeper.pid(), number);
        if (child == null) {
            return null;
        }
        try {
            CgroupLeaf taken = source.leafFor(confinement());
            taken.joinFamily(number);
            // If it has ended in between, its number may be a stranger's, who must not end with this request. Of one
            // that has merely ended, what it has started is in there.
            if (!child.keepsItsNumber() && taken.processes().contains(number)) {
                loop.post(() -> leaveTo(taken));
                return null;
            }
            return taken;
        } finally {
            child.close();
        }
    }

    /** The group is the stranger's as long as he lives. */
    private void leaveTo(CgroupLeaf strangers) {
        new LeafWatch(loop, strangers, strangers::giveBack).look();
    }

    private void joined(@Nullable CgroupLeaf taken) {
        joining = false;
        leaf = taken;
        if (held != null && (killed || lost)) {
            held.kill();
        }
        if (taken != null && (killed || lost)) {
            taken.kill();
        } else if (taken != null && terminated) {
            taken.signalOthers(SignalName.SIGTERM, pid);
        }
        goOn();
    }

    @Override
    public @Nullable ExitStatus status() {
        return status;
    }

    @Override
    public void terminate() {
        if (!terminated && !over) {
            terminated = true;
            keeper.signal(this, SignalName.SIGTERM);
            if (leaf != null) {
                leaf.signalOthers(SignalName.SIGTERM, pid);
            }
            killTimer = loop.schedule(around.settings().killGraceNanos(), this::kill);
        }
    }

    @Override
    public void kill() {
        if (over) {
            return;
        }
        terminated = true;
        killed = true;
        keeper.signal(this, SignalName.SIGKILL);
        if (leaf != null) {
            leaf.kill();
        }
        if (held != null) {
            held.kill();
        }
        if (obeyTimer == null) {
            obeyTimer = loop.schedule(OBEY_MILLIS * EventLoop.MILLIS, this::disobeyed);
        }
        events.killed();
    }

    private void disobeyed() {
        if (leaf != null && leaf.populated()) {
            // The kernel has been told to end all of it, and nobody can do more.
            obeyTimer = loop.schedule(OBEY_MILLIS * EventLoop.MILLIS, this::disobeyed);
        } else if (status == null || left) {
            keeper.fail("has not ended the process of " + script() + " in time");
        }
    }

    @Override
    public void release() {
        released = true;
        goOn();
    }

    @Override
    public void takeBack() {
        kill();
        release();
    }

    private void goOn() {
        if (!released || status == null || joining || left || over) {
            return;
        }
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
        over = true;
        if (held != null) {
            held.close();
            held = null;
        }
        if (killTimer != null) {
            killTimer.cancel();
        }
        if (obeyTimer != null) {
            obeyTimer.cancel();
        }
        keeper.left(this);
        ExitStatus last = status;
        if (last != null) {
            events.gone(last);
        }
    }

    @Override
    public long peakMemory() {
        return peakMemory;
    }
}
