package org.cgifpm.daemon.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * The form of a line: for journald a priority in angle brackets (sd-daemon(3)) and no time, which journald has itself;
 * elsewhere time and level.
 */
final class LogLine {
    static final int ERROR = 3;
    static final int WARNING = 4;
    static final int INFO = 6;
    static final int DEBUG = 7;

    private static final boolean JOURNAL = System.getenv("JOURNAL_STREAM") != null;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private LogLine() {}

    static String of(int priority, String text) {
        if (JOURNAL) {
            return "<" + priority + ">" + text + "\n";
        }
        String level = switch (priority) {
            case ERROR -> "error";
            case WARNING -> "warn ";
            case INFO -> "info ";
            default -> "debug";
        };
        return TIME.format(Instant.now()) + " " + level + " " + text + "\n";
    }
}
