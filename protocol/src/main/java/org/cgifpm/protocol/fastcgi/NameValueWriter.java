package org.cgifpm.protocol.fastcgi;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

/**
 * Writes name-value pairs (FastCGI 1.0, 3.4). Names and values are ISO-8859-1 strings, one char for one byte.
 *
 * <p>A pair that does not fit a record is the caller's to cut: it may span records, but it is written whole here.
 */
public final class NameValueWriter {
    private static final int SHORT_FORM_MAX = 127;

    private NameValueWriter() {}

    /** How many bytes {@link #write} needs for this pair, its lengths included. */
    public static int size(String name, String value) {
        long size = (long) lengthSize(name.length()) + lengthSize(value.length()) + name.length() + value.length();
        return Math.toIntExact(size);
    }

    /**
     * Writes the pair whole or not at all.
     *
     * @throws BufferOverflowException if {@code out} has less room than {@link #size}
     * @throws IllegalArgumentException if a char is not ISO-8859-1
     */
    public static void write(ByteBuffer out, String name, String value) {
        if (out.remaining() < size(name, value)) {
            throw new BufferOverflowException();
        }
        check(name);
        check(value);
        length(out, name.length());
        length(out, value.length());
        text(out, name);
        text(out, value);
    }

    private static int lengthSize(int length) {
        return length <= SHORT_FORM_MAX ? 1 : 4;
    }

    private static void length(ByteBuffer out, int length) {
        if (length <= SHORT_FORM_MAX) {
            out.put((byte) length);
        } else {
            out.put((byte) (length >>> 24 | 0x80));
            out.put((byte) (length >>> 16));
            out.put((byte) (length >>> 8));
            out.put((byte) length);
        }
    }

    private static void check(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                throw new IllegalArgumentException("char " + i + " of a name or value is not ISO-8859-1");
            }
        }
    }

    private static void text(ByteBuffer out, String text) {
        for (int i = 0; i < text.length(); i++) {
            out.put((byte) text.charAt(i));
        }
    }
}
