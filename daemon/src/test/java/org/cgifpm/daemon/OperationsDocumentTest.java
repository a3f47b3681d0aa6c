package org.cgifpm.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/operations.md has a row for every line that the sources log, with its level, and for no other. A line is known by
 * its text as it stands in the source, with {} for what differs.
 */
class OperationsDocumentTest {
    private static final List<String> SOURCES =
            List.of("../daemon/src/main/java", "../adapters/src/main/java", "../systemd/src/main/java");
    /** A logger's, or a pool's events, which become lines of the log. */
    private static final Pattern CALL =
            Pattern.compile("(?:\\bLOG|\\bevents|\\bevents\\(\\))\\s*\\.(error|warn|warning|info|debug)\\(");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([a-z, ]+) \\| ");

    @Test
    void hasARowForEveryLineThatIsLogged() throws IOException {
        Set<String> logged = logged();
        Set<String> rows = rows();
        assertTrue(logged.size() > 30, () -> "the sources are read wrongly: " + logged);

        assertEquals(Set.of(), without(logged, rows), "logged, and to be described in docs/operations.md");
        assertEquals(
                Set.of(),
                without(rows, logged),
                "described in docs/operations.md, but not logged, or with other levels");
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    @Test
    void readsTheTextOfACall() {
        assertEquals("pool {}: {}", template("\"pool {}: {}\", name, why); next(\"x\");"));
        assertEquals("{} runs cold: {}", template("script + \" runs cold: \" + why);"));
        assertEquals("{} has {}", template("a(\"b\", (c)) + \" has \" + String.join(\", \", d));"));
        assertEquals("{}", template("line(exchange, \"done\"));"));
    }

    private static Set<String> rows() throws IOException {
        Map<String, Set<String>> rows = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("../docs/operations.md")));
        while (row.find()) {
            rows.computeIfAbsent(row.group(1), key -> new TreeSet<>())
                    .addAll(List.of(row.group(2).split(", ")));
        }
        return lines(rows);
    }

    private static Set<String> logged() throws IOException {
        Map<String, Set<String>> logged = new TreeMap<>();
        for (String folder : SOURCES) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> collect(file, logged));
            }
        }
        return lines(logged);
    }

    private static Set<String> lines(Map<String, Set<String>> levels) {
        Set<String> lines = new TreeSet<>();
        levels.forEach((line, its) -> lines.add("`" + line + "` | " + String.join(", ", its)));
        return lines;
    }

    private static void collect(Path file, Map<String, Set<String>> logged) {
        String source;
        try {
            source = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Matcher call = CALL.matcher(source);
        while (call.find()) {
            String template = template(source.substring(call.end()));
            // A whole line that is made elsewhere, such as that of a request, has no text of its own here.
            if (!template.equals("{}")) {
                String level = call.group(1).equals("warning") ? "warn" : call.group(1);
                logged.computeIfAbsent(template, key -> new TreeSet<>()).add(level);
            }
        }
    }

    /** The first argument of a call: its own literals, and {} for each other part of the sum. */
    private static String template(String arguments) {
        StringBuilder text = new StringBuilder();
        boolean expression = false;
        int depth = 0;
        for (int i = 0; i < arguments.length(); i++) {
            char c = arguments.charAt(i);
            if (c == '"') {
                int end = endOfLiteral(arguments, i);
                if (depth == 0) {
                    text.append(arguments, i + 1, end);
                }
                i = end;
            } else if (depth == 0 && (c == ',' || c == ')')) {
                break;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (depth == 0 && c == '+') {
                expression = false;
            } else if (depth == 0 && !expression && !Character.isWhitespace(c)) {
                expression = true;
                text.append("{}");
            }
        }
        return text.toString();
    }

    private static int endOfLiteral(String text, int start) {
        int end = start + 1;
        while (text.charAt(end) != '"') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        return end;
    }
}
