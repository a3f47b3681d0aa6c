package org.cgifpm.adapters.testing;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.fastcgi.Role;
import org.jspecify.annotations.Nullable;

/** A request without a front end: gives a body from memory, and takes the answer as fast as the test says. */
public final class FakeExchange implements Exchange {
    /** How an exchange ended. */
    public enum End {
        COMPLETE,
        OVERLOADED,
        CUT,
        ABORTED
    }

    /** What the front end was given in the end. */
    public record Answer(End end, int status, String body, int appStatus) {}

    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final EventLoop loop;
    private final Params params = new Params();
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final FakeBody body;
    private @Nullable FakeBody data;
    private Role role = Role.RESPONDER;
    private ExchangeListener listener = why -> {};
    private @Nullable ResponseHead head;
    private boolean done;
    private boolean wanted;
    private boolean drainDue;
    private int pending;

    /** Bytes that the front end takes before it must be waited for. Set before the exchange is served. */
    public int window = 64 * 1024;
    /** While true the front end takes nothing from its window; loop thread, then {@link #drain}. */
    public boolean stalled;

    public FakeExchange(EventLoop loop, String method, byte[] input) {
        this.loop = loop;
        this.body = new FakeBody(input);
        params.add("REQUEST_METHOD", method);
    }

    // What tests ask

    public Answer answer() throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(15, TimeUnit.SECONDS);
    }

    public boolean answered() {
        return answer.isDone();
    }

    /** The client goes away. Loop thread. */
    public void abort(String why) {
        if (!done) {
            finish(End.ABORTED, 0);
            listener.aborted(why);
        }
    }

    public void bodyTooLarge() {
        listener.bodyTooLarge();
    }

    /** The front end takes all that waits. Loop thread. */
    public void drain() {
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
        return id;
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
    public FakeBody body() {
        return body;
    }

    /** Another role than RESPONDER; with a second stream for a FILTER. Before it is served. */
    public void role(Role wanted, @Nullable FakeBody second) {
        role = wanted;
        data = second;
    }

    @Override
    public Role role() {
        return role;
    }

    @Override
    public @Nullable FakeBody data() {
        return data;
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
            body.discard();
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
}
