package org.cgifpm.adapters.backend.cgi;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.backend.AnswerStream;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
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
    interface Events extends AnswerStream.Events {
        /** Standard output has ended; everybody who had it has closed it. */
        void ended();
    }

    private final ProcessSurroundings around;
    private final Exchange exchange;
    private final Events events;
    private @Nullable Registration registration;
    private final AnswerStream answer;
    private int fd;
    private long lastNanos = Long.MIN_VALUE;
    private long bytes;
    private boolean drained;

    StdoutPump(ProcessSurroundings around, Exchange exchange, int fd, Events events) {
        this.around = around;
        this.exchange = exchange;
        this.fd = fd;
        this.events = events;
        this.answer = new AnswerStream(exchange, events);
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

    /** Read so far, head and body. */
    long bytes() {
        return bytes;
    }

    boolean open() {
        return fd >= 0;
    }

    /** Why what came is no head; asked when standard output has ended before there was one. */
    String noHead() {
        return answer.noHead();
    }

    /** Body bytes that were promised and did not come. */
    long missing() {
        return answer.missing();
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
        answer.discard();
        resume();
    }

    /** Reads all there is: for a script that has ended, whose pipe has an end in most cases. */
    void readToEnd() {
        read(true);
    }

    private void read(boolean toEnd) {
        for (int i = 0; i < READS_PER_TURN && fd >= 0; i++) {
            ByteBuffer buffer = around.scratch().clear();
            if (!answer.discards()) {
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
            bytes += count;
            drained = buffer.hasRemaining();
            answer.take(buffer.flip());
            if (drained && !toEnd) {
                return; // asking again would only be told to wait
            }
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
