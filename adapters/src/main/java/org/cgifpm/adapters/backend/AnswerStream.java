package org.cgifpm.adapters.backend;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.protocol.cgi.BadHeadException;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.cgi.ResponseHeadParser;
import org.jspecify.annotations.Nullable;

/**
 * A program's answer on its way to an exchange, wherever it is cut: first its head (RFC 3875, 6.2), then its body, no
 * longer than the head promises. Loop thread only.
 *
 * <p>Whoever feeds it reads no more at once than {@link Exchange#room}.
 */
public final class AnswerStream {
    /** The longest head of a response; what is longer is no head. */
    public static final int MAX_HEAD_BYTES = 128 * 1024;

    /** What the feeder hears, within {@link AnswerStream#take}. */
    public interface Events {
        /** What came is no head: nothing of it reaches the exchange. */
        void badHead(String why);

        /** The body is complete: its Content-Length is reached, or the response has none. */
        void complete();
    }

    private enum State {
        HEAD,
        BODY,
        DISCARD
    }

    private final Exchange exchange;
    private final Events events;
    private final ResponseHeadParser parser = new ResponseHeadParser(MAX_HEAD_BYTES);
    private State state = State.HEAD;
    /** Body bytes that the head still promises, -1 where it promises nothing. */
    private long promised = -1;

    private boolean bodyless;

    public AnswerStream(Exchange exchange, Events events) {
        this.exchange = exchange;
        this.events = events;
    }

    /** Takes all of {@code bytes}, a direct buffer. */
    public void take(ByteBuffer bytes) {
        if (state == State.HEAD) {
            head(bytes);
        }
        if (state == State.BODY && !finishedBodyless()) {
            body(bytes);
        }
    }

    private void head(ByteBuffer bytes) {
        @Nullable ResponseHead head;
        try {
            head = parser.read(bytes);
        } catch (BadHeadException e) {
            discard();
            events.badHead(e.getMessage() == null ? "no head" : e.getMessage());
            return;
        }
        if (head != null) {
            state = State.BODY;
            bodyless = head.forbidsBody()
                    || exchange.params().getOrEmpty("REQUEST_METHOD").equals("HEAD");
            promised = bodyless ? -1 : head.contentLength();
            exchange.respond(head);
        }
    }

    private boolean finishedBodyless() {
        if (bodyless || promised == 0) {
            discard();
            events.complete();
            return true;
        }
        return false;
    }

    private void body(ByteBuffer bytes) {
        if (promised >= 0) {
            if (bytes.remaining() > promised) {
                bytes.limit(bytes.position() + (int) promised);
            }
            promised -= bytes.remaining();
        }
        if (bytes.hasRemaining()) {
            exchange.write(bytes);
        }
        if (promised == 0) {
            discard();
            events.complete();
        }
    }

    /** What still comes is for nobody. */
    public void discard() {
        state = State.DISCARD;
    }

    public boolean discards() {
        return state == State.DISCARD;
    }

    /** Why what came is no head; asked when the answer has ended before there was one. */
    public String noHead() {
        String why = parser.atEnd().getMessage();
        return why == null ? "no head" : why;
    }

    /** Body bytes that were promised and did not come. */
    public long missing() {
        return Math.max(0, promised);
    }
}
