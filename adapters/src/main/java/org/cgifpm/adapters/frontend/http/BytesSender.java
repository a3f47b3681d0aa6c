package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;

/** Sends a page from memory, as fast as the client takes it. Loop thread only. */
final class BytesSender implements ExchangeListener {
    private final Exchange exchange;
    private final ByteBuffer bytes;

    /** The head must have gone out. */
    BytesSender(Exchange exchange, ByteBuffer bytes) {
        this.exchange = exchange;
        this.bytes = bytes;
    }

    void send() {
        exchange.listener(this);
        writable();
    }

    @Override
    public void writable() {
        int room;
        while (bytes.hasRemaining() && (room = exchange.room()) > 0) {
            int count = Math.min(room, bytes.remaining());
            exchange.write(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
        }
        if (!bytes.hasRemaining()) {
            exchange.end(0);
        }
    }

    @Override
    public void aborted(String why) {
        bytes.position(bytes.limit());
    }
}
