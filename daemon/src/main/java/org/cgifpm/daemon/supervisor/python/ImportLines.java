package org.cgifpm.daemon.supervisor.python;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the modules that a Python source imports, by its lines and without running it: also those that it imports in a
 * function or only if something holds, and not those whose names it makes up as it runs. Pure.
 */
final class ImportLines {
    private static final String NAME = "[\\w.\\x80-\\xff]+";
    private static final Pattern FROM = Pattern.compile("\\s*from\\s+(" + NAME + ")\\s+import\\b.*");
    private static final Pattern IMPORT = Pattern.compile("\\s*import\\s+(.+)");
    /** A statement of one line may stand behind these. */
    private static final Pattern HEAD =
            Pattern.compile("\\s*(?:try|else|finally|if\\b[^:]*|except\\b[^:]*)\\s*:\\s*(.*)");

    private final String source;
    private int at;

    private ImportLines(String source) {
        this.source = source;
    }

    /**
     * Their full names, such as {@code urllib.parse}; of {@code from a import b} that is {@code a}. What is imported from
     * the script's own package is left out.
     *
     * @param source bytes as ISO-8859-1
     */
    static Set<String> of(String source) {
        Set<String> modules = new TreeSet<>();
        ImportLines lines = new ImportLines(source);
        while (lines.at < source.length()) {
            for (String statement : lines.logicalLine().split(";", -1)) {
                Matcher head = HEAD.matcher(statement);
                take(head.matches() ? head.group(1) : statement, modules);
            }
        }
        return modules;
    }

    private static void take(String statement, Set<String> modules) {
        Matcher from = FROM.matcher(statement);
        if (from.matches()) {
            add(from.group(1), modules);
            return;
        }
        Matcher imports = IMPORT.matcher(statement);
        if (imports.matches()) {
            for (String each : imports.group(1).split(",", -1)) {
                String[] words = each.strip().split("\\s+", -1);
                if (words.length == 1 || (words.length == 3 && words[1].equals("as"))) {
                    add(words[0], modules);
                }
            }
        }
    }

    private static void add(String module, Set<String> modules) {
        boolean own = module.startsWith(".");
        if (!own && module.matches(NAME) && !module.endsWith(".") && !Character.isDigit(module.charAt(0))) {
            modules.add(module);
        }
    }

    /** Up to the end of a statement's line, without comments and what stands in quotes; lines that go on are one. */
    private String logicalLine() {
        StringBuilder line = new StringBuilder();
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '\n' || c == '\r') {
                at++;
                break;
            }
            if (c == '\\') {
                at += source.startsWith("\r\n", at + 1) ? 3 : 2;
                line.append(' ');
            } else if (c == '#') {
                skipComment();
            } else if (c == '"' || c == '\'') {
                skipText(c);
                line.append('"');
            } else {
                line.append(c);
                at++;
            }
        }
        return line.toString();
    }

    private void skipComment() {
        while (at < source.length() && source.charAt(at) != '\n' && source.charAt(at) != '\r') {
            at++;
        }
    }

    private void skipText(char quote) {
        String three = String.valueOf(quote).repeat(3);
        boolean longText = source.startsWith(three, at);
        String end = longText ? three : String.valueOf(quote);
        at += end.length();
        while (at < source.length() && !source.startsWith(end, at)) {
            if (!longText && source.charAt(at) == '\n') {
                return; // not closed: no Python, but the next line may be
            }
            at += source.charAt(at) == '\\' ? 2 : 1;
        }
        at = Math.min(at + end.length(), source.length());
    }
}
