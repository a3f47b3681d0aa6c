package org.cgifpm.daemon.status.page;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.jspecify.annotations.Nullable;

/** A request whose answer is kept; its front end takes {@link #room} bytes at a time. */
public final class PageExchange implements Exchange, RequestBody {
    private final Params params = new Params();
    private final StringBuilder bytes = new StringBuilder();
    private @Nullable ExchangeListener listener;
    private @Nullable ResponseHead head;
    private boolean done;
    int room = 65_536;

    public PageExchange(String method, String script, String query) {
        params.add("REQUEST_METHOD", method);
        params.add("SCRIPT_NAME", script);
        params.add("QUERY_STRING", query);
    }

    /** What it was answered, as the text that it is. */
    String text() {
        return new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    int status() {
        return head == null ? 0 : head.status();
    }

    @Nullable
    String header(String name) {
        return head == null ? null : head.header(name);
    }

    void takes(int more) {
        room = more;
        if (listener != null) {
            listener.writable();
        }
    }

    void abort() {
        done = true;
        if (listener != null) {
            listener.aborted("gone");
        }
    }

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
        return room;
    }

    @Override
    public void write(ByteBuffer more) {
        room -= more.remaining();
        bytes.append(StandardCharsets.ISO_8859_1.decode(more));
    }

    @Override
    public void end(int appStatus) {
        done = true;
    }

    @Override
    public void endOverloaded() {
        done = true;
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
        return bytes.length();
    }

    @Override
    public boolean expected() {
        return false;
    }

    @Override
    public boolean hasEnded() {
        return true;
    }

    @Override
    public void sink(BodySink sink) {}

    @Override
    public void resume() {}

    @Override
    public void discard() {}

    @Override
    public long received() {
        return 0;
    }
}
