package org.cgifpm.daemon.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Makes a line of a text, in the form that its readers want. Any thread. */
final class LogLine {
    static final int ERROR = 3;
    static final int WARNING = 4;
    static final int INFO = 6;
    static final int DEBUG = 7;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private LogLine() {}

    static String of(LogForm form, int priority, String text) {
        if (form == LogForm.JOURNAL) {
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
