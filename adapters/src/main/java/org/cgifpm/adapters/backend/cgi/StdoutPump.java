package org.cgifpm.adapters.backend.cgi;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.protocol.cgi.BadHeadException;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.cgifpm.protocol.cgi.ResponseHeadParser;
import org.jspecify.annotations.Nullable;

/**
 * The script's standard output on its way to the front end: first a head, then a body as fast as the front end takes
 * it. Loop thread only.
 *
 * <p>After the response is over it goes on reading and throws away what comes, so that a script which goes on writing
 * is neither stopped nor ended by that.
 */
final class StdoutPump {
    private static final int READS_PER_TURN = 8;

    /** What the request hears. */
    interface Events {
        /** No head: the answer is a 500. */
        void badHead(String why);

        /** The body is complete: its Content-Length is reached, or the response has none. */
        void complete();

        /** Standard output has ended; everybody who had it has closed it. */
        void ended();
    }

    private enum State {
        HEAD,
        BODY,
        DISCARD
    }

    private final CgiSurroundings around;
    private final Exchange exchange;
    private final Events events;
    private @Nullable Registration registration;
    private final ResponseHeadParser parser = new ResponseHeadParser(CgiSettings.MAX_HEAD_BYTES);
    private int fd;
    private long lastNanos = Long.MIN_VALUE;
    private State state = State.HEAD;
    /** Body bytes that the head still promises, -1 where it promises nothing. */
    private long promised = -1;

    private boolean bodyless;
    private boolean drained;

    StdoutPump(CgiSurroundings around, Exchange exchange, int fd, Events events) {
        this.around = around;
        this.exchange = exchange;
        this.fd = fd;
        this.events = events;
    }

    /** Leaves the output in the pipe until {@link #resume}. */
    void hold() throws SyscallException {
        registration = around.loop().register(fd, 0, ready -> read(false));
    }

    /** Takes {@link #hold} back. */
    void forget() {
        if (registration != null) {
            registration.close();
            registration = null;
        }
    }

    /** When bytes came last, as {@link System#nanoTime}; {@link Long#MIN_VALUE} if none did. */
    long lastNanos() {
        return lastNanos;
    }

    boolean open() {
        return fd >= 0;
    }

    /** Why what came is no head; asked when standard output has ended before there was one. */
    String noHead() {
        String why = parser.atEnd().getMessage();
        return why == null ? "no head" : why;
    }

    /** Body bytes that were promised and did not come. */
    long missing() {
        return Math.max(0, promised);
    }

    /** The front end takes bytes again. */
    void resume() {
        interest(EventLoop.IN);
    }

    private void interest(int wanted) {
        if (registration != null) {
            registration.interest(wanted);
        }
    }

    /** True if all that was written so far has been read: whoever still holds the other end is silent. */
    boolean drained() {
        if (!drained) {
            read(false); // nothing may have come at all, and a full turn's reads end without asking again
        }
        return drained;
    }

    /** What still comes is for nobody. */
    void discard() {
        state = State.DISCARD;
        resume();
    }

    /** Reads all there is: for a script that has ended, whose pipe has an end in most cases. */
    void readToEnd() {
        read(true);
    }

    private void read(boolean toEnd) {
        for (int i = 0; i < READS_PER_TURN && fd >= 0; i++) {
            ByteBuffer buffer = around.scratch().clear();
            if (state != State.DISCARD) {
                // With the head comes what of the body is there already.
                int room = exchange.room();
                if (room == 0) {
                    drained = false;
                    interest(0);
                    return;
                }
                buffer.limit(Math.min(room, buffer.capacity()));
            }
            int count = around.syscalls().read(fd, buffer);
            if (count == -Errno.EAGAIN) {
                drained = true;
                return;
            }
            if (count <= 0) {
                close();
                events.ended();
                return;
            }
            lastNanos = around.loop().now();
            drained = buffer.hasRemaining();
            take(buffer.flip());
            if (drained && !toEnd) {
                return; // asking again would only be told to wait
            }
        }
    }

    private void take(ByteBuffer bytes) {
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

    void close() {
        if (fd >= 0) {
            forget();
            around.syscalls().close(fd);
            fd = -1;
        }
    }
}
