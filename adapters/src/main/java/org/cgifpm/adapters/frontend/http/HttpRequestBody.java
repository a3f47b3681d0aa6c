package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request. What the sink does not take stays in the connection's input buffer, which then fills up and
 * stops the reading: nothing is copied and at most 64 kB are kept. Loop thread only.
 */
final class HttpRequestBody implements RequestBody {
    /** The connection, as its body sees it. */
    interface Source {
        /** Something changed: {@link HttpRequestBody#push} is to be called soon. */
        void wake();

        /** The first receiver is there: a client that waits to be asked for the body is asked now. */
        void askForBody();
    }

    private final BodyDecoder decoder;
    private final long max;
    private final Source source;
    private final Runnable tooLarge;
    private @Nullable BodySink sink;
    private boolean discarded;
    private boolean blocked;
    private boolean endTold;
    private boolean overflowTold;
    private long received;

    /** @param tooLarge told once, when more than {@code max} bytes have come */
    HttpRequestBody(BodyDecoder decoder, long max, Source source, Runnable tooLarge) {
        this.decoder = decoder;
        this.max = max;
        this.source = source;
        this.tooLarge = tooLarge;
    }

    @Override
    public boolean expected() {
        return decoder.declared() != 0 && (received > 0 || !decoder.done());
    }

    @Override
    public void sink(BodySink receiver) {
        if (sink == null && !discarded) {
            source.askForBody();
        }
        sink = receiver;
        blocked = false;
        source.wake();
    }

    @Override
    public void resume() {
        blocked = false;
        source.wake();
    }

    @Override
    public void discard() {
        discarded = true;
        source.wake();
    }

    @Override
    public long received() {
        return received;
    }

    /** All of it has been taken off the connection. */
    boolean complete() {
        return decoder.done();
    }

    @Override
    public boolean hasEnded() {
        return decoder.done();
    }

    /** Hands on what stands in {@code in}, as far as the receiver takes it. */
    void push(ByteBuffer in) throws BadRequestException {
        while (!blocked || discarded) {
            int available = decoder.available(in);
            if (available == 0) {
                break;
            }
            int taken = discarded ? available : offer(in, available);
            in.position(in.position() + taken);
            decoder.consumed(taken);
            received += taken;
            if (received > max && !overflowTold) {
                overflowTold = true;
                discarded = true;
                tooLarge.run();
            } else if (taken < available) {
                blocked = true;
            }
        }
        tellEnd();
    }

    private int offer(ByteBuffer in, int available) {
        if (sink == null) {
            return 0;
        }
        ByteBuffer piece = in.slice(in.position(), available);
        sink.take(piece);
        return piece.position();
    }

    private void tellEnd() {
        if (decoder.done() && sink != null && !discarded && !endTold) {
            endTold = true;
            sink.end();
        }
    }
}
