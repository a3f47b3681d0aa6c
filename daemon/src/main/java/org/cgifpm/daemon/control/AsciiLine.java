package org.cgifpm.daemon.control;

import java.io.ByteArrayOutputStream;
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

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final int longest;

    /** @param longest bytes, the line's end not counted */
    AsciiLine(int longest) {
        this.longest = longest;
    }

    @Override
    public void write(char[] text, int from, int length) throws TooLongException {
        for (int i = from; i < from + length; i++) {
            char c = text[i];
            if (c >= 0x20 && c <= 0x7e) {
                bytes.write(c);
            } else {
                bytes.write('\\');
                bytes.write('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    bytes.write(HEX.charAt((c >> shift) & 0xf));
                }
            }
        }
        if (bytes.size() > longest) {
            throw new TooLongException();
        }
    }

    /** All of it, with a line end. */
    byte[] bytes() {
        bytes.write('\n');
        return bytes.toByteArray();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
