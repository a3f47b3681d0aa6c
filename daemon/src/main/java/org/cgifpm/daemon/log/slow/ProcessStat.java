package org.cgifpm.daemon.log.slow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process as /proc/PID/stat has it (proc_pid_stat(5)). Reading it may block: on a launch thread.
 *
 * @param name of the program, cut to 15 bytes by the kernel, ISO-8859-1
 * @param state the kernel's letter
 * @param userTicks processor time in user mode, hundredths of a second
 * @param systemTicks and in the kernel
 * @param childrenTicks both, of the children it has waited for
 * @param startTicks when it was started, hundredths of a second since the machine was; with the number it names a process
 *     for good, which the number alone does not
 * @param residentPages memory in pages
 */
record ProcessStat(
        int pid,
        String name,
        char state,
        int parent,
        int group,
        int session,
        long userTicks,
        long systemTicks,
        long childrenTicks,
        int threads,
        long startTicks,
        long residentPages) {
    /** Where the fields stand that follow the name, which is in parentheses and may itself hold spaces and those. */
    private static final int PARENT = 1;

    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int CHILDREN_USER_TICKS = 13;
    private static final int CHILDREN_SYSTEM_TICKS = 14;
    private static final int THREADS = 17;
    /** Field 22 in the manual, which counts number and name too, and from 1. */
    private static final int START_TICKS = 19;

    private static final int RESIDENT = 21;

    /** Empty if it is gone, or hidden from this user. */
    static Optional<ProcessStat> read(Path process) {
        try {
            return Optional.of(parse(
                    Integer.parseInt(process.getFileName().toString()),
                    Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1)));
        } catch (IOException | RuntimeException gone) {
            return Optional.empty();
        }
    }

    static ProcessStat parse(int pid, String stat) {
        int end = stat.lastIndexOf(')');
        String[] fields = stat.substring(end + 2).split(" ", RESIDENT + 2);
        return new ProcessStat(
                pid,
                stat.substring(stat.indexOf('(') + 1, end),
                fields[0].charAt(0),
                Integer.parseInt(fields[PARENT]),
                Integer.parseInt(fields[GROUP]),
                Integer.parseInt(fields[SESSION]),
                Long.parseLong(fields[USER_TICKS]),
                Long.parseLong(fields[SYSTEM_TICKS]),
                Long.parseLong(fields[CHILDREN_USER_TICKS]) + Long.parseLong(fields[CHILDREN_SYSTEM_TICKS]),
                Integer.parseInt(fields[THREADS]),
                Long.parseLong(fields[START_TICKS]),
                Long.parseLong(fields[RESIDENT].strip()));
    }

    /** Whether it is of the group or the session that this process leads. */
    boolean belongsTo(int leader) {
        return group == leader || session == leader;
    }

    String stateWords() {
        return switch (state) {
            case 'R' -> "running";
            case 'S' -> "sleeping";
            case 'D' -> "waiting for a disk or a file server";
            case 'T' -> "stopped";
            case 't' -> "stopped by a debugger";
            case 'Z' -> "ended";
            default -> "other";
        };
    }
}
