package org.cgifpm.daemon.supervisor.python;

import java.util.Optional;

/**
 * What the first line of a script names, as the kernel reads it (fs/binfmt_script.c): a program and all that follows it as
 * one argument.
 *
 * @param program the program's path, as it is written
 * @param argument without blanks around it; "" if there is none
 */
record Shebang(String program, String argument) {
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
        // Behind a file's end the kernel's buffer has zeros, and the last byte of a full one is never looked at.
        String buffer = head.length() < HEAD ? head + '\0' : head.substring(0, HEAD - 1);
        int end = head.substring(0, Math.min(head.length(), HEAD)).indexOf('\n');
        if (end < 0) {
            int name = nextNot(buffer, 2, buffer.length());
            if (name == buffer.length() || separator(buffer, name, buffer.length()) == buffer.length()) {
                return Optional.empty(); // nothing there, or a name that may be cut
            }
            end = buffer.length();
        }
        while (end > 2 && isBlank(buffer.charAt(end - 1))) {
            end--;
        }
        int name = nextNot(buffer, 2, end);
        int after = separator(buffer, name, end);
        if (after == name) {
            return Optional.empty();
        }
        String argument = "";
        if (after < end && buffer.charAt(after) != '\0') {
            argument = upToZero(buffer.substring(nextNot(buffer, after, end), end));
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
