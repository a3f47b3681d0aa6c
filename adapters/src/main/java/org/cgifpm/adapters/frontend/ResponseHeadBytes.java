package org.cgifpm.adapters.frontend;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cgifpm.protocol.cgi.ResponseHead;

/** A checked head as a CGI response again (RFC 3875, 6.3), which is what FastCGI front ends read. */
final class ResponseHeadBytes {
    private ResponseHeadBytes() {}

    static ByteBuffer of(ResponseHead head) {
        StringBuilder text = new StringBuilder(256);
        text.append("Status: ").append(head.status()).append(' ').append(head.reason());
        for (ResponseHead.Header header : head.headers()) {
            text.append("\r\n").append(header.name()).append(": ").append(header.value());
        }
        text.append("\r\n\r\n");
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
