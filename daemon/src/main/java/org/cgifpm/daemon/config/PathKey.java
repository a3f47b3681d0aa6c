package org.cgifpm.daemon.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads keys whose value is a path: absolute, and fit for one line of a log. Nothing is looked at. */
final class PathKey {
    private PathKey() {}

    /**
     * The path as a text, without slashes at its end; empty if the key is not set, or is wrong, which is a problem then.
     *
     * @param example a path that the key might have
     */
    static Optional<String> read(Section section, String key, String example) {
        return section.string(key).flatMap(path -> {
            if (!path.startsWith("/")) {
                section.problem(
                        key, Wording.quote(path) + " is not absolute; write a path such as " + Wording.quote(example));
                return Optional.empty();
            }
            if (Folders.hasControlCharacter(path)) {
                section.problem(key, Wording.quote(path) + " has a control character in it; write another path");
                return Optional.empty();
            }
            try {
                return Optional.of(Path.of(withoutSlashes(path)).toString());
            } catch (InvalidPathException e) {
                section.problem(
                        key,
                        Wording.quote(path) + " has characters that this locale cannot write; start with"
                                + " LC_ALL=C.UTF-8");
                return Optional.empty();
            }
        });
    }

    static String withoutSlashes(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }
}
