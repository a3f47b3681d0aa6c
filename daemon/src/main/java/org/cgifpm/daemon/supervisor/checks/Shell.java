package org.cgifpm.daemon.supervisor.checks;

/** Writes paths into commands that are advised. */
final class Shell {
    private static final String SAFE = "/._-+,:@%=";

    private Shell() {}

    /** As one word of a POSIX shell. */
    static String word(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && SAFE.indexOf(c) < 0) {
                return "'" + path.replace("'", "'\\''") + "'";
            }
        }
        return path;
    }
}
