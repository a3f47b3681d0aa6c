package org.cgifpm.daemon.control;

import java.io.IOException;
import java.io.Writer;

/**
 * Collects a line of JSON as ASCII: whatever else is in its strings is escaped, so that it can neither end the line nor
 * steer the terminal of somebody who looks at it.
 */
final class AsciiLine extends Writer {
    private static final String HEX = "0123456789abcdef";

    /** There was more than was allowed. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final StringBuilder line = new StringBuilder(1024);
    private final int longest;

    /** @param longest characters, the line's end not counted */
    AsciiLine(int longest) {
        this.longest = longest;
    }

    @Override
    public void write(char[] text, int from, int length) throws TooLongException {
        for (int i = from; i < from + length; i++) {
            char c = text[i];
            if (c >= 0x20 && c <= 0x7e) {
                line.append(c);
            } else {
                line.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    line.append(HEX.charAt((c >> shift) & 0xf));
                }
            }
        }
        if (line.length() > longest) {
            throw new TooLongException();
        }
    }

    /** All of it, with a line end. */
    String text() {
        return line.append('\n').toString();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
