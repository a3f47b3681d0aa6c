package org.cgifpm.adapters.frontend.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of one HTTP request (RFC 9112, 3 and 5), checked: the method is a token, no value holds CR, LF or NUL.
 *
 * <p>All strings are ISO-8859-1, one char for one byte.
 *
 * @param minor the protocol is HTTP/1.minor, 0 or 1
 */
record HttpRequest(String method, String target, int minor, List<Field> fields) {
    /** One header field, in the order it came. */
    record Field(String name, String value) {}

    HttpRequest {
        fields = List.copyOf(fields);
    }

    /** The first field of that name, whatever its case. */
    @Nullable
    String field(String name) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }

    /** The values of all fields of that name. */
    List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                values.add(field.value());
            }
        }
        return values;
    }

    /** Whether a field that is a comma-separated list holds that token, whatever its case. */
    boolean lists(String name, String token) {
        for (String value : all(name)) {
            for (String part : value.split(",", -1)) {
                if (part.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    boolean isGetOrHead() {
        return method.equals("GET") || isHead();
    }

    /** Whether the client lets the connection live after this request (RFC 9112, 9.3). */
    boolean wantsKeepAlive() {
        if (lists("Connection", "close")) {
            return false;
        }
        return minor == 1 || lists("Connection", "keep-alive");
    }

    /** Whether the client holds its body back until it is asked for (RFC 9110, 10.1.1). */
    boolean expectsContinue() {
        return minor == 1 && lists("Expect", "100-continue");
    }

    /** Whether a page is welcome; programs such as curl get plain text. */
    boolean wantsHtml() {
        return all("Accept").stream().anyMatch(value -> value.contains("text/html"));
    }
}
