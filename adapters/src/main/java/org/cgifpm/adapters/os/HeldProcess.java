package org.cgifpm.adapters.os;

import org.jspecify.annotations.Nullable;

/**
 * A process that is somebody else's child, held by a pidfd: its number may be anybody's by now, but a signal reaches it or
 * nobody. Any thread, one after the other.
 */
public final class HeldProcess {
    private final Syscalls syscalls;
    private final int pidfd;

    private HeldProcess(Syscalls syscalls, int pidfd) {
        this.syscalls = syscalls;
        this.pidfd = pidfd;
    }

    /** The process of that number if it is a child of that parent; null if it is not, or cannot be held. */
    public static @Nullable HeldProcess childOf(Syscalls syscalls, int parent, int pid) {
        int pidfd = syscalls.libc().pidfd_open(pid, 0);
        if (pidfd < 0) {
            return null;
        }
        // The number cannot have changed hands after it was held, if it has not by now.
        if (ProcessState.parent(syscalls, pid) != parent) {
            syscalls.close(pidfd);
            return null;
        }
        return new HeldProcess(syscalls, pidfd);
    }

    /** KILL for it, if it still lives. */
    public void kill() {
        signal(SignalName.SIGKILL);
    }

    /** Whether its number is still its own: it lives, or nobody has reaped it. False where the C library cannot tell. */
    public boolean keepsItsNumber() {
        return signal(0) == 0;
    }

    private int signal(int number) {
        try {
            return syscalls.libc().pidfd_send_signal(pidfd, number, 0, 0);
        } catch (UnsatisfiedLinkError e) {
            return -1; // glibc before 2.36
        }
    }

    public void close() {
        syscalls.close(pidfd);
    }
}
