package org.cgifpm.daemon.supervisor.python;

import java.util.Optional;

/**
 * What the first line of a script names, as the kernel reads it (fs/binfmt_script.c): a program and all that follows it as
 * one argument.
 *
 * @param program the program's path, as it is written
 * @param argument without blanks around it; it is there, and empty, if the file ends with blanks behind the program
 */
record Shebang(String program, Optional<String> argument) {
    /** Bytes of a file that the kernel looks at (BINPRM_BUF_SIZE). */
    static final int HEAD = 256;

    /**
     * Of a file that begins with these bytes; empty if the kernel would not take it for a script.
     *
     * @param head the first {@link #HEAD} bytes, fewer if the file has no more; ISO-8859-1
     */
    static Optional<Shebang> of(String head) {
        if (!head.startsWith("#!")) {
            return Optional.empty();
        }
        // Behind a file's end the kernel's buffer has zeros.
        String buffer = head.length() < HEAD ? head + '\0' : head.substring(0, HEAD);
        int end = buffer.indexOf('\n');
        if (end < 0) {
            int name = nextNot(buffer, 2, buffer.length());
            if (name == buffer.length() || separator(buffer, name, buffer.length()) == buffer.length()) {
                return Optional.empty(); // nothing there, or a name that may be cut
            }
            end = Math.min(buffer.length(), HEAD - 1); // the last byte of a full one has told enough
        }
        while (end > 2 && isBlank(buffer.charAt(end - 1))) {
            end--;
        }
        int name = nextNot(buffer, 2, end);
        int after = separator(buffer, name, end);
        if (after == name) {
            return Optional.empty();
        }
        Optional<String> argument = Optional.empty();
        if (after < end && buffer.charAt(after) != '\0') {
            argument = Optional.of(upToZero(buffer.substring(nextNot(buffer, after, end), end)));
        }
        return Optional.of(new Shebang(buffer.substring(name, after), argument));
    }

    private static int nextNot(String text, int from, int end) {
        int at = from;
        while (at < end && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int separator(String text, int from, int end) {
        int at = from;
        while (at < end && !isBlank(text.charAt(at)) && text.charAt(at) != '\0') {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static String upToZero(String text) {
        int zero = text.indexOf('\0');
        return zero < 0 ? text : text.substring(0, zero);
    }
}
