package org.cgifpm.adapters.frontend.http;

import java.time.Instant;
import org.cgifpm.protocol.cgi.ResponseHead;

/** Writes a script's head as an HTTP/1.1 head (RFC 9112, 4), with the fields that only a server knows. */
final class ResponseHeadWriter {
    private ResponseHeadWriter() {}

    /** @param keepAlive whether the connection lives on after this response */
    static String write(
            ResponseHead head, ResponseFraming framing, boolean keepAlive, HttpRequest request, Instant now) {
        StringBuilder text = new StringBuilder(512);
        text.append("HTTP/1.1 ").append(head.status()).append(' ').append(head.reason());
        text.append("\r\n");
        for (ResponseHead.Header header : head.headers()) {
            // Framing is this server's; the length stands in the head's own component.
            boolean framingField = header.name().equalsIgnoreCase("Content-Length")
                    || header.name().equalsIgnoreCase("Transfer-Encoding")
                    || header.name().equalsIgnoreCase("Connection");
            if (!framingField) {
                field(text, header.name(), header.value());
            }
        }
        if (head.header("Date") == null) {
            field(text, "Date", HttpDate.format(now));
        }
        if (head.header("Server") == null) {
            field(text, "Server", "cgi-fpm");
        }
        if (head.contentLength() >= 0 && head.status() != 204) {
            field(text, "Content-Length", Long.toString(head.contentLength()));
        } else if (framing.isChunked()) {
            field(text, "Transfer-Encoding", "chunked");
        }
        if (!keepAlive) {
            field(text, "Connection", "close");
        } else if (request.minor() == 0) {
            field(text, "Connection", "keep-alive");
        }
        return text.append("\r\n").toString();
    }

    private static void field(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append("\r\n");
    }
}
