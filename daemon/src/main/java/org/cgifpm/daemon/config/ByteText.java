package org.cgifpm.daemon.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Turns text from a file into the strings that the rest of the daemon uses for paths and params, and back.
 *
 * <p>Those strings hold one byte in each char. A configuration file is UTF-8, so {@code é} in it is one char, and two
 * in the daemon. For ASCII both are the same.
 */
public final class ByteText {
    private ByteText() {}

    /** The UTF-8 bytes of a text, one in each char. */
    public static String fromText(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The text whose UTF-8 bytes these are, for people to read; bytes that are no UTF-8 are lost. */
    public static String toText(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** As {@link #toText}, but bytes that are no UTF-8 become one character for each byte: what goes into JSON. */
    public static String toTextOrBytes(String bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return bytes;
        }
    }
}
