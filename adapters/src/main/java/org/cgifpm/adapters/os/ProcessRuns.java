package org.cgifpm.adapters.os;

/** How often the kernel has run a process, as /proc/PID/schedstat tells it (Linux, Documentation/scheduler). */
public final class ProcessRuns {
    private static final int TIMESLICES = 2;

    private ProcessRuns() {}

    /**
     * A number that stays the same as long as the process's first thread does nothing; -1 where nobody tells. A look of
     * some microseconds; any thread.
     */
    public static long of(Syscalls syscalls, int pid) {
        return ProcessFigures.of(syscalls, pid, "schedstat", TIMESLICES);
    }
}
