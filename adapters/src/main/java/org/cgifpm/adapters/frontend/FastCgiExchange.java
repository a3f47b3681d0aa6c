package org.cgifpm.adapters.frontend;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.cgifpm.adapters.Answers;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.Role;
import org.jspecify.annotations.Nullable;

/** One FastCGI request: its params as they come in, its input, and the records of its answer. Loop thread only. */
final class FastCgiExchange implements Exchange, RequestInput.Owner {
    private static final ExchangeListener NOBODY = why -> {};

    private final FastCgiConnection connection;
    private final ConnectionOutput output;
    private final int requestId;
    private final boolean keepConnection;
    private final long id;
    private final long begunNanos;
    private final RequestParams params;
    private final RequestInput input;
    private ExchangeListener listener = NOBODY;
    private @Nullable ResponseHead head;
    private boolean waitsForRoom;
    private boolean done;
    private long written;

    FastCgiExchange(
            FastCgiConnection connection, int requestId, Role role, boolean keepConnection, long id, long begunNanos) {
        this.connection = connection;
        this.output = connection.output();
        this.requestId = requestId;
        this.keepConnection = keepConnection;
        this.id = id;
        this.begunNanos = begunNanos;
        this.params = new RequestParams(requestId, connection.paramsBudget());
        this.input = new RequestInput(this, requestId, role, connection.limits(), connection.shared());
    }

    // What the connection says

    void paramsArrived(ByteBuffer piece) throws ProtocolException {
        params.arrived(piece);
    }

    void paramsEnded() throws ProtocolException {
        params.end();
        if (params.declareNoBody()) {
            input.declareNoBody();
        }
    }

    /** Where its STDIN and DATA go. */
    RequestInput input() {
        return input;
    }

    /** The params' limit that this request broke, or null. */
    @Nullable
    IOException paramsTooLarge() {
        return params.incomplete();
    }

    /** When it began, in the loop's time. */
    long begunNanos() {
        return begunNanos;
    }

    boolean paramsComplete() {
        return params.ended();
    }

    boolean inputComplete() {
        return params.ended() && input.complete();
    }

    /** See {@link RequestInput#mayBeSentMore}. */
    boolean mayBeSentMore() {
        return input.mayBeSentMore();
    }

    boolean wantsPause() {
        return input.wantsPause();
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
            input.discard();
            ExchangeListener told = listener;
            listener = NOBODY;
            told.aborted(why);
        }
    }

    private void markDone() {
        done = true;
        params.release();
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
        return params.params();
    }

    @Override
    public String peer() {
        return connection.peer();
    }

    @Override
    public Role role() {
        return input.role();
    }

    @Override
    public RequestBody body() {
        return input.body();
    }

    @Override
    public @Nullable RequestBody data() {
        return input.data();
    }

    @Override
    public void listener(ExchangeListener wanted) {
        listener = done ? NOBODY : wanted;
        if (input.refused() && !done) {
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
        input.discard();
    }

    @Override
    public boolean answerStopsBody() {
        return params.params().getOrEmpty("SERVER_SOFTWARE").startsWith("nginx");
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public long bytesWritten() {
        return written;
    }

    // What the input says

    @Override
    public void inputReceived() {
        if (!done) {
            listener.bodyReceived();
        }
    }

    @Override
    public void inputTooLarge() {
        if (!done) {
            listener.bodyTooLarge();
        }
    }

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
