package org.cgifpm.daemon.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Opens a main file and what it includes, and makes tables of them; what cannot be read is a problem and empty. */
final class SourceFiles {
    private final Function<String, Map<String, Object>> toml;
    private final Problems problems;

    /** @param toml the library: makes tables of a document, or throws */
    SourceFiles(Function<String, Map<String, Object>> toml, Problems problems) {
        this.toml = toml;
        this.problems = problems;
    }

    /** The main file first, always there; then the included ones in the order of {@code include}, each once. */
    List<Source> read(Path file) {
        List<Source> sources = new ArrayList<>();
        Source main;
        try {
            main = parsed(file, 0, Files.readString(file));
        } catch (IOException e) {
            main = new Source(file, 0, Map.of(), KeyLines.scan(""));
            problems.add(main, "", "the file " + why(e));
        }
        sources.add(main);
        Section top = new Section(main, "", main.tables(), problems);
        List<Path> seen = new ArrayList<>(List.of(file.normalize()));
        for (String pattern : top.strings("include", false).orElse(List.of())) {
            for (Path path : included(top, file, pattern)) {
                if (!seen.contains(path.normalize())) {
                    seen.add(path.normalize());
                    include(top, path, sources);
                }
            }
        }
        return sources;
    }

    private void include(Section top, Path file, List<Source> sources) {
        try {
            Source source = parsed(file, sources.size(), Files.readString(file));
            sources.add(source);
            if (source.tables().containsKey("include")) {
                problems.add(
                        source,
                        "include",
                        "an included file may not include others; name them in "
                                + top.source().file());
            }
        } catch (IOException e) {
            top.problem("include", Wording.quote(file.toString()) + " " + why(e) + "; correct it or take it out");
        }
    }

    private static List<Path> included(Section top, Path file, String pattern) {
        Path folder = file.resolveSibling("");
        try {
            if (pattern.isEmpty()) {
                top.problem("include", "\"\" names no file; write such as \"pools.d/*.toml\"");
                return List.of();
            }
            return Includes.isPattern(pattern) ? Includes.expand(folder, pattern) : List.of(folder.resolve(pattern));
        } catch (InvalidPathException e) {
            top.problem(
                    "include", Wording.quote(pattern) + " cannot be a path in this locale; start with LC_ALL=C.UTF-8");
        } catch (IOException e) {
            top.problem("include", Wording.quote(pattern) + " " + why(e));
        }
        return List.of();
    }

    private Source parsed(Path file, int order, String text) {
        KeyLines lines = KeyLines.scan(text);
        Map<String, Object> tables = Map.of();
        List<Problem> syntax = new ArrayList<>();
        try {
            tables = withoutQuotes(toml.apply(text));
        } catch (RuntimeException e) {
            syntax.add(SyntaxMessage.problem(file.toString(), text, lines, e));
        }
        Source source = new Source(file, order, tables, lines);
        for (KeyLines.Fault fault : lines.faults()) {
            problems.add(source, fault.line(), fault.key(), fault.message());
        }
        for (Problem problem : syntax) {
            problems.add(source, problem.line(), problem.key(), problem.message());
        }
        return source;
    }

    /** The library leaves the quotes on names; of two that differ in nothing else, the last one stays. */
    private static Map<String, Object> withoutQuotes(Map<String, Object> table) {
        Map<String, Object> clean = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : table.entrySet()) {
            String name = entry.getKey();
            boolean quoted = name.length() > 1 && (name.charAt(0) == '"' || name.charAt(0) == '\'');
            Object value = entry.getValue();
            clean.put(
                    quoted ? name.substring(1, name.length() - 1) : name,
                    value instanceof Map ? withoutQuotes(Section.tableOf(value)) : value);
        }
        return clean;
    }

    private static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "cannot be read: permission denied";
        }
        if (e instanceof CharacterCodingException) {
            return "is not UTF-8";
        }
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return "cannot be read: " + reason;
    }
}
