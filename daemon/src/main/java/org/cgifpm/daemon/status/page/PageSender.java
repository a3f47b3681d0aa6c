package org.cgifpm.daemon.status.page;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.cgi.ResponseHead.Header;

/** Sends one page as fast as the front end takes it. Loop thread only. */
final class PageSender implements ExchangeListener {
    private final Exchange exchange;
    private final ByteBuffer rest;

    private PageSender(Exchange exchange, ByteBuffer body) {
        this.exchange = exchange;
        this.rest = body;
    }

    /**
     * Answers, and ends the exchange when all is sent; does nothing if it is done.
     *
     * @param status 200 or 503
     * @param more fields beside those that every page has
     */
    static void send(Exchange exchange, int status, String type, List<Header> more, byte[] body) {
        if (exchange.done()) {
            return;
        }
        List<Header> headers = new ArrayList<>(List.of(
                new Header("Content-Type", type),
                new Header("Content-Length", Integer.toString(body.length)),
                new Header("Cache-Control", "no-store"),
                new Header("X-Content-Type-Options", "nosniff")));
        headers.addAll(more);
        boolean head = exchange.params().getOrEmpty("REQUEST_METHOD").equals("HEAD");
        PageSender sender = new PageSender(exchange, ByteBuffer.wrap(body, 0, head ? 0 : body.length));
        exchange.listener(sender);
        exchange.respond(new ResponseHead(status, status == 200 ? "OK" : "Service Unavailable", headers, body.length));
        sender.writable();
    }

    @Override
    public void writable() {
        while (rest.hasRemaining() && !exchange.done()) {
            int room = Math.min(exchange.room(), rest.remaining());
            if (room == 0) {
                return;
            }
            exchange.write(rest.slice(rest.position(), room));
            rest.position(rest.position() + room);
        }
        exchange.end(0);
    }

    @Override
    public void aborted(String why) {
        // Nobody reads the page any more, and nothing is held for it.
        rest.position(rest.limit());
    }
}
