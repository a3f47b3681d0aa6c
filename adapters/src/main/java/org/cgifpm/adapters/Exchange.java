package org.cgifpm.adapters;

import java.nio.ByteBuffer;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.fastcgi.Role;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the daemon: a front end makes it, a backend answers it.
 *
 * <p>The params are complete when a {@link RequestHandler} first sees it; body and response are streams with
 * back-pressure. Everything here happens on the loop thread. A backend calls {@link #respond} once, then
 * {@link #write} as long as {@link #room} lets it, then {@link #end} or {@link #cut} once; after that, and after
 * {@link ExchangeListener#aborted}, every call is ignored.
 */
public interface Exchange {
    /** Counts up from 1 over the life of the daemon; names the request in logs and in {@code kill ID}. */
    long id();

    Params params();

    /** What the application is for in it (FastCGI 1.0, 6). */
    default Role role() {
        return Role.RESPONDER;
    }

    /**
     * The second stream of a {@link Role#FILTER}: the file to filter. Null in every other role. It comes behind
     * {@link #body}: whoever wants it takes or discards that first, or the end of it may never be read.
     */
    default @Nullable RequestBody data() {
        return null;
    }

    /** Who is at the other end of the connection, for logs: {@code uid 33 pid 812} or {@code 127.0.0.1:50122}. */
    String peer();

    /** The request body. */
    RequestBody body();

    /** Who is told of what happens to this exchange; replaces the one before. */
    void listener(ExchangeListener listener);

    /** Sends the head. Once, before any {@link #write}. */
    void respond(ResponseHead head);

    /** The head that went out, or null while none has. */
    @Nullable
    ResponseHead responded();

    /** How many bytes {@link #write} takes now, 0 when the front end is behind: {@link ExchangeListener#writable}. */
    int room();

    /** Sends body bytes; takes all of {@code bytes}, which must not be more than {@link #room}. */
    void write(ByteBuffer bytes);

    /**
     * The response is complete.
     *
     * @param appStatus the script's exit status as the front end shall see it (FastCGI 1.0, 5.5)
     */
    void end(int appStatus);

    /** As {@link #end}, and tells a front end that reads protocol status (HAProxy) that there was no room. */
    void endOverloaded();

    /**
     * The response stays incomplete, and the front end shall see that: its connection is broken visibly, or, if other
     * requests live on it, this one ends with application status 1.
     */
    void cut();

    /**
     * True for a front end that stops sending a request's body as soon as it sees a head: the answer must wait for
     * {@link ExchangeListener#bodyReceived}, or the script would wait for its input for ever. nginx does that.
     */
    default boolean answerStopsBody() {
        return false;
    }

    /** True after {@link #end}, {@link #cut} or an abort. */
    boolean done();

    /** Body bytes taken by {@link #write} so far. */
    long bytesWritten();
}
