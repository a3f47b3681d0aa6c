package org.cgifpm.daemon.config;

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
            return Optional.of(withoutSlashes(path));
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
