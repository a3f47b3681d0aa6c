package org.cgifpm.adapters.os;

/** What a process holds of the machine's memory, as /proc/PID/statm tells it (proc(5)). */
public final class ProcessMemory {
    private static final long PAGE = 4096;

    private ProcessMemory() {}

    /** Resident bytes, 0 if the process is gone. A look of some microseconds; any thread. */
    public static long resident(Syscalls syscalls, int pid) {
        String[] pages = Cgroup.readFile(syscalls, "/proc/" + pid + "/statm").split(" ");
        try {
            return pages.length > 1 ? Long.parseLong(pages[1]) * PAGE : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
