package org.cgifpm.daemon.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * Finds the files that {@code include} means. In each part of a path {@code *} stands for any characters, {@code ?} for
 * one, {@code [a-z]} for one of those and <code>{a,b}</code> for either; none matches a dot at the beginning, so that an
 * editor's hidden files stay out.
 */
final class Includes {
    private static final String WILDCARDS = "*?[{";

    private Includes() {}

    static boolean isPattern(String text) {
        return text.chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
    }

    /**
     * The files that a pattern means now, by name; none is no mistake: a folder for pools may be empty.
     *
     * @param folder where a relative pattern begins
     * @throws IOException when a folder on the way cannot be listed
     */
    static List<Path> expand(Path folder, String pattern) throws IOException {
        List<Path> found = List.of(pattern.startsWith("/") ? Path.of("/") : folder);
        for (Path part : Path.of(pattern)) {
            String name = part.toString();
            List<Path> next = new ArrayList<>();
            for (Path path : found) {
                if (!isPattern(name)) {
                    next.add(path.resolve(name));
                } else {
                    list(path, name, matcher(name), next);
                }
            }
            Collections.sort(next);
            found = next;
        }
        // A part without a wildcard may follow one with, and need not be there in each folder.
        found.removeIf(path -> !Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        return found;
    }

    private static PathMatcher matcher(String pattern) throws IOException {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            throw new FileSystemException(pattern, null, "no pattern: " + e.getDescription());
        }
    }

    private static void list(Path folder, String pattern, PathMatcher matcher, List<Path> into) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if ((name.charAt(0) != '.' || pattern.charAt(0) == '.') && matcher.matches(entry.getFileName())) {
                    into.add(entry);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // The same as a folder in which nothing matches.
            return;
        }
    }
}
