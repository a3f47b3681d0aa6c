package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.jspecify.annotations.Nullable;

/** A request without a front end: gives a body from memory, and takes the answer as fast as the test says. */
final class FakeExchange implements Exchange, RequestBody {
    /** How an exchange ended. */
    enum End {
        COMPLETE,
        OVERLOADED,
        CUT,
        ABORTED
    }

    /** What the front end was given in the end. */
    record Answer(End end, int status, String body, int appStatus) {}

    private static final int CHUNK = 32 * 1024;

    private final EventLoop loop;
    private final Params params = new Params();
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final byte[] input;
    private int given;
    private ExchangeListener listener = why -> {};
    private @Nullable BodySink sink;
    private @Nullable ResponseHead head;
    private boolean endGiven;
    private boolean done;
    private boolean wanted;
    private boolean drainDue;
    private int pending;

    /** Bytes that the front end takes before it must be waited for. Set before the exchange is served. */
    int window = 64 * 1024;
    /** While true the front end takes nothing from its window; loop thread, then {@link #drain}. */
    boolean stalled;
    /** True for a client that never sends the end of its body. */
    boolean unfinishedBody;

    boolean discarded;

    FakeExchange(EventLoop loop, String method, byte[] input) {
        this.loop = loop;
        this.input = input.clone();
        params.add("REQUEST_METHOD", method);
    }

    // What tests ask

    Answer answer() throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(15, TimeUnit.SECONDS);
    }

    boolean answered() {
        return answer.isDone();
    }

    /** The client goes away. Loop thread. */
    void abort(String why) {
        if (!done) {
            finish(End.ABORTED, 0);
            listener.aborted(why);
        }
    }

    void bodyTooLarge() {
        listener.bodyTooLarge();
    }

    /** The front end takes all that waits. Loop thread. */
    void drain() {
        drainDue = false;
        if (stalled) {
            return;
        }
        pending = 0;
        if (wanted && !done) {
            wanted = false;
            listener.writable();
        }
    }

    // Exchange

    @Override
    public long id() {
        return 1;
    }

    @Override
    public Params params() {
        return params;
    }

    @Override
    public String peer() {
        return "test";
    }

    @Override
    public RequestBody body() {
        return this;
    }

    @Override
    public void listener(ExchangeListener told) {
        listener = told;
    }

    @Override
    public void respond(ResponseHead response) {
        if (!done) {
            assertNull(head, "a second head");
            head = response;
        }
    }

    @Override
    public @Nullable ResponseHead responded() {
        return head;
    }

    @Override
    public int room() {
        int room = Math.max(0, window - pending);
        wanted |= room == 0;
        return room;
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (done) {
            return;
        }
        assertTrue(head != null, "body before head");
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        out.writeBytes(piece);
        pending += piece.length;
        assertTrue(pending <= window + 1024, "more than there was room for");
        if (!drainDue && !stalled) {
            drainDue = true;
            loop.schedule(0, this::drain);
        }
    }

    @Override
    public void end(int appStatus) {
        finish(End.COMPLETE, appStatus);
    }

    @Override
    public void endOverloaded() {
        finish(End.OVERLOADED, 0);
    }

    @Override
    public void cut() {
        finish(End.CUT, 1);
    }

    private void finish(End end, int appStatus) {
        if (!done) {
            done = true;
            discarded = true;
            int status = head == null ? 0 : head.status();
            answer.complete(new Answer(end, status, out.toString(StandardCharsets.ISO_8859_1), appStatus));
        }
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public long bytesWritten() {
        return out.size();
    }

    // RequestBody

    @Override
    public boolean expected() {
        return input.length > 0 || unfinishedBody;
    }

    @Override
    public void sink(BodySink receiver) {
        sink = receiver;
        resume();
    }

    @Override
    public void resume() {
        BodySink to = Objects.requireNonNull(sink, "resumed without a sink");
        while (!discarded && given < input.length) {
            int size = Math.min(CHUNK, input.length - given);
            ByteBuffer chunk = ByteBuffer.allocateDirect(size);
            chunk.put(input, given, size).flip();
            to.take(chunk);
            given += size - chunk.remaining();
            if (chunk.hasRemaining()) {
                return;
            }
        }
        if (!discarded && !endGiven && !unfinishedBody) {
            endGiven = true;
            to.end();
        }
    }

    @Override
    public void discard() {
        discarded = true;
    }

    @Override
    public boolean hasEnded() {
        return !unfinishedBody;
    }

    @Override
    public long received() {
        return input.length;
    }
}
