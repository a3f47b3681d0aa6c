package org.cgifpm.adapters.frontend.http;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** One request as one line on the developer's terminal, in colour if the terminal wants it. Any thread. */
public final class RequestLine {
    private static final String RESET = "\u001b[0m";
    private static final String DIM = "\u001b[2m";
    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String CYAN = "\u001b[36m";
    private static final int LONGEST_URI = 200;

    private final boolean colours;
    private final DateTimeFormatter clock;

    /** @param zone the time of day is told in it */
    public RequestLine(boolean colours, ZoneId zone) {
        this.colours = colours;
        this.clock = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    /** Whether colours are wanted: a terminal that is not dumb, and no NO_COLOR with a value (no-color.org). */
    public static boolean wanted(boolean isTerminal, Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "");
        boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return isTerminal && !refused && !term.isEmpty() && !term.equals("dumb");
    }

    /** The line, without its newline. */
    public String format(ServedRequest served) {
        StringBuilder line = new StringBuilder(120);
        line.append(paint(DIM, clock.format(served.at()))).append("  ");
        String status = served.status() == 0 ? "---" : Integer.toString(served.status());
        line.append(paint(colourOf(served.status()), status)).append("  ");
        line.append(paint(BOLD, pad(escape(served.method()), 4))).append(' ');
        line.append(pad(uri(served.uri()), 32)).append("  ");
        line.append(padLeft(ByteCount.format(served.bytes()), 7)).append("  ");
        line.append(padLeft(milliseconds(served), 8));
        if (!served.what().isEmpty()) {
            line.append("  ").append(paint(DIM, escape(served.what())));
        }
        if (!served.note().isEmpty()) {
            line.append("  ").append(paint(YELLOW, escape(served.note())));
        }
        if (served.stderrLines() > 0) {
            String lines = served.stderrLines() == 1 ? " line " : " lines ";
            String note = "stderr: " + served.stderrLines() + lines + escape(served.stderrWhere());
            line.append("  ").append(paint(YELLOW, note));
        }
        return line.toString();
    }

    private String paint(String colour, String text) {
        return colours ? colour + text + RESET : text;
    }

    private static String colourOf(int status) {
        if (status == 0 || status >= 500) {
            return RED;
        }
        if (status >= 400) {
            return YELLOW;
        }
        return status >= 300 ? CYAN : GREEN;
    }

    private static String milliseconds(ServedRequest served) {
        double milliseconds = served.duration().toNanos() / 1e6;
        return String.format(Locale.ROOT, milliseconds < 9.95 ? "%.1f ms" : "%.0f ms", milliseconds);
    }

    private static String uri(String uri) {
        String shown = uri.length() <= LONGEST_URI ? uri : uri.substring(0, LONGEST_URI) + "...";
        return escape(shown);
    }

    /** A client must not be able to write to the terminal: everything that is not printable ASCII is spelt out. */
    private static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7f && c != '\\') {
                safe.append(c);
            } else if (c < 0x100) {
                safe.append(String.format("\\x%02x", (int) c));
            } else {
                safe.append(String.format("\\u%04x", (int) c));
            }
        }
        return safe.toString();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
