package org.cgifpm.daemon.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Text from outside, made fit for a log: one line, printable, bounded. What a client or a script wrote can neither
 * begin a line of its own nor steer a terminal.
 */
public final class LogText {
    private static final int LONGEST = 1024;

    private LogText() {}

    /** Bytes held in an ISO-8859-1 string: shown as UTF-8 where they are, with escapes where they are not. */
    public static String ofBytes(String bytes) {
        if (isPlain(bytes)) {
            return bytes;
        }
        String cut = bytes.length() > LONGEST ? bytes.substring(0, border(bytes)) : bytes;
        StringBuilder safe = new StringBuilder(cut.length() + 16);
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(cut.getBytes(StandardCharsets.ISO_8859_1)))
                    .codePoints()
                    .forEach(c -> append(safe, c));
        } catch (CharacterCodingException e) {
            cut.chars().forEach(octet -> appendByte(safe, octet));
        }
        if (cut.length() < bytes.length()) {
            safe.append("... (").append(bytes.length()).append(" bytes)");
        }
        return safe.toString();
    }

    /** Where to cut: not within a UTF-8 character of up to four bytes, or all of it would be shown as numbers. */
    private static int border(String bytes) {
        int end = LONGEST;
        while (end > LONGEST - 3 && bytes.charAt(end) >= 0x80 && bytes.charAt(end) < 0xc0) {
            end--;
        }
        return end;
    }

    private static boolean isPlain(String text) {
        if (text.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static void append(StringBuilder safe, int c) {
        switch (c) {
            case '\n' -> safe.append("\\n");
            case '\r' -> safe.append("\\r");
            case '\t' -> safe.append("\\t");
            case '\\' -> safe.append("\\\\");
            default -> {
                if (c < 0x20 || c == 0x7f) {
                    safe.append(String.format("\\x%02x", c));
                } else if (isInvisible(c)) {
                    safe.append(String.format("\\u{%x}", c));
                } else {
                    safe.appendCodePoint(c);
                }
            }
        }
    }

    /** C1 controls, and the format characters that turn the direction of what follows. */
    private static boolean isInvisible(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }

    private static void appendByte(StringBuilder safe, int octet) {
        if (octet > 0x7e) {
            safe.append(String.format("\\x%02x", octet));
        } else {
            append(safe, octet);
        }
    }
}
