package org.cgifpm.daemon.control;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What goes into JSON, which is text, of what is bytes. Pure. */
final class WireText {
    private WireText() {}

    /** Bytes that are UTF-8 as that text; others as one character for each byte. */
    static String of(String bytes) {
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
