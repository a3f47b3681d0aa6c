package org.cgifpm.daemon.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.cgifpm.daemon.supervisor.Explanation;

/** What goes into JSON, which is text, of what is bytes. */
final class JsonText {
    private JsonText() {}

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

    static String of(Explanation.Result result) {
        return result.name().toLowerCase(Locale.ROOT);
    }
}
