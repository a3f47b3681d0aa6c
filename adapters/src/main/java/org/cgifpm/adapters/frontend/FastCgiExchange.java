package org.cgifpm.adapters.frontend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.cgifpm.adapters.Answers;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.fastcgi.NameValueLimitException;
import org.cgifpm.protocol.fastcgi.NameValueReader;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.jspecify.annotations.Nullable;

/** One FastCGI request: its params as they come in, its body, and the records of its answer. Loop thread only. */
final class FastCgiExchange implements Exchange, BodyQueue.Owner {
    private static final ExchangeListener NOBODY = why -> {};

    private final FastCgiConnection connection;
    private final ConnectionOutput output;
    private final int requestId;
    private final boolean keepConnection;
    private final long id;
    private final long begunNanos;
    private final Params params = new Params();
    private final NameValueReader pairs;
    private final BodyQueue body;
    private final long bodyMax;
    private ExchangeListener listener = NOBODY;
    private @Nullable IOException tooLarge;
    private long paramsHeld;
    private @Nullable ResponseHead head;
    private boolean paramsComplete;
    private boolean bodyRefused;
    private boolean waitsForRoom;
    private boolean done;
    private long written;

    FastCgiExchange(FastCgiConnection connection, int requestId, boolean keepConnection, long id, long begunNanos) {
        this.connection = connection;
        this.output = connection.output();
        this.requestId = requestId;
        this.keepConnection = keepConnection;
        this.id = id;
        this.begunNanos = begunNanos;
        this.bodyMax = connection.limits().requestBodyMax();
        this.body = new BodyQueue(this, connection.shared(), connection.limits().spoolFolder());
        this.pairs = new NameValueReader(
                new NameValueReader.Limits(ConnectionLimits.MAX_PARAMS, ConnectionLimits.MAX_PARAMS_BYTES),
                params::add);
    }

    // What the connection says

    void paramsArrived(ByteBuffer piece) throws ProtocolException {
        if (paramsComplete) {
            throw new ProtocolException("PARAMS of request " + requestId + " after their end");
        }
        if (tooLarge == null) {
            int bytes = piece.remaining();
            try {
                connection.shared().params().take(bytes);
                paramsHeld += bytes;
                pairs.read(piece);
            } catch (NameValueLimitException | ParamsBudget.ExhaustedException e) {
                tooLarge = e;
            }
        }
    }

    void paramsEnded() throws ProtocolException {
        if (paramsComplete) {
            throw new ProtocolException("PARAMS of request " + requestId + " ended twice");
        }
        if (tooLarge == null) {
            pairs.end();
        }
        paramsComplete = true;
        if (declaresNoBody()) {
            body.declareNone();
        }
    }

    /** A GET without a length has no body (RFC 9110, 9.3.1), so its script gets /dev/null before STDIN has ended. */
    private boolean declaresNoBody() {
        String length = params.getOrEmpty("CONTENT_LENGTH");
        if (!length.isEmpty() && !length.equals("0")) {
            return false;
        }
        String method = params.getOrEmpty("REQUEST_METHOD").toUpperCase(Locale.ROOT);
        boolean usuallyWithout = method.equals("GET") || method.equals("HEAD") || length.equals("0");
        return usuallyWithout && params.getOrEmpty("HTTP_TRANSFER_ENCODING").isEmpty();
    }

    void bodyArrived(ByteBuffer piece) throws ProtocolException {
        if (body.hasEnded()) {
            throw new ProtocolException("STDIN of request " + requestId + " after its end");
        }
        body.arrived(piece);
        if (body.received() > bodyMax && !bodyRefused && !done) {
            bodyRefused = true;
            body.discard();
            listener.bodyTooLarge();
        }
    }

    void bodyEnded() {
        body.ended();
        if (!done) {
            listener.bodyReceived();
        }
    }

    /** The params' limit that this request broke, or null. */
    @Nullable
    IOException paramsTooLarge() {
        return tooLarge;
    }

    /** When it began, in the loop's time. */
    long begunNanos() {
        return begunNanos;
    }

    boolean paramsComplete() {
        return paramsComplete;
    }

    boolean inputComplete() {
        return paramsComplete && body.hasEnded();
    }

    boolean wantsPause() {
        return body.wantsPause();
    }

    boolean keepsConnection() {
        return keepConnection;
    }

    int requestId() {
        return requestId;
    }

    /** The front end gave up; what was kept for it is let go. */
    void abort(String why) {
        if (!done) {
            markDone();
            body.discard();
            ExchangeListener told = listener;
            listener = NOBODY;
            told.aborted(why);
        }
    }

    private void markDone() {
        done = true;
        connection.shared().params().release(paramsHeld);
        paramsHeld = 0;
    }

    void roomAgain() {
        if (waitsForRoom && !done && room() > 0) {
            waitsForRoom = false;
            listener.writable();
        }
    }

    // What the backend says

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
        return connection.peer();
    }

    @Override
    public RequestBody body() {
        return body;
    }

    @Override
    public void listener(ExchangeListener wanted) {
        listener = done ? NOBODY : wanted;
        if (bodyRefused && !done) {
            wanted.bodyTooLarge();
        }
    }

    @Override
    public void respond(ResponseHead response) {
        if (!done && head == null) {
            head = response;
            output.stream(RecordType.STDOUT, requestId, ResponseHeadBytes.of(response));
            connection.outputBegun();
        }
    }

    @Override
    public @Nullable ResponseHead responded() {
        return head;
    }

    @Override
    public int room() {
        int room = output.room();
        waitsForRoom |= room == 0;
        return room;
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (!done) {
            written += bytes.remaining();
            output.stream(RecordType.STDOUT, requestId, bytes);
            connection.outputBegun();
        }
    }

    @Override
    public void end(int appStatus) {
        finish(appStatus, ProtocolStatus.REQUEST_COMPLETE);
    }

    @Override
    public void endOverloaded() {
        finish(0, ProtocolStatus.OVERLOADED);
    }

    private void finish(int appStatus, ProtocolStatus status) {
        if (!done) {
            close();
            output.end(requestId, appStatus, status, true);
            connection.answered(this);
        }
    }

    @Override
    public void cut() {
        if (!done) {
            close();
            connection.cut(this);
        }
    }

    private void close() {
        markDone();
        listener = NOBODY;
        body.discard();
    }

    @Override
    public boolean answerStopsBody() {
        return params.getOrEmpty("SERVER_SOFTWARE").startsWith("nginx");
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public long bytesWritten() {
        return written;
    }

    // What the body says

    @Override
    public boolean mustNotPause() {
        // A front end that sends all of the body before it reads an answer must not be stopped once there is one.
        return keepConnection || head != null || answerStopsBody() || connection.carriesOthers(this);
    }

    @Override
    public void bodyMoved() {
        connection.interestMayChange();
    }

    @Override
    public void spoolFailed(SyscallException why) {
        // This request only: others may share the connection.
        String reason = "no room for its body: " + why.getMessage();
        ExchangeListener told = listener;
        if (head == null) {
            Answers.error(this, 503, reason, "");
        } else {
            cut();
        }
        told.aborted(reason);
    }
}
