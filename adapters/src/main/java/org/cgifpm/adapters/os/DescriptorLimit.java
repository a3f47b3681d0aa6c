package org.cgifpm.adapters.os;

/**
 * The daemon's own soft limit of open descriptors, which every child inherits.
 *
 * <p>Programs that use select(2) need a soft limit of 1024, and the JVM raises its own to the hard limit. So the daemon
 * goes back to 1024 for as long as that is enough for itself, and children get it for nothing. When its own descriptors
 * reach {@link #RAISE_AT} it raises its limit; a start then goes through {@link #link}, which costs one exec more. The
 * kernel hands out the lowest free number, so a new number says how many are in use. Any thread may ask, the loop
 * thread tells.
 */
public final class DescriptorLimit {
    /** What children get. */
    public static final int CHILD_SOFT_LIMIT = 1024;

    static final int RAISE_AT = 896;
    static final int LOWER_AT = 512;
    private static final int RLIMIT_NOFILE = 7;

    private final Syscalls syscalls;
    private final long hard;
    private volatile boolean raised;

    /** Lowers the limit to what children shall have. */
    public DescriptorLimit(Syscalls syscalls) throws SyscallException {
        this.syscalls = syscalls;
        NativeMemory memory = syscalls.scratch();
        if (syscalls.libc().getrlimit(RLIMIT_NOFILE, memory.address()) < 0) {
            throw syscalls.failed("getrlimit", "NOFILE");
        }
        this.hard = memory.buffer().getLong(8);
        set(CHILD_SOFT_LIMIT);
    }

    /** Tells of a descriptor number that the kernel gave just now. Any thread. */
    public synchronized void opened(int fd) {
        if (!raised && fd >= RAISE_AT) {
            raise();
        } else if (raised && fd < LOWER_AT) {
            set(CHILD_SOFT_LIMIT);
            raised = false;
        }
    }

    /** There is no descriptor left: true if raising the limit may help. Loop thread. */
    public synchronized boolean exhausted() {
        if (raised) {
            return false;
        }
        raise();
        return true;
    }

    private void raise() {
        // The flag first: a start that sees it false has begun before, and is corrected after.
        raised = true;
        set(hard);
    }

    /** True while children would inherit more than {@link #CHILD_SOFT_LIMIT}. Any thread. */
    public boolean raised() {
        return raised;
    }

    /** Gives a running process the limit: for one whose start was under way while the limit was raised. */
    public void lower(ChildProcess child) {
        NativeMemory memory = syscalls.scratch();
        memory.buffer().putLong(0, softLimit(CHILD_SOFT_LIMIT)).putLong(8, hard);
        syscalls.libc().prlimit(child.pid(), RLIMIT_NOFILE, memory.address(), 0);
    }

    /** The argument of util-linux's prlimit(1) that gives a program the limit before its first instruction. */
    public String link() {
        return "--nofile=" + softLimit(CHILD_SOFT_LIMIT) + ":";
    }

    /** The soft limit that programs get which ask for no other: {@link #CHILD_SOFT_LIMIT}, or the daemon's hard one. */
    public long childSoftLimit() {
        return softLimit(CHILD_SOFT_LIMIT);
    }

    private long softLimit(long wanted) {
        return Long.compareUnsigned(wanted, hard) > 0 ? hard : wanted;
    }

    private void set(long soft) {
        NativeMemory memory = syscalls.scratch();
        memory.buffer().putLong(0, softLimit(soft)).putLong(8, hard);
        syscalls.libc().setrlimit(RLIMIT_NOFILE, memory.address());
    }
}
