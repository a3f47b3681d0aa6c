package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.adapters.ShowsFailures;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * One request on an {@link HttpConnection}, which has one at a time. Loop thread only.
 *
 * <p>Calls change its state and the output buffer; reading, writing and the next request follow at the end of the
 * loop's turn, so no caller is called back from within its own call.
 */
final class HttpExchange implements Exchange, ShowsFailures {
    private static final ExchangeListener NOBODY = why -> {};

    /** What the exchange needs of its connection. */
    interface Wire extends HttpRequestBody.Source {
        OutputBuffer output();

        String peer();

        /** Whether the connection may live on after a response that is framed well. */
        boolean mayKeepAlive();
    }

    /** What is known of a request when its answer begins. */
    record Origin(long id, HttpRequest request, Params params, BodyDecoder decoder, String what) {}

    private final Origin origin;
    private final Wire wire;
    private final HttpRequestBody body;
    private final Instant at;
    private final InstantSource clock;
    private ExchangeListener listener = NOBODY;
    private @Nullable ResponseHead head;
    private @Nullable ResponseFraming framing;
    private boolean keepAlive;
    private boolean done;
    private boolean broken;
    private boolean starved;
    private long written;
    private String note = "";
    private int stderrLines;
    private String stderrWhere = "";

    HttpExchange(Origin origin, Wire wire, long bodyMax, Instant at, InstantSource clock) {
        this.origin = origin;
        this.wire = wire;
        this.at = at;
        this.clock = clock;
        this.body = new HttpRequestBody(origin.decoder(), bodyMax, wire, this::bodyTooLarge);
    }

    @Override
    public long id() {
        return origin.id();
    }

    @Override
    public Params params() {
        return origin.params();
    }

    @Override
    public String peer() {
        return wire.peer();
    }

    @Override
    public RequestBody body() {
        return body;
    }

    HttpRequestBody requestBody() {
        return body;
    }

    HttpRequest request() {
        return origin.request();
    }

    @Override
    public void listener(ExchangeListener replacement) {
        listener = replacement;
    }

    @Override
    public void respond(ResponseHead answer) {
        if (done || head != null) {
            return;
        }
        head = answer;
        framing = ResponseFraming.of(request(), answer);
        keepAlive = wire.mayKeepAlive() && request().wantsKeepAlive() && !framing.endsWithConnection();
        wire.output().put(ResponseHeadWriter.write(answer, framing, keepAlive, request(), clock.instant()));
        wire.wake();
    }

    @Override
    public @Nullable ResponseHead responded() {
        return head;
    }

    @Override
    public int room() {
        int free = wire.output().free();
        int room = done ? 0 : framing == null ? free : framing.room(free);
        starved = room == 0;
        return room;
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (done || framing == null) {
            return;
        }
        written += bytes.remaining();
        framing.write(bytes, wire.output());
        // Who fills the room need not ask for it again to be told of more.
        starved = framing.room(wire.output().free()) == 0;
        wire.wake();
    }

    @Override
    public void end(int appStatus) {
        if (done) {
            return;
        }
        if (framing == null) {
            failure(500, "the script gave no answer", "");
            return;
        }
        if (appStatus != 0) {
            note = "exit " + appStatus;
        }
        if (!framing.end(wire.output())) {
            note = "shorter than its Content-Length";
            broken = true;
        }
        finish();
    }

    @Override
    public void endOverloaded() {
        end(0);
    }

    @Override
    public void cut() {
        if (done) {
            return;
        }
        note = "cut";
        broken = true;
        finish();
    }

    private void finish() {
        done = true;
        body.discard();
        wire.wake();
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public long bytesWritten() {
        return written;
    }

    @Override
    public void failure(int status, String reason, String stderrTail) {
        String hint = Advice.on(reason, stderrTail);
        List<ResponseHead.Header> more =
                status == 503 ? List.of(new ResponseHead.Header("Retry-After", "1")) : List.of();
        refuse(status, reason, hint, stderrTail, more);
    }

    @Override
    public void stderrLogged(int lines, String where) {
        stderrLines += lines;
        stderrWhere = where;
    }

    /** Answers with an error page, or cuts when a head went out already. */
    void refuse(int status, String reason, String hint, String stderr, List<ResponseHead.Header> more) {
        if (head != null) {
            cut();
            return;
        }
        ErrorPage page =
                new ErrorPage(status, ReasonPhrase.of(status), request().target(), reason, hint, stderr);
        boolean html = request().wantsHtml();
        byte[] bytes = html ? page.html() : page.plain();
        List<ResponseHead.Header> headers = new ArrayList<>(more);
        String type = html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
        headers.add(new ResponseHead.Header("Content-Type", type));
        respond(new ResponseHead(status, ReasonPhrase.of(status), headers, bytes.length));
        note = reason;
        write(ByteBuffer.wrap(bytes));
        if (!done && framing != null) {
            framing.end(wire.output());
            finish();
        }
    }

    /** The other end is gone, or sent a body that is none. */
    void abort(String why) {
        if (!done) {
            done = true;
            broken = true;
            note = why;
            listener.aborted(why);
        }
    }

    private void bodyTooLarge() {
        if (!done) {
            listener.bodyTooLarge();
        }
    }

    /** Room came back after there was none. */
    void roomAgain() {
        if (starved && !done && framing != null && framing.room(wire.output().free()) > 0) {
            starved = false;
            listener.writable();
        }
    }

    /** True if the client takes the end of the connection for the end of the body. */
    boolean endsWithConnection() {
        return framing != null && framing.endsWithConnection();
    }

    /** The response came to its end as the client was told it would. */
    boolean intact() {
        return done && !broken;
    }

    /** A complete response that leaves the connection usable. */
    boolean keepsAlive() {
        return intact() && keepAlive;
    }

    ServedRequest served(Duration duration) {
        int status = head == null ? 0 : head.status();
        boolean noBody = request().isHead() || (head != null && head.forbidsBody());
        return new ServedRequest(
                at,
                request().method(),
                request().target(),
                status,
                noBody ? 0 : written,
                duration,
                origin.what(),
                note,
                stderrLines,
                stderrWhere);
    }
}
