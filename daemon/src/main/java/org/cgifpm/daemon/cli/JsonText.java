package org.cgifpm.daemon.cli;

import java.util.Locale;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.supervisor.Explanation;

/** What goes into JSON, which is text, of what is bytes. */
final class JsonText {
    private JsonText() {}

    /** Bytes that are UTF-8 as that text; others as one character for each byte. */
    static String of(String bytes) {
        return ByteText.toTextOrBytes(bytes);
    }

    static String of(Explanation.Result result) {
        return result.name().toLowerCase(Locale.ROOT);
    }
}
