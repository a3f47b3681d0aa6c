package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.cgifpm.protocol.cgi.Params;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: one request after the other, each as an {@link HttpExchange}. Loop thread only.
 *
 * <pre>
 *   HEAD ──head complete──▶ LOOKUP ──resource known──▶ EXCHANGE ──all written──▶ DRAIN ──body read off──▶ HEAD
 *                                                          │
 *                                                          └──not to be kept──▶ LINGER ──client closes──▶ CLOSED
 * </pre>
 *
 * <p>All work is done once, at the end of a turn of the loop, whatever woke it: what the socket and the exchange's
 * owner do in the turn only changes state. Closing goes by LINGER because a close with unread input resets the
 * connection, and the client loses an answer that was sent already.
 */
final class HttpConnection implements HttpExchange.Wire {
    private enum Phase {
        HEAD,
        LOOKUP,
        EXCHANGE,
        DRAIN,
        LINGER,
        CLOSED
    }

    private static final int STEPS_A_TURN = 8;
    private static final HttpRequest UNREADABLE = new HttpRequest("-", "-", 1, List.of());

    private final ServerContext context;
    private final int fd;
    private final String peer;
    private final Consumer<HttpConnection> closed;
    private final Registration registration;
    private final RequestHeadReader heads = new RequestHeadReader(Buffers.SIZE);
    private final OutputBuffer output;
    private Phase phase = Phase.HEAD;
    /** Readable between position and limit; null while there is nothing in it. */
    private @Nullable ByteBuffer input;

    private @Nullable HttpExchange exchange;
    private @Nullable Timer timer;
    private String timerFor = "";
    private long startedNanos;
    private boolean stopping;
    private boolean script;
    private boolean askedForBody;
    private boolean inputEnded;
    private boolean hungUp;
    private boolean waking;
    private boolean again;

    HttpConnection(ServerContext context, int fd, String peer, Consumer<HttpConnection> closed)
            throws SyscallException {
        this.context = context;
        this.fd = fd;
        this.peer = peer;
        this.closed = closed;
        this.output = new OutputBuffer(context.buffers());
        this.registration = context.loop().register(fd, EventLoop.IN, this::ready);
        arm("idle", context.settings().connectionIdleTimeout());
    }

    /** Waits for a request and has not a byte of one. */
    boolean isIdle() {
        return phase == Phase.HEAD && input == null && output.isEmpty();
    }

    /** Lets the current request end, and none follow. */
    void stop() {
        stopping = true;
        if (isIdle()) {
            close();
        }
    }

    // What the exchange sees.

    @Override
    public OutputBuffer output() {
        return output;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public boolean mayKeepAlive() {
        HttpExchange now = exchange;
        boolean bodyNeverAskedFor = now != null
                && now.request().expectsContinue()
                && !askedForBody
                && !now.requestBody().complete();
        return !stopping && !inputEnded && !bodyNeverAskedFor;
    }

    @Override
    public void askForBody() {
        HttpExchange now = exchange;
        if (now == null || askedForBody || now.responded() != null || now.done()) {
            return;
        }
        askedForBody = true;
        if (now.request().expectsContinue() && now.requestBody().expected()) {
            output.put("HTTP/1.1 100 Continue\r\n\r\n");
            wake();
        }
    }

    @Override
    public void wake() {
        again = true;
        if (!waking && phase != Phase.CLOSED) {
            waking = true;
            context.loop().atTurnEnd(this::turn);
        }
    }

    // What the loop sees.

    private void ready(int events) {
        if ((events & EventLoop.IN) != 0) {
            fill();
        }
        if ((events & (EventLoop.HUP | EventLoop.ERR)) != 0) {
            lost("client gone");
        } else if ((events & EventLoop.RDHUP) != 0) {
            halfClosed();
        }
        wake();
    }

    /** TCP cannot tell a client that closed from one that only has nothing more to send; a script is not run for nobody. */
    private void halfClosed() {
        hungUp = true;
        if (phase == Phase.EXCHANGE && script) {
            lost("client gone");
        }
    }

    private void fill() {
        if (phase == Phase.CLOSED) {
            return;
        }
        ByteBuffer buffer = input == null ? context.buffers().take().limit(0) : input;
        input = buffer;
        buffer.compact();
        int count = buffer.hasRemaining() ? context.syscalls().read(fd, buffer) : -Errno.EAGAIN;
        buffer.flip();
        if (count == 0) {
            inputEnded = true;
        } else if (count < 0 && count != -Errno.EAGAIN) {
            lost("client gone");
        }
        releaseInput();
    }

    private void turn() {
        for (int i = 0; again && phase != Phase.CLOSED && i < STEPS_A_TURN; i++) {
            again = false;
            step();
        }
        waking = false;
        if (phase == Phase.CLOSED) {
            return;
        }
        if (again) {
            waking = true;
            context.loop().post(this::turn);
        }
        registration.interest(interest());
    }

    private void step() {
        switch (phase) {
            case HEAD -> readHead();
            case EXCHANGE, DRAIN -> readBody();
            case LINGER -> discardInput();
            case LOOKUP, CLOSED -> {}
        }
        flush();
        HttpExchange now = exchange;
        if (phase == Phase.EXCHANGE && now != null && now.done() && (output.isEmpty() || !now.intact())) {
            responseEnded(now);
        }
        if (phase == Phase.DRAIN && now != null && now.requestBody().complete()) {
            nextRequest();
        }
    }

    private int interest() {
        int interest = output.isEmpty() ? 0 : EventLoop.OUT;
        boolean space = input == null || input.remaining() < input.capacity();
        HttpExchange now = exchange;
        boolean wantsBody = now != null && !now.requestBody().complete();
        boolean reads = switch (phase) {
            case HEAD, LINGER -> true;
            case EXCHANGE, DRAIN -> wantsBody;
            case LOOKUP, CLOSED -> false;
        };
        if (reads && space && !inputEnded) {
            interest |= EventLoop.IN;
        }
        return phase == Phase.EXCHANGE && !hungUp ? interest | EventLoop.RDHUP : interest;
    }

    // From request to request.

    private void readHead() {
        if (input != null) {
            if (!timerFor.equals("head")) {
                arm("head", context.settings().paramsTimeout());
            }
            try {
                HttpRequest request = heads.read(input);
                releaseInput();
                if (request != null) {
                    begin(request);
                    return;
                }
            } catch (BadRequestException bad) {
                refuse(UNREADABLE, bad);
                return;
            }
        }
        if (inputEnded) {
            close();
        }
    }

    private void begin(HttpRequest request) {
        disarm();
        startedNanos = context.loop().now();
        Instant at = context.clock().instant();
        try {
            BodyDecoder decoder = BodyDecoder.of(request);
            if (decoder.declared() > context.settings().requestBodyMax()) {
                throw new BadRequestException(413, "the body is larger than request_body_max");
            }
            if (request.field("Expect") != null && request.minor() == 1 && !request.expectsContinue()) {
                throw new BadRequestException(417, "only 100-continue can be expected here");
            }
            RequestTarget target = RequestTarget.of(request.target());
            Lookup lookup = new Lookup(context, request, target, RequestPath.of(target.path()));
            phase = Phase.LOOKUP;
            context.files().execute(() -> {
                Lookup.Found found = lookup.run();
                context.loop().post(() -> found(request, target, decoder, at, found));
            });
        } catch (BadRequestException bad) {
            refuse(request, bad);
        } catch (RejectedExecutionException stopped) {
            refuse(request, new BadRequestException(503, "the server is stopping"));
        }
    }

    private void found(HttpRequest request, RequestTarget target, BodyDecoder decoder, Instant at, Lookup.Found found) {
        if (phase != Phase.LOOKUP) {
            return;
        }
        long id = context.ids().getAsLong();
        if (found.resource() instanceof Resource.Script run) {
            Params params = context.params().of(request, target, run, decoder.declared(), peer);
            HttpExchange now =
                    open(new HttpExchange.Origin(id, request, params, decoder, "script " + run.filename()), at);
            script = true;
            context.handler().handle(now);
        } else {
            HttpExchange now = open(new HttpExchange.Origin(id, request, new Params(), decoder, found.what()), at);
            now.requestBody().discard();
            StaticAnswer.answer(context, now, found);
        }
    }

    private HttpExchange open(HttpExchange.Origin origin, Instant at) {
        HttpExchange now = new HttpExchange(origin, this, context.settings().requestBodyMax(), at, context.clock());
        exchange = now;
        phase = Phase.EXCHANGE;
        script = false;
        askedForBody = false;
        wake();
        return now;
    }

    /** Answers what is no request, or none that is answered here; the connection ends with it. */
    private void refuse(HttpRequest request, BadRequestException bad) {
        disarm();
        stopping = true;
        startedNanos = context.loop().now();
        HttpExchange now = open(
                new HttpExchange.Origin(context.ids().getAsLong(), request, new Params(), BodyDecoder.none(), ""),
                context.clock().instant());
        now.refuse(bad.status(), bad.reason(), "", "", List.of());
    }

    private void readBody() {
        HttpExchange now = exchange;
        if (now == null) {
            return;
        }
        try {
            now.requestBody().push(input == null ? ByteBuffer.allocate(0) : input);
        } catch (BadRequestException bad) {
            brokenBody(now, bad);
        }
        releaseInput();
        if (inputEnded && !now.requestBody().complete() && input == null) {
            lost("client gone before its body was complete");
        }
    }

    private void brokenBody(HttpExchange now, BadRequestException bad) {
        now.abort(bad.reason());
        if (now.responded() != null) {
            completed(now);
            close();
        } else {
            refuse(now.request(), bad);
        }
    }

    private void flush() {
        if (output.isEmpty()) {
            return;
        }
        int written = output.flush(context.syscalls(), fd);
        if (written < 0) {
            lost("client gone");
            return;
        }
        HttpExchange now = exchange;
        if (now != null && phase == Phase.EXCHANGE) {
            // A script that is stopped by a client has its own time limit; nobody else ends a download nobody takes.
            boolean stalls = !output.isEmpty() && (now.done() || !script);
            if (written > 0 || !stalls) {
                disarm();
            }
            if (stalls && !timerFor.equals("stalled")) {
                arm("stalled", context.settings().connectionIdleTimeout());
            }
            now.roomAgain();
        }
    }

    private void responseEnded(HttpExchange now) {
        disarm();
        completed(now);
        if (!now.intact()) {
            close();
        } else if (now.keepsAlive() && !stopping) {
            phase = Phase.DRAIN;
            arm("linger", context.settings().lingerTimeout());
        } else {
            context.syscalls().shutdownWrite(fd);
            phase = Phase.LINGER;
            arm("linger", context.settings().lingerTimeout());
        }
        wake();
    }

    private void nextRequest() {
        exchange = null;
        phase = Phase.HEAD;
        arm("idle", context.settings().connectionIdleTimeout());
        if (stopping && input == null) {
            close();
        }
        wake();
    }

    private void discardInput() {
        if (input != null) {
            input.position(input.limit());
            releaseInput();
        }
        if (inputEnded) {
            close();
        }
    }

    private void completed(HttpExchange now) {
        context.log().accept(now.served(Duration.ofNanos(System.nanoTime() - startedNanos)));
    }

    // The end.

    private void lost(String why) {
        HttpExchange now = exchange;
        if (phase == Phase.EXCHANGE && now != null) {
            now.abort(why);
            completed(now);
        }
        close();
    }

    /** Ends the connection at once, and whatever is under way on it. */
    void close() {
        if (phase == Phase.CLOSED) {
            return;
        }
        HttpExchange now = phase == Phase.EXCHANGE ? exchange : null;
        phase = Phase.CLOSED;
        if (now != null) {
            now.abort("the server closed the connection");
        }
        disarm();
        output.clear();
        if (input != null) {
            context.buffers().release(input);
            input = null;
        }
        registration.close();
        // Copies of the descriptor in children that are just being started would keep the connection open.
        context.syscalls().shutdownWrite(fd);
        context.syscalls().close(fd);
        closed.accept(this);
    }

    private void arm(String what, Duration delay) {
        disarm();
        timerFor = what;
        timer = context.loop().schedule(delay.toNanos(), this::timeUp);
    }

    private void disarm() {
        timerFor = "";
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void timeUp() {
        String what = timerFor;
        timerFor = "";
        timer = null;
        if (what.equals("head")) {
            refuse(UNREADABLE, new BadRequestException(408, "the request did not come within params_timeout"));
        } else if (what.equals("stalled")) {
            lost("client takes nothing");
        } else {
            close();
        }
    }

    private void releaseInput() {
        if (input != null && !input.hasRemaining()) {
            context.buffers().release(input);
            input = null;
        }
    }
}
