package org.cgifpm.adapters.os;

/** What a process holds of the machine's memory, as /proc/PID/status tells it (proc(5)): in kB, whatever a page is. */
public final class ProcessMemory {
    private static final String RESIDENT = "VmRSS";
    private static final long KILOBYTE = 1024;

    private ProcessMemory() {}

    /** Resident bytes, 0 if the process is gone. A look of some microseconds; any thread. */
    public static long resident(Syscalls syscalls, int pid) {
        return Math.max(0, ProcessFigures.named(syscalls, pid, "status", RESIDENT) * KILOBYTE);
    }
}
