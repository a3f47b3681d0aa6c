package org.cgifpm.adapters.os;

/** What the kernel says of a process just now, in /proc/PID/status (proc(5)). Any thread; a look of some microseconds. */
public final class ProcessState {
    private static final String STATE = "\nState:\t";

    private ProcessState() {}

    /** Whether somebody has stopped it, by a signal or as its tracer: it does nothing until somebody lets it go on. */
    public static boolean isStopped(Syscalls syscalls, int pid) {
        String text = Cgroup.readFile(syscalls, "/proc/" + pid + "/status");
        // Not in the first line, which has a name that the process gave itself.
        int at = text.indexOf(STATE);
        char state = at < 0 ? 0 : text.charAt(at + STATE.length());
        return state == 'T' || state == 't';
    }

    /** The process that has started it, or that it was handed to since; -1 if it is gone. */
    public static int parent(Syscalls syscalls, int pid) {
        return (int) ProcessFigures.named(syscalls, pid, "status", "PPid");
    }
}
