package org.cgifpm.adapters.backend.warm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.os.DescriptorSender;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's end of the socket between it and a keeper: messages with descriptors go out, lines come in. Loop thread
 * only.
 *
 * <p>It is read without room for descriptors: those that are pushed at it the kernel closes (unix(7)).
 */
final class KeeperSocket {
    /** What its owner hears. */
    interface Events {
        /** One line, without its end, ISO-8859-1. */
        void said(String line);

        /** There may be room for a message again. */
        void writable();

        /** The keeper has closed it, or does not keep to what was agreed. Said once; nothing follows. */
        void over(String why);
    }

    private static final int LONGEST_LINE = 64 * 1024;
    private static final int READS_PER_TURN = 4;
    private static final int AGAIN_MILLIS = 20;

    private final ProcessSurroundings machine;
    private final DescriptorSender sender;
    private final Events events;
    /** What is left of messages that were begun, and small ones that wait behind them. */
    private final ArrayDeque<ByteBuffer> rest = new ArrayDeque<>();

    private final StringBuilder line = new StringBuilder();
    private @Nullable Registration registration;
    /** Runs while a message is to be tried again that the kernel had no room for. */
    private @Nullable Timer again;

    private int fd;
    /** What is sent reaches nobody. */
    private boolean deaf;

    private boolean closed;

    KeeperSocket(ProcessSurroundings machine, DescriptorSender sender, int fd, Events events) {
        this.machine = machine;
        this.sender = sender;
        this.fd = fd;
        this.events = events;
    }

    void watch() throws SyscallException {
        registration = machine.loop().register(fd, EventLoop.IN, this::ready);
    }

    /**
     * Sends a message with descriptors, which stay open here.
     *
     * @return false if there is no room now: nothing was sent, and {@link Events#writable} tells when to try again
     */
    boolean send(ByteBuffer message, int... descriptors) {
        if (fd < 0 || deaf || !rest.isEmpty()) {
            return false;
        }
        ByteBuffer bytes = message.duplicate();
        int count = sender.send(fd, bytes, descriptors);
        if (count < 0) {
            if (count == -Errno.EAGAIN) {
                await();
            } else if (hasNoRoom(-count)) {
                tryAgainLater();
            } else {
                deaf(-count);
            }
            return false;
        }
        if (bytes.hasRemaining()) {
            keep(bytes);
        }
        return true;
    }

    /** Too many descriptors are on their way, or there is no memory: that passes. */
    private static boolean hasNoRoom(int error) {
        return error == Errno.ETOOMANYREFS || error == Errno.ENOBUFS || error == Errno.ENOMEM;
    }

    private void tryAgainLater() {
        if (again == null) {
            again = machine.loop().schedule(AGAIN_MILLIS * EventLoop.MILLIS, () -> {
                again = null;
                if (rest.isEmpty()) {
                    events.writable();
                } else {
                    flush();
                }
            });
        }
    }

    /**
     * It may have closed one direction only: then reading tells nothing, and the kernel would report OUT for ever. What it
     * has said until now still counts.
     */
    private void deaf(int error) {
        deaf = true;
        rest.clear();
        Registration known = registration;
        if (known != null) {
            known.interest(EventLoop.IN);
        }
        machine.loop().atTurnEnd(() -> {
            read();
            over("listens no more: " + Errno.words(error));
        });
    }

    private void over(String why) {
        shut();
        if (!closed) {
            closed = true;
            events.over(why);
        }
    }

    /** Sends a small message as soon as there is room. */
    void tell(ByteBuffer message) {
        if (fd >= 0 && !deaf) {
            keep(message);
            flush();
        }
    }

    private void keep(ByteBuffer bytes) {
        rest.add(ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip());
        await();
    }

    private void await() {
        Registration known = registration;
        if (known != null) {
            known.interest(EventLoop.IN | EventLoop.OUT);
        }
    }

    private void ready(int bits) {
        if ((bits & EventLoop.OUT) != 0) {
            flush();
        }
        if ((bits & ~EventLoop.OUT) != 0) {
            read();
        }
    }

    private void flush() {
        while (fd >= 0 && !rest.isEmpty()) {
            ByteBuffer first = rest.element();
            int count = machine.syscalls().write(fd, first);
            if (count == -Errno.EAGAIN) {
                return; // OUT tells when there is room
            }
            if (count < 0) {
                cannotFlush(-count);
                return;
            }
            if (!first.hasRemaining()) {
                rest.remove();
            }
        }
        Registration known = registration;
        if (fd >= 0 && !deaf && known != null) {
            known.interest(EventLoop.IN);
            events.writable();
        }
    }

    private void cannotFlush(int error) {
        if (!hasNoRoom(error)) {
            deaf(error);
            return;
        }
        Registration known = registration;
        if (known != null) {
            known.interest(EventLoop.IN);
        }
        tryAgainLater();
    }

    private void read() {
        for (int i = 0; i < READS_PER_TURN && fd >= 0; i++) {
            ByteBuffer buffer = machine.scratch().clear();
            int count = machine.syscalls().read(fd, buffer);
            if (count == -Errno.EAGAIN) {
                return;
            }
            if (count <= 0) {
                over(count == 0 ? "has closed its socket" : "cannot be heard: " + Errno.words(-count));
                return;
            }
            boolean all = buffer.hasRemaining();
            // The buffer is the next reader's as soon as anybody is told of a line.
            take(StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString());
            if (all) {
                return; // asking again would only be told to wait
            }
        }
    }

    private void take(String text) {
        int begin = 0;
        int end;
        while (fd >= 0 && (end = text.indexOf('\n', begin)) >= 0) {
            line.append(text, begin, end);
            begin = end + 1;
            String whole = line.toString();
            line.setLength(0);
            events.said(whole);
        }
        line.append(text, begin, text.length());
        if (fd >= 0 && line.length() > LONGEST_LINE) {
            over("says a line of more than " + LONGEST_LINE + " bytes");
        }
    }

    /** The keeper sees the end; nothing is told any more. */
    void close() {
        closed = true;
        shut();
    }

    private void shut() {
        if (registration != null) {
            registration.close();
            registration = null;
        }
        if (fd >= 0) {
            machine.syscalls().closeConnection(fd);
            fd = -1;
        }
        if (again != null) {
            again.cancel();
            again = null;
        }
        rest.clear();
    }
}
