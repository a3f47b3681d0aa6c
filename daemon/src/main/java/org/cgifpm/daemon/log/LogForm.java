package org.cgifpm.daemon.log;

import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;

/** How log lines look, which depends on who reads them. */
public enum LogForm {
    /** For journald: a priority in angle brackets (sd-daemon(3)), and no time, which journald has itself. */
    JOURNAL,
    /** For files, terminals and containers: time and level. */
    PLAIN;

    private static final int STANDARD_ERROR = 2;

    /**
     * The form for this process's standard error. A service manager names in JOURNAL_STREAM the device and inode of what
     * it has connected with the journal (systemd.exec(5)); it is inherited, so it says nothing where standard error is
     * something else by now.
     *
     * @param journalStream the variable, "" where there is none
     */
    public static LogForm ofStandardError(Syscalls syscalls, String journalStream) {
        if (journalStream.isEmpty()) {
            return PLAIN;
        }
        try {
            FileStatus there = syscalls.status(STANDARD_ERROR);
            return journalStream.equals(deviceNumber(there.device()) + ":" + Long.toUnsignedString(there.inode()))
                    ? JOURNAL
                    : PLAIN;
        } catch (SyscallException e) {
            return PLAIN;
        }
    }

    /** What a line about something that is wrong begins with, which is printed before there is a log. */
    public String errorMark() {
        return this == JOURNAL ? "<" + LogLine.ERROR + ">" : "";
    }

    /** As {@link #errorMark}, of something that should be known. */
    public String warningMark() {
        return this == JOURNAL ? "<" + LogLine.WARNING + ">" : "";
    }

    /** As st_dev of stat(2) has it (makedev(3)). */
    static String deviceNumber(long device) {
        long major = device >>> 32;
        long minor = device & 0xffff_ffffL;
        long number = ((major & 0xffff_f000L) << 32)
                | ((major & 0xfff) << 8)
                | ((minor & 0xffff_ff00L) << 12)
                | (minor & 0xff);
        return Long.toUnsignedString(number);
    }
}
