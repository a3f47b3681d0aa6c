package org.cgifpm.daemon.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On which line each key and table of a TOML file stands; the TOML library does not tell.
 *
 * <p>Not a second parser: it knows just enough of TOML 0.4 (tables, quoted keys, strings of all four kinds, arrays,
 * inline tables, comments) to find its way, and goes on after anything it does not understand, which is the library's to
 * refuse. What the library takes silently and wrongly is listed as {@link #faults}.
 */
final class KeyLines {
    /** Something that the library would swallow. */
    record Fault(int line, String key, String message) {}

    private final String text;
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<Integer, String> keys = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();
    private int at;
    private int line = 1;

    private KeyLines(String text) {
        this.text = text;
    }

    static KeyLines scan(String text) {
        KeyLines keyLines = new KeyLines(text);
        keyLines.document();
        return keyLines;
    }

    /** The line of {@code pool.legacy.listen}; if there is no such key, of the nearest table around it, else 1. */
    int line(String path) {
        String nearest = path;
        while (true) {
            Integer found = lines.get(nearest);
            if (found != null) {
                return found;
            }
            int dot = nearest.lastIndexOf('.');
            if (dot < 0) {
                return 1;
            }
            nearest = nearest.substring(0, dot);
        }
    }

    /** The key or table that stands first on a line, empty if none does. */
    String keyOn(int wanted) {
        return keys.getOrDefault(wanted, "");
    }

    List<Fault> faults() {
        return faults;
    }

    private void document() {
        String table = "";
        while (true) {
            blank(true);
            if (at >= text.length()) {
                return;
            }
            if (text.charAt(at) == '[') {
                table = header();
            } else {
                entry(table);
            }
            restOfLine();
        }
    }

    /** {@code [a.b]} or {@code [[a.b]]}; the tables above it exist from here on too. */
    private String header() {
        int start = line;
        while (at < text.length() && text.charAt(at) == '[') {
            at++;
        }
        StringBuilder path = new StringBuilder();
        while (at < text.length()) {
            blank(false);
            String name = name();
            if (name == null) {
                break;
            }
            path.append(path.length() == 0 ? "" : ".").append(name);
            lines.putIfAbsent(path.toString(), start);
            blank(false);
            if (!skip('.')) {
                break;
            }
        }
        keys.putIfAbsent(start, path.toString());
        return path.toString();
    }

    private void entry(String table) {
        int start = line;
        String name = name();
        if (name == null) {
            return;
        }
        String path = table.isEmpty() ? name : table + "." + name;
        blank(false);
        if (!skip('=')) {
            return;
        }
        lines.putIfAbsent(path, start);
        keys.putIfAbsent(start, path);
        blank(false);
        if (at >= text.length() || "\r\n#".indexOf(text.charAt(at)) >= 0) {
            faults.add(new Fault(start, path, "nothing stands behind the =; give a value or remove the line"));
            return;
        }
        value(path);
    }

    private void value(String path) {
        if (at >= text.length()) {
            return;
        }
        switch (text.charAt(at)) {
            case '"', '\'' -> string(path);
            case '[' -> array(path);
            case '{' -> inlineTable(path);
            default -> {
                while (at < text.length() && ",]}#\r\n".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
            }
        }
    }

    private void array(String path) {
        at++;
        while (true) {
            blank(true);
            if (at >= text.length() || skip(']')) {
                return;
            }
            int before = at;
            value(path);
            blank(true);
            skip(',');
            if (at == before) {
                return; // a stray bracket
            }
        }
    }

    private void inlineTable(String path) {
        int start = line;
        at++;
        while (true) {
            blank(true);
            if (at >= text.length() || skip('}')) {
                break;
            }
            int before = at;
            entry(path);
            blank(true);
            skip(',');
            if (at == before) {
                break;
            }
        }
        if (line != start) {
            // The library takes it, and counts the lines after it wrongly.
            faults.add(new Fault(start, path, "a table in braces must stand on one line; write it as [" + path + "]"));
        }
    }

    private void string(String path) {
        char quote = text.charAt(at);
        String three = String.valueOf(quote).repeat(3);
        boolean multiline = text.startsWith(three, at);
        at += multiline ? 3 : 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (multiline ? text.startsWith(three, at) : c == quote) {
                at += multiline ? 3 : 1;
                return;
            }
            if (c == '\n') {
                if (!multiline) {
                    return;
                }
                line++;
            } else if (c == '\\' && quote == '"') {
                if (at + 1 < text.length() && text.charAt(at + 1) == 'U') {
                    faults.add(new Fault(line, path, "\\U is read wrongly here; write the character itself"));
                }
                if (at + 1 < text.length() && text.charAt(at + 1) != '\n') {
                    at++;
                }
            }
            at++;
        }
    }

    /** A bare or quoted name, null if none stands here. */
    private @Nullable String name() {
        int start = at;
        if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'')) {
            char quote = text.charAt(at++);
            while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
                at++;
            }
            String name = text.substring(start + 1, at);
            skip(quote);
            return name;
        }
        while (at < text.length() && " \t\r\n=.[]{},#\"'".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at == start ? null : text.substring(start, at);
    }

    /** Skips spaces, and where lines do not matter also line ends and comments. */
    private void blank(boolean overLines) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t') {
                at++;
            } else if (overLines && c == '#') {
                restOfLine();
            } else if (overLines && (c == '\n' || c == '\r')) {
                line += c == '\n' ? 1 : 0;
                at++;
            } else {
                return;
            }
        }
    }

    /** To the line end, which stays to be counted. */
    private void restOfLine() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
    }

    private boolean skip(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }
}
