package org.cgifpm.adapters.os;

import java.util.StringTokenizer;

/** Numbers in the files of /proc/PID (proc(5)). */
final class ProcessFigures {
    private ProcessFigures() {}

    /**
     * One of those that stand side by side in a file.
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

    /**
     * The number behind a name at the beginning of a line.
     *
     * @return -1 if the process is gone, or there is no such number
     */
    static long named(Syscalls syscalls, int pid, String file, String name) {
        String text = Cgroup.readFile(syscalls, "/proc/" + pid + "/" + file);
        // Never the first line: that has the process's own name, which may be anything but has no line ends.
        int line = text.indexOf('\n' + name + ':');
        if (line < 0) {
            return -1;
        }
        StringTokenizer words = new StringTokenizer(text.substring(line + name.length() + 2));
        try {
            return words.hasMoreTokens() ? Long.parseLong(words.nextToken()) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
