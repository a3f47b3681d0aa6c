package org.cgifpm.adapters.os;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A process that this daemon started: the leader of its own session and process group.
 *
 * <p>Its number stays its own until {@link #reap}; whoever reaps gives up every right to signal it. Used by the launch
 * thread that started it and then by the loop thread.
 */
public final class ChildProcess {
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int CLD_EXITED = 1;
    /** Offsets in siginfo_t, the same on all 64-bit architectures. */
    private static final int SI_CODE = 8;

    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;

    private final Syscalls syscalls;
    private final int pid;
    private final int pidfd;

    private ChildProcess(Syscalls syscalls, int pid, int pidfd) {
        this.syscalls = syscalls;
        this.pid = pid;
        this.pidfd = pidfd;
    }

    static ChildProcess of(Syscalls syscalls, int pid) throws SyscallException {
        int pidfd = syscalls.libc().pidfd_open(pid, 0);
        if (pidfd < 0) {
            SyscallException failed = syscalls.failed("pidfd_open", "pid " + pid);
            // Nobody would ever hear of its end: it must not live.
            ChildProcess lost = new ChildProcess(syscalls, pid, -1);
            lost.killGroup(SignalName.SIGKILL);
            lost.waitFor();
            throw failed;
        }
        return new ChildProcess(syscalls, pid, pidfd);
    }

    public int pid() {
        return pid;
    }

    /** Readable once it has ended; {@link #reap} closes it. */
    public int pidfd() {
        return pidfd;
    }

    /** Signals every process of its group. Not after {@link #reap}. */
    public void killGroup(int signal) {
        syscalls.libc().kill(-pid, signal);
    }

    /** Signals it alone. Not after {@link #reap}. */
    public void kill(int signal) {
        syscalls.libc().kill(pid, signal);
    }

    /** How it ended, without what it used, or null while it lives; it stays a zombie and keeps its number. */
    public @Nullable ExitStatus peek() {
        ByteBuffer info = syscalls.scratch().buffer();
        info.putInt(SI_PID, 0);
        int result = syscalls.libc().waitid(P_PID, pid, syscalls.scratch().address(), WEXITED | WNOHANG | WNOWAIT);
        if (result < 0 || info.getInt(SI_PID) == 0) {
            return null;
        }
        boolean exited = info.getInt(SI_CODE) == CLD_EXITED;
        int status = info.getInt(SI_STATUS);
        return exited ? new ExitStatus(status, 0, 0, 0) : new ExitStatus(0, status, 0, 0);
    }

    /** Waits for its end for so long, and says whether it has come. Blocks; launch threads and the start only. */
    public boolean endsWithin(int millis) {
        NativeMemory pollfd = syscalls.scratch();
        pollfd.buffer().putInt(0, pidfd).putInt(4, EventLoop.IN);
        return syscalls.libc().poll(pollfd.address(), 1, millis) > 0;
    }

    /** Collects its status, frees its number and closes the pidfd. Only when {@link #peek} says that it has ended. */
    public ExitStatus reap() {
        ExitStatus status = wait4(WNOHANG);
        if (pidfd >= 0) {
            syscalls.close(pidfd);
        }
        return status;
    }

    /** Waits for its end, which must be near: for starts that are taken back. Blocks; launch threads only. */
    public ExitStatus waitFor() {
        ExitStatus status = wait4(0);
        if (pidfd >= 0) {
            syscalls.close(pidfd);
        }
        return status;
    }

    private ExitStatus wait4(int options) {
        NativeMemory memory = syscalls.scratch();
        ByteBuffer buffer = memory.buffer();
        int result;
        do {
            buffer.putInt(0, 0);
            result = syscalls.libc().wait4(pid, memory.address(), options, memory.address() + 16);
        } while (result < 0 && syscalls.lastError() == Errno.EINTR);
        if (result != pid) {
            return new ExitStatus(255, 0, 0, 0);
        }
        long user = buffer.getLong(16) * 1_000_000 + buffer.getLong(24);
        long system = buffer.getLong(32) * 1_000_000 + buffer.getLong(40);
        return ExitStatus.of(buffer.getInt(0), user, system);
    }
}
