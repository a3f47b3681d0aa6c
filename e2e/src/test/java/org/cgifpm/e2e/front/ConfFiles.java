package org.cgifpm.e2e.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cgifpm.e2e.lab.Repository;

/**
 * The files of conf/, moved so that a test can load them: the folders that they name lie below one of the test's, and what
 * {@link #put} says stands in the place of names and ports. All else is as shipped.
 */
public final class ConfFiles {
    public static final Path FOLDER = Repository.ROOT.resolve("conf");

    private static final Pattern FOLDERS = Pattern.compile("/(?:srv|home|(?:run|etc|var/log)/cgi-fpm)\\b");

    private final Path root;
    private final Map<String, String> places = new LinkedHashMap<>();

    /** @param root stands for / */
    public ConfFiles(Path root) {
        this.root = root;
    }

    /** Where {@code path} is, such as /srv/legacy. */
    public Path moved(String path) {
        return root.resolve(path.substring(1));
    }

    /** In files that have {@code text}, {@code other} stands there instead. */
    public ConfFiles put(String text, String other) {
        places.put(text, other);
        return this;
    }

    /** A file of conf/, moved. */
    public String text(String name) {
        try {
            return move(Files.readString(FOLDER.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Any text, moved. */
    public String move(String text) {
        String moved = FOLDERS.matcher(text).replaceAll(found -> Matcher.quoteReplacement(root + found.group()));
        for (Map.Entry<String, String> place : places.entrySet()) {
            moved = moved.replace(place.getKey(), place.getValue());
        }
        return moved;
    }

    /** Writes a file of conf/, moved, to where it says that it belongs. */
    public Path install(String name, Path target) {
        try {
            Files.createDirectories(target.getParent());
            return Files.writeString(target, text(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
