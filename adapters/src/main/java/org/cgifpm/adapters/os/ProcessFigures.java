package org.cgifpm.adapters.os;

import java.util.StringTokenizer;

/** Numbers that stand side by side in a file of /proc/PID (proc(5)). */
final class ProcessFigures {
    private ProcessFigures() {}

    /**
     * One of them.
     *
     * @param at which, from 0
     * @return -1 if the process is gone, or there is no such number
     */
    static long of(Syscalls syscalls, int pid, String file, int at) {
        StringTokenizer figures = new StringTokenizer(Cgroup.readFile(syscalls, "/proc/" + pid + "/" + file));
        for (int i = 0; i < at && figures.hasMoreTokens(); i++) {
            figures.nextToken();
        }
        try {
            return figures.hasMoreTokens() ? Long.parseLong(figures.nextToken()) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
