package org.cgifpm.daemon.supervisor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.jspecify.annotations.Nullable;

/** A request without a front end: it keeps what it is answered. */
final class FakeExchange implements Exchange, RequestBody {
    private final long id;
    private final Params params = new Params();
    private @Nullable ExchangeListener listener;
    private @Nullable ResponseHead head;
    private boolean done;
    private boolean bodyMissing;
    private @Nullable Runnable wantsBody;
    /** Run when it is answered. */
    Runnable onDone = () -> {};

    String body = "";
    boolean overloaded;

    FakeExchange(long id, String... namesAndValues) {
        this.id = id;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            params.add(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    /** Its body is still to come: {@link #bodyArrives}. */
    FakeExchange withBody() {
        bodyMissing = true;
        return this;
    }

    /** All of its body is there now. */
    void bodyArrives() {
        bodyMissing = false;
        if (wantsBody != null) {
            wantsBody.run();
        }
    }

    /** True while somebody waits for the whole body. */
    boolean bodyIsRead() {
        return wantsBody != null && bodyMissing;
    }

    /** The front end goes away. */
    void abort(String why) {
        if (!done) {
            done = true;
            discard();
            if (listener != null) {
                listener.aborted(why);
            }
        }
    }

    /** More body has come than request_body_max. */
    void tooLarge() {
        if (!done && listener != null) {
            listener.bodyTooLarge();
        }
    }

    /** The status that it was answered with, 0 while there is none. */
    int status() {
        return head == null ? 0 : head.status();
    }

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
        return "uid 33 pid 7";
    }

    @Override
    public RequestBody body() {
        return this;
    }

    @Override
    public void listener(ExchangeListener wanted) {
        listener = wanted;
    }

    @Override
    public void respond(ResponseHead response) {
        head = response;
    }

    @Override
    public @Nullable ResponseHead responded() {
        return head;
    }

    @Override
    public int room() {
        return 65536;
    }

    @Override
    public void write(ByteBuffer bytes) {
        body += StandardCharsets.ISO_8859_1.decode(bytes);
    }

    @Override
    public void end(int appStatus) {
        done = true;
        discard();
    }

    @Override
    public void endOverloaded() {
        overloaded = true;
        done = true;
        discard();
    }

    @Override
    public void cut() {
        done = true;
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public long bytesWritten() {
        return body.length();
    }

    @Override
    public boolean expected() {
        return bodyMissing;
    }

    @Override
    public boolean hasEnded() {
        return !bodyMissing;
    }

    @Override
    public void buffer(Runnable complete) {
        wantsBody = complete;
    }

    @Override
    public void sink(BodySink sink) {}

    @Override
    public void resume() {}

    @Override
    public void discard() {
        wantsBody = null;
        onDone.run();
    }

    @Override
    public long received() {
        return 0;
    }
}
