package org.cgifpm.adapters.backend.worker;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.Role;
import org.jspecify.annotations.Nullable;

/**
 * What a request sends to its worker beside its params: STDIN, and for a filter DATA after it (FastCGI 1.0, 6). The first
 * bytes are kept, so that it can begin anew with another worker. Loop thread only.
 */
final class RelayBody {
    private final Exchange exchange;
    private final LongSupplier nanos;
    private @Nullable RelayConnection connection;
    private int id;
    private RecordType type = RecordType.STDIN;
    private byte[] kept = new byte[0];
    private int keptBytes;
    private boolean atHand = true;
    private boolean attached;
    private boolean ended;
    private boolean sent;
    private boolean blocked;
    private final boolean mayReplay;
    private long lastNanos;

    /**
     * @param nanos the loop's time
     * @param mayReplay whether the request could be begun anew at all; else nothing of it is kept
     */
    RelayBody(Exchange exchange, LongSupplier nanos, boolean mayReplay) {
        this.mayReplay = mayReplay;
        this.exchange = exchange;
        this.nanos = nanos;
        this.lastNanos = nanos.getAsLong();
    }

    /** Whether all that was sent so far could be sent again. */
    boolean atHand() {
        return atHand;
    }

    /** Whether the worker has been sent all of it. */
    boolean sent() {
        return sent;
    }

    /** When bytes went last, in the loop's time. */
    long lastNanos() {
        return lastNanos;
    }

    /** Sends all that there is to send over that connection, from the beginning. */
    void begin(RelayConnection over, int requestId) {
        connection = over;
        id = requestId;
        if (exchange.role() == Role.AUTHORIZER) {
            sent = true;
            return;
        }
        if (attached) {
            replay(over);
        } else if (exchange.body().expected()) {
            attached = true;
            exchange.body().sink(new Stream());
        } else {
            attached = true;
            ended = true;
            exchange.body().discard();
            streamEnded();
        }
    }

    private void replay(RelayConnection over) {
        if (keptBytes > 0) {
            over.body(RecordType.STDIN, id, ByteBuffer.wrap(kept, 0, keptBytes));
        }
        if (ended) {
            streamEnded();
        } else {
            exchange.body().resume();
        }
    }

    /** The connection has room again. */
    void goOn() {
        RequestBody body = type == RecordType.STDIN ? exchange.body() : exchange.data();
        if (blocked && body != null) {
            blocked = false;
            body.resume();
        }
    }

    /** The worker was lost: what comes waits until {@link #begin} is called for another. */
    void pause() {
        connection = null;
    }

    /** Nobody takes it any more. */
    void stop() {
        connection = null;
        if (!sent) {
            exchange.body().discard();
            RequestBody data = exchange.data();
            if (data != null) {
                data.discard();
            }
        }
    }

    private void streamEnded() {
        RelayConnection over = connection;
        if (over == null) {
            return;
        }
        over.endOfStream(type, id);
        RequestBody data = exchange.data();
        if (type == RecordType.STDIN && exchange.role() == Role.FILTER && data != null) {
            type = RecordType.DATA;
            ended = false;
            atHand = false;
            data.sink(new Stream());
        } else {
            sent = true;
        }
    }

    private final class Stream implements BodySink {
        @Override
        public void take(ByteBuffer chunk) {
            RelayConnection over = connection;
            if (over == null) {
                return;
            }
            // Not blocked while it takes: a body must not be resumed by the one that it is handed to.
            blocked = false;
            while (chunk.hasRemaining() && over.bodyRoom() > 0) {
                int count = Math.min(chunk.remaining(), over.bodyRoom());
                ByteBuffer piece = chunk.slice(chunk.position(), count);
                keep(piece.duplicate());
                over.body(type, id, piece);
                chunk.position(chunk.position() + count);
                lastNanos = nanos.getAsLong();
                over.flush();
            }
            blocked = chunk.hasRemaining();
        }

        private void keep(ByteBuffer piece) {
            if (!atHand) {
                return;
            }
            if (!mayReplay) {
                atHand = false;
                return;
            }
            if (keptBytes + piece.remaining() > RelaySettings.REPLAY_MEMORY) {
                atHand = false;
                kept = new byte[0];
                return;
            }
            if (kept.length == 0) {
                kept = new byte[RelaySettings.REPLAY_MEMORY];
            }
            int count = piece.remaining();
            piece.get(kept, keptBytes, count);
            keptBytes += count;
        }

        @Override
        public void end() {
            ended = true;
            RelayConnection over = connection;
            streamEnded();
            if (over != null) {
                over.flush();
            }
        }
    }
}
