package org.cgifpm.adapters.frontend.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
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
    private final InputBuffer input;
    private final OutputBuffer output;
    private final Deadline deadline;
    private Phase phase = Phase.HEAD;
    private @Nullable HttpExchange exchange;
    private long startedNanos;
    private boolean stopping;
    private boolean reset;
    private boolean script;
    private boolean askedForBody;
    private boolean hungUp;
    private boolean waking;
    private boolean again;

    HttpConnection(ServerContext context, int fd, String peer, Consumer<HttpConnection> closed)
            throws SyscallException {
        this.context = context;
        this.fd = fd;
        this.peer = peer;
        this.closed = closed;
        this.input = new InputBuffer(context.buffers());
        this.output = new OutputBuffer(context.buffers());
        this.deadline = new Deadline(context.loop(), this::timeUp);
        this.registration = context.loop().register(fd, EventLoop.IN, this::ready);
        deadline.set(Deadline.Of.REQUEST, context.settings().connectionIdleTimeout());
    }

    /** Waits for a request and has not a byte of one. */
    boolean isIdle() {
        return phase == Phase.HEAD && input.isEmpty() && output.isEmpty();
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
        return !stopping && !input.ended() && !bodyNeverAskedFor;
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
        if (phase != Phase.CLOSED && !input.fill(context.syscalls(), fd)) {
            lost("client gone");
        }
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
        HttpExchange now = exchange;
        boolean wantsBody = now != null && !now.requestBody().complete();
        boolean reads = switch (phase) {
            case HEAD, LINGER -> true;
            case EXCHANGE, DRAIN -> wantsBody;
            case LOOKUP, CLOSED -> false;
        };
        if (reads && input.hasSpace() && !input.ended()) {
            interest |= EventLoop.IN;
        }
        return phase == Phase.EXCHANGE && !hungUp ? interest | EventLoop.RDHUP : interest;
    }

    // From request to request.

    private void readHead() {
        if (!input.isEmpty()) {
            deadline.set(Deadline.Of.HEAD, context.settings().paramsTimeout());
            try {
                HttpRequest request = heads.read(input.bytes());
                input.release();
                if (request != null) {
                    begin(request);
                    return;
                }
            } catch (BadRequestException bad) {
                refuse(UNREADABLE, bad);
                return;
            }
        }
        if (input.ended()) {
            close();
        }
    }

    private void begin(HttpRequest request) {
        deadline.clear();
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
            HttpExchange now = open(
                    new HttpExchange.Origin(
                            id,
                            request,
                            params,
                            decoder,
                            "script " + run.scriptName().substring(1)),
                    at);
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
        deadline.clear();
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
            now.requestBody().push(input.bytes());
        } catch (BadRequestException bad) {
            brokenBody(now, bad);
        }
        input.release();
        if (input.ended() && !now.requestBody().complete() && input.isEmpty()) {
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
                deadline.clear();
            }
            if (stalls) {
                deadline.set(Deadline.Of.PROGRESS, context.settings().connectionIdleTimeout());
            }
            now.roomAgain();
        }
    }

    private void responseEnded(HttpExchange now) {
        deadline.clear();
        completed(now);
        if (!now.intact()) {
            if (now.endsWithConnection()) {
                // A plain end would be taken for the body's; a reset cannot.
                context.syscalls().resetOnClose(fd);
                reset = true;
            }
            close();
        } else if (now.keepsAlive() && !stopping) {
            phase = Phase.DRAIN;
            deadline.set(Deadline.Of.LINGER, context.settings().lingerTimeout());
        } else {
            context.syscalls().shutdownWrite(fd);
            phase = Phase.LINGER;
            deadline.set(Deadline.Of.LINGER, context.settings().lingerTimeout());
        }
        wake();
    }

    private void nextRequest() {
        exchange = null;
        phase = Phase.HEAD;
        deadline.set(Deadline.Of.REQUEST, context.settings().connectionIdleTimeout());
        if (stopping && input.isEmpty()) {
            close();
        }
        wake();
    }

    private void discardInput() {
        input.clear();
        if (input.ended()) {
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
        deadline.clear();
        output.clear();
        input.clear();
        registration.close();
        // Copies of the descriptor in children that are just being started would keep the connection open.
        if (!reset) {
            context.syscalls().shutdownWrite(fd);
        }
        context.syscalls().close(fd);
        closed.accept(this);
    }

    private void timeUp() {
        Deadline.Of missed = deadline.current();
        deadline.clear();
        switch (missed) {
            case HEAD ->
                refuse(UNREADABLE, new BadRequestException(408, "the request did not come within params_timeout"));
            case PROGRESS -> lost("client takes nothing");
            case NOTHING, REQUEST, LINGER -> close();
        }
    }
}
