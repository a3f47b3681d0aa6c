package org.cgifpm.daemon.log.access;

import org.cgifpm.daemon.log.LogText;

/** One part of a line: fixed text or a placeholder. */
@FunctionalInterface
interface Piece {
    /** What stands where there is no value, as in php-fpm. */
    String NONE = "-";

    /** Appends its text, safe for a log. */
    void append(AccessEntry entry, StringBuilder line);

    /**
     * A value from outside: one line, printable, and no quotation mark, so that a client cannot end a quoted part of the
     * line and go on with fields of its own. A backslash of its own is doubled: what is escaped can be told from what was
     * sent.
     */
    static String safe(String bytes) {
        String text = LogText.ofBytes(bytes);
        return text.indexOf('"') < 0 ? text : text.replace("\"", "\\x22");
    }

    static String safeOrNone(String bytes) {
        return bytes.isEmpty() ? NONE : safe(bytes);
    }
}
