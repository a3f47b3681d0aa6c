package org.cgifpm.protocol.cgi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a script's answer (RFC 3875, 6.2 and 6.3), checked and ready to be sent on.
 *
 * <p>All strings are ISO-8859-1, one char for one byte, without CR, LF or NUL. Hop-by-hop fields, {@code Status} and
 * interim (1xx) heads are gone; everything else is in the order and the spelling of the script.
 *
 * @param status 200 to 599
 * @param reason the reason phrase, never empty: the script's, else the standard one, else "Status"
 * @param headers all fields but {@code Status}, duplicates kept apart
 * @param contentLength what the script said its body has, or -1 when it did not say
 */
public record ResponseHead(int status, String reason, List<Header> headers, long contentLength) {
    /** One header field. */
    public record Header(String name, String value) {}

    public ResponseHead {
        headers = List.copyOf(headers);
    }

    /** Responses to HEAD, and 204 and 304, have no body whatever the script prints (RFC 9110, 6.4.1). */
    public boolean forbidsBody() {
        return status == 204 || status == 304;
    }

    /** The first field of that name, whatever its case. */
    public @Nullable String header(String name) {
        for (Header header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                return header.value();
            }
        }
        return null;
    }
}
