package org.cgifpm.daemon.config;

import org.jspecify.annotations.Nullable;

/** Says in our words, with a place and advice, what the TOML library says in its own when it refuses a document. */
final class SyntaxMessage {
    private static final String ON_LINE = " on line ";
    private static final String QUOTES = "; texts, times and sizes stand in quotes";

    private SyntaxMessage() {}

    static Problem problem(String file, String text, KeyLines lines, RuntimeException failure) {
        String said = String.valueOf(failure.getMessage());
        if (failure instanceof NumberFormatException) {
            String number = between(said, '"');
            int line = lineOf(text, number);
            return new Problem(file, line, lines.keyOn(line), number + " is too large for a number");
        }
        int at = said.indexOf(ON_LINE);
        int line = at < 0 ? 1 : number(said, at + ON_LINE.length());
        String kind = at < 0 ? said : said.substring(0, at);
        String key = kind.startsWith("Invalid table") ? "" : lines.keyOn(line);
        return new Problem(file, line, key, message(kind, line(text, line), lines, line));
    }

    private static String message(String kind, String written, KeyLines lines, int line) {
        String quoted = Wording.quote(written);
        if (kind.startsWith("Invalid value")) {
            return "what stands behind the = is no value: " + quoted + QUOTES;
        }
        if (kind.startsWith("Invalid text after key")) {
            return "more text behind the value: " + quoted + QUOTES + ", a comment begins with #";
        }
        if (kind.startsWith("Invalid key")) {
            return "no key: " + quoted + "; write name = value with letters, digits, _ and - in the name (dots only in"
                    + " a [table])";
        }
        if (kind.startsWith("Key is not followed by an equals sign")) {
            return "no = behind the key: " + quoted + "; write name = value";
        }
        if (kind.startsWith("Invalid table")) {
            return "no table header: " + quoted + "; write such as [pool.main]";
        }
        if (kind.startsWith("Unterminated value")) {
            return "the value does not end: " + quoted + "; a quote or bracket is missing";
        }
        if (kind.startsWith("Duplicate key")) {
            return "stands already on line " + lines.line(lines.keyOn(line)) + "; remove one";
        }
        if (kind.startsWith("Duplicate table") || kind.startsWith("Key already exists")) {
            return "the name stands already on line " + lines.line(lines.keyOn(line)) + "; write both as one table";
        }
        if (kind.endsWith("becomes a heterogeneous array")) {
            return "an array holds values of one type: " + quoted + "; put quotes around each";
        }
        return "this is not TOML: " + Wording.quote(kind);
    }

    private static String line(String text, int wanted) {
        int start = 0;
        for (int line = 1; line < wanted; line++) {
            start = text.indexOf('\n', start) + 1;
            if (start == 0) {
                return "";
            }
        }
        int end = text.indexOf('\n', start);
        return text.substring(start, end < 0 ? text.length() : end).strip();
    }

    private static int lineOf(String text, @Nullable String part) {
        int line = 1;
        int end = part == null ? -1 : text.indexOf(part);
        for (int i = 0; i < end; i++) {
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        return line;
    }

    private static String between(String text, char quote) {
        int start = text.indexOf(quote);
        int end = text.lastIndexOf(quote);
        return start < end ? text.substring(start + 1, end) : text;
    }

    private static int number(String text, int start) {
        int number = 0;
        for (int i = start; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
            number = number * 10 + (text.charAt(i) - '0');
        }
        return Math.max(number, 1);
    }
}
