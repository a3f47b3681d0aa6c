package org.cgifpm.adapters;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.cgi.ResponseHead.Header;

/** The answers that the daemon gives itself: a status and its name, and nothing that the log should keep. */
public final class Answers {
    /** Seconds after which a client that found no room may come again. */
    private static final String RETRY_AFTER = "1";

    private static final Map<Integer, String> REASONS = Map.of(
            403, "Forbidden",
            404, "Not Found",
            408, "Request Timeout",
            413, "Content Too Large",
            431, "Request Header Fields Too Large",
            500, "Internal Server Error",
            502, "Bad Gateway",
            503, "Service Unavailable",
            504, "Gateway Timeout");

    private Answers() {}

    /**
     * Answers with an error and ends the exchange; does nothing if it is done.
     *
     * @param why shown to the client only where the exchange {@link ShowsFailures}
     * @param stderrTail the last of what the script wrote to its standard error, likewise
     */
    public static void error(Exchange exchange, int status, String why, String stderrTail) {
        if (exchange.done()) {
            return;
        }
        if (exchange instanceof ShowsFailures shows) {
            shows.failure(status, why, stderrTail);
            return;
        }
        String reason = REASONS.getOrDefault(status, "Error");
        ByteBuffer body = ByteBuffer.wrap((status + " " + reason + "\n").getBytes(StandardCharsets.ISO_8859_1));
        List<Header> headers = new ArrayList<>(4);
        headers.add(new Header("Content-Type", "text/plain; charset=utf-8"));
        headers.add(new Header("Content-Length", Integer.toString(body.remaining())));
        headers.add(new Header("Cache-Control", "no-store"));
        if (status == 503) {
            headers.add(new Header("Retry-After", RETRY_AFTER));
        }
        exchange.respond(new ResponseHead(status, reason, headers, body.remaining()));
        // A few bytes beyond the room do no harm: this is the last that is written.
        if (!exchange.params().getOrEmpty("REQUEST_METHOD").equals("HEAD")) {
            exchange.write(body);
        }
        if (status == 503) {
            exchange.endOverloaded();
        } else {
            exchange.end(0);
        }
    }
}
