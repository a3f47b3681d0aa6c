package org.cgifpm.adapters.os;

/** What a process holds of the machine's memory, as /proc/PID/statm tells it (proc(5)). */
public final class ProcessMemory {
    private static final int RESIDENT = 1;
    private static final long PAGE = 4096;

    private ProcessMemory() {}

    /** Resident bytes, 0 if the process is gone. A look of some microseconds; any thread. */
    public static long resident(Syscalls syscalls, int pid) {
        return Math.max(0, ProcessFigures.of(syscalls, pid, "statm", RESIDENT) * PAGE);
    }
}
