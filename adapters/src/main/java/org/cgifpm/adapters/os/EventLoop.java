package org.cgifpm.adapters.os;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One epoll, one thread: descriptors, timers and what other threads hand over.
 *
 * <p>Everything but {@link #post} belongs to the thread that calls {@link #run}. Level-triggered: a handler need not
 * take everything, it is called again. A handler that throws is reported and the loop goes on.
 */
public final class EventLoop implements AutoCloseable {
    public static final int IN = 1;
    /** Something out of the ordinary: for the kernel's own files, that they read otherwise than before. */
    public static final int PRI = 2;

    public static final int OUT = 4;
    public static final int ERR = 8;
    public static final int HUP = 16;
    public static final int RDHUP = 0x2000;
    /** Nanoseconds in a millisecond. */
    public static final long MILLIS = 1_000_000L;

    /** How soon the kernel is asked again to watch what it had no room for. */
    static final int ASK_AGAIN_MILLIS = 50;

    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    private static final int CTL_MOD = 3;
    private static final int ONCE = 1 << 30;
    /** The first registration of every loop is the one that wakes it up. */
    private static final long WAKEUP_TAG = 0;

    private static final int BATCH = 256;
    /** epoll_event is packed on x86-64 and nowhere else. */
    private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

    private static final int EVENT_SIZE = PACKED ? 12 : 16;
    private static final int DATA_AT = PACKED ? 4 : 8;
    private static final int EPOLL_CLOEXEC = 02000000;
    private static final int EFD_CLOEXEC_NONBLOCK = 02000000 | 04000;

    /** Told what a descriptor is ready for. */
    @FunctionalInterface
    public interface Ready {
        void ready(int events);
    }

    private final Syscalls syscalls;
    private final Consumer<Throwable> broken;
    private final int epoll;
    private final int wakeup;
    private final NativeMemory events = new NativeMemory(BATCH * EVENT_SIZE);
    private final NativeMemory event = new NativeMemory(EVENT_SIZE);
    private final ByteBuffer eight = ByteBuffer.allocateDirect(8);
    private final TimerHeap timers = new TimerHeap();
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final ArrayDeque<Runnable> turnEnd = new ArrayDeque<>();
    private final ArrayList<Integer> freeSlots = new ArrayList<>();
    private @Nullable Registration[] slots = new @Nullable Registration[64];
    private int[] generations = new int[64];
    private int used;
    private long now = System.nanoTime();
    private long turns;
    private boolean stopped;

    /**
     * @param broken told of what a handler threw; the loop goes on
     * @throws SyscallException if the kernel gives no epoll or eventfd
     */
    public EventLoop(Syscalls syscalls, Consumer<Throwable> broken) throws SyscallException {
        this.syscalls = syscalls;
        this.broken = broken;
        this.epoll = syscalls.libc().epoll_create1(EPOLL_CLOEXEC);
        if (epoll < 0) {
            throw syscalls.failed("epoll_create1", "");
        }
        this.wakeup = syscalls.libc().eventfd(0, EFD_CLOEXEC_NONBLOCK);
        if (wakeup < 0) {
            SyscallException failed = syscalls.failed("eventfd", "");
            syscalls.close(epoll);
            throw failed;
        }
        try {
            register(wakeup, IN, ready -> drainWakeup());
        } catch (SyscallException e) {
            syscalls.close(wakeup);
            syscalls.close(epoll);
            throw e;
        }
    }

    /**
     * Waits on {@code fd} for {@code interest}; 0 waits for nothing yet. The descriptor stays the caller's to close.
     *
     * @throws SyscallException ENOMEM or ENOSPC: the kernel has no room to watch it
     */
    public Registration register(int fd, int interest, Ready handler) throws SyscallException {
        int slot = freeSlots.isEmpty() ? used++ : freeSlots.remove(freeSlots.size() - 1);
        if (slot == slots.length) {
            slots = Arrays.copyOf(slots, slot * 2);
            generations = Arrays.copyOf(generations, slot * 2);
        }
        Registration registration = new Registration(this, fd, slot, handler);
        slots[slot] = registration;
        if (interest != 0 && !change(registration, 0, interest)) {
            SyscallException refused = syscalls.failed("epoll_ctl", "descriptor " + fd);
            forget(registration);
            throw refused;
        }
        registration.watched(interest);
        return registration;
    }

    /** False if the kernel has no room to watch it: ENOMEM, or ENOSPC at max_user_watches. */
    boolean change(Registration registration, int before, int wanted) {
        int op = before == 0 ? CTL_ADD : wanted == 0 ? CTL_DEL : CTL_MOD;
        ByteBuffer buffer = event.buffer();
        buffer.putInt(0, wanted);
        buffer.putLong(DATA_AT, ((long) generations[registration.slot] << 32) | registration.slot);
        int result = syscalls.libc().epoll_ctl(epoll, op, registration.fd, event.address());
        if (result < 0 && op == CTL_ADD && syscalls.lastError() == Errno.EEXIST) {
            // It was watched for a task of postUntilReadable, and is somebody's own from now on.
            result = syscalls.libc().epoll_ctl(epoll, CTL_MOD, registration.fd, event.address());
        }
        return result >= 0 || op == CTL_DEL;
    }

    boolean copiesExist() {
        return syscalls.copiesExist();
    }

    void forget(Registration registration) {
        slots[registration.slot] = null;
        generations[registration.slot]++;
        freeSlots.add(registration.slot);
    }

    /** Runs {@code task} once on this thread, {@code delayNanos} after this turn began, or as soon as it can after. */
    public Timer schedule(long delayNanos, Runnable task) {
        Timer timer = new Timer(timers, now + Math.max(0, delayNanos), task);
        timers.add(timer);
        return timer;
    }

    /** Runs {@code task} when everything else of this turn has been done: for what is better done once a turn. */
    public void atTurnEnd(Runnable task) {
        turnEnd.add(task);
    }

    /**
     * Hands {@code task} over for the next turn without asking for one, but for the one that comes when {@code fd} is
     * readable. Whoever calls it sees to it that a turn comes in time also if that takes long. Any thread; never blocks.
     *
     * @return false if the kernel has no room to watch {@code fd}; nothing is handed over then
     */
    public boolean postUntilReadable(int fd, Runnable task) {
        NativeMemory memory = syscalls.scratch();
        memory.buffer().putInt(0, IN | ONCE);
        memory.buffer().putLong(DATA_AT, WAKEUP_TAG);
        if (syscalls.libc().epoll_ctl(epoll, CTL_ADD, fd, memory.address()) < 0) {
            return false;
        }
        posted.add(task);
        return true;
    }

    /** Hands {@code task} over to the loop thread. Any thread; never blocks. */
    public void post(Runnable task) {
        posted.add(task);
        wake();
    }

    /** Asks for a turn now. Any thread; never blocks. */
    public void wake() {
        if (woken.compareAndSet(false, true)) {
            syscalls.write(
                    wakeup,
                    syscalls.scratch().buffer().putLong(0, 1).duplicate().limit(8));
        }
    }

    /** The time of this turn, in nanoseconds of {@link System#nanoTime}. */
    public long now() {
        return now;
    }

    /** How often the loop has woken up: an idle daemon's must stand still. */
    public long turns() {
        return turns;
    }

    /** Ends {@link #run} after this turn. */
    public void stop() {
        stopped = true;
    }

    /** Works until {@link #stop}. */
    public void run() {
        while (!stopped) {
            turn();
        }
    }

    private void turn() {
        int count = syscalls.libc().epoll_wait(epoll, events.address(), BATCH, patience());
        now = System.nanoTime();
        turns++;
        for (int i = 0; i < count; i++) {
            int bits = events.buffer().getInt(i * EVENT_SIZE);
            long tag = events.buffer().getLong(i * EVENT_SIZE + DATA_AT);
            int slot = (int) tag;
            Registration registration = slots[slot];
            if (registration != null && generations[slot] == (int) (tag >>> 32)) {
                ready(registration, bits);
            }
        }
        runTimers();
        runPosted();
        Runnable last;
        while ((last = turnEnd.poll()) != null) {
            guarded(last);
        }
    }

    private void runTimers() {
        Timer timer;
        while ((timer = timers.first()) != null && timer.dueNanos - now <= 0) {
            timers.remove(timer);
            guarded(timer::run);
        }
    }

    private void runPosted() {
        // What these tasks post in turn waits for the next turn, or the loop could starve its descriptors.
        for (int i = posted.size(); i > 0; i--) {
            Runnable task = posted.poll();
            if (task != null) {
                guarded(task);
            }
        }
    }

    private void ready(Registration registration, int bits) {
        try {
            registration.handler.ready(bits);
        } catch (RuntimeException | Error e) {
            tell(e);
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            tell(e);
        }
    }

    /** The loop goes on whatever happens, also where memory does not do to say what did. */
    @SuppressWarnings("EmptyCatch")
    private void tell(Throwable fault) {
        try {
            broken.accept(fault);
        } catch (RuntimeException | Error e) {
            // There is nothing left to tell it with.
        }
    }

    private int patience() {
        if (!posted.isEmpty()) {
            return 0;
        }
        Timer first = timers.first();
        if (first == null) {
            return -1;
        }
        long wait = first.dueNanos - System.nanoTime();
        return wait <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, (wait + MILLIS - 1) / MILLIS);
    }

    private void drainWakeup() {
        // In this order: a task posted in between finds the flag still set, and is run in this turn. The other way
        // round its wake-up would be read away with the flag left set, and no later one would ever be sent.
        eight.clear();
        syscalls.read(wakeup, eight);
        woken.set(false);
    }

    /** Closes epoll and eventfd; call it after {@link #run} has returned. */
    @Override
    public void close() {
        syscalls.close(wakeup);
        syscalls.close(epoll);
    }
}
