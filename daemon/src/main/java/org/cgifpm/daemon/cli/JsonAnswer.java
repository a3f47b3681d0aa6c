package org.cgifpm.daemon.cli;

import com.google.gson.JsonObject;
import java.util.Locale;

/** A daemon's answer as {@code --json} prints it. */
final class JsonAnswer {
    private JsonAnswer() {}

    /** One line of ASCII, without the member that says that it is an answer. */
    static String of(JsonObject answer) {
        answer.remove("ok");
        String text = answer.toString();
        StringBuilder ascii = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7e) {
                ascii.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                ascii.append(c);
            }
        }
        return ascii.toString();
    }
}
