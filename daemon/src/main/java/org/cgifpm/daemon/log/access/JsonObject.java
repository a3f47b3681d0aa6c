package org.cgifpm.daemon.log.access;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object (RFC 8259) without line breaks, key by key; an empty text is written as null. */
final class JsonObject {
    /** Bytes of a value; longer ones are cut, so that a client cannot fill the disk with one line. */
    private static final int LONGEST = 4096;

    private final StringBuilder out;
    private boolean first = true;

    JsonObject(StringBuilder out) {
        this.out = out.append('{');
    }

    void end() {
        out.append('}');
    }

    /** @param digits a number as JSON has it, or null */
    void number(String key, @Nullable String digits) {
        key(key);
        out.append(digits == null ? "null" : digits);
    }

    void text(String key, String text) {
        key(key);
        if (text.isEmpty()) {
            out.append("null");
            return;
        }
        out.append('"');
        text.chars().forEach(c -> append((char) c));
        out.append('"');
    }

    /** Bytes held in an ISO-8859-1 string: shown as the UTF-8 that they are; a byte that is none as its number, in four digits behind a backslash and a u. */
    void bytes(String key, String bytes) {
        key(key);
        if (bytes.isEmpty()) {
            out.append("null");
            return;
        }
        out.append('"');
        utf8(bytes.length() > LONGEST ? bytes.substring(0, LONGEST) : bytes);
        if (bytes.length() > LONGEST) {
            out.append("... (").append(bytes.length()).append(" bytes)");
        }
        out.append('"');
    }

    private void utf8(String bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
        CharBuffer text = CharBuffer.allocate(in.remaining());
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        while (true) {
            CoderResult result = decoder.decode(in, text, true);
            text.flip().chars().forEach(c -> append((char) c));
            text.clear();
            if (!result.isError()) {
                return;
            }
            for (int i = 0; i < result.length(); i++) {
                escaped(in.get() & 0xff);
            }
            decoder.reset();
        }
    }

    private void key(String key) {
        if (!first) {
            out.append(',');
        }
        first = false;
        out.append('"').append(key).append("\":");
    }

    /** Besides what JSON wants escaped: what ends a line for some reader or turns the direction of the text. */
    private void append(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                int type = Character.getType(c);
                if (c < ' '
                        || type == Character.CONTROL
                        || type == Character.FORMAT
                        || type == Character.LINE_SEPARATOR
                        || type == Character.PARAGRAPH_SEPARATOR) {
                    escaped(c);
                } else {
                    out.append(c);
                }
            }
        }
    }

    private void escaped(int c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 0xf, 16));
        }
    }
}
