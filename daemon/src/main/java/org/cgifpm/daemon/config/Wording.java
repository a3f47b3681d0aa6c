package org.cgifpm.daemon.config;

import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How values of a file are named in messages, so that each problem stays one readable line. */
final class Wording {
    private static final int LONGEST = 120;

    private Wording() {}

    /** The text in quotes, as TOML would write it, cut when it is long. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            if (i == LONGEST) {
                quoted.append("...");
                break;
            }
            escape(text.charAt(i), quoted);
        }
        return quoted.append('"').toString();
    }

    /** Appends one char as it stands inside a basic string of TOML 0.4. */
    static void escape(char c, StringBuilder to) {
        switch (c) {
            case '"' -> to.append("\\\"");
            case '\\' -> to.append("\\\\");
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            default -> {
                if (c < 0x20 || c == 0x7f) {
                    to.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
                } else {
                    to.append(c);
                }
            }
        }
    }

    /** A value with the name of its type: {@code "16" is a string}. */
    static String found(Object value) {
        if (value instanceof String text) {
            return quote(text) + " is a string";
        }
        if (value instanceof Long) {
            return value + " is an integer";
        }
        if (value instanceof Double) {
            return value + " is a float";
        }
        if (value instanceof Boolean) {
            return value + " is a boolean";
        }
        if (value instanceof Date) {
            return "this is a date";
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty() && list.get(0) instanceof Map ? "this is an array of tables" : "this is an array";
        }
        return "this is a table";
    }

    /** The word of an enum constant in files. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** {@code ; did you mean "max_children"?}, or nothing if no known word is near. */
    static String didYouMean(String wrong, Collection<String> known) {
        String best = Spelling.closest(wrong, known);
        return best == null ? "" : "; did you mean " + quote(best) + "?";
    }
}
