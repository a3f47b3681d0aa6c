package org.cgifpm.daemon.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.PeerCredentials;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * One client of the control socket: reads a line, has it done, writes the answer, and only then reads the next. Whoever
 * says nothing, or does not read, is closed after {@link #IDLE_NANOS}; whoever waits for a command to be done hears an
 * empty line now and then. Loop thread only.
 */
final class ControlConnection {
    /** The longest command, bytes without its end. */
    static final int LONGEST_LINE = 64 * 1024;

    static final long IDLE_NANOS = 10_000 * EventLoop.MILLIS;
    static final long STILL_HERE_NANOS = 5_000 * EventLoop.MILLIS;

    private final EventLoop loop;
    private final Syscalls syscalls;
    private final int fd;
    private final PeerCredentials peer;
    private final ByteBuffer buffer;
    private final ControlCommands commands;
    private final Consumer<ControlConnection> gone;
    private final Registration registration;
    private byte[] input = new byte[512];
    private int filled;
    /** The answer that is being written. */
    private @Nullable ControlAnswer answer;

    private int written;
    private @Nullable Timer timer;
    /** A command is being done. */
    private boolean busy;
    /** Its answer may come while it is still being given out. */
    private boolean working;

    /** The peer writes no more; what it has written may still have to be read. */
    private boolean halfClosed;

    private boolean inputEnded;
    /** What is written now is the last that is said. */
    private boolean closing;
    /** The daemon is about to end. */
    private boolean staysOpen;

    private boolean closed;

    /** @param buffer direct, shared with all connections of this loop */
    ControlConnection(
            EventLoop loop,
            Syscalls syscalls,
            int fd,
            PeerCredentials peer,
            ByteBuffer buffer,
            ControlCommands commands,
            Consumer<ControlConnection> gone)
            throws SyscallException {
        this.loop = loop;
        this.syscalls = syscalls;
        this.fd = fd;
        this.peer = peer;
        this.buffer = buffer;
        this.commands = commands;
        this.gone = gone;
        this.registration = loop.register(fd, 0, this::ready);
    }

    void begin() {
        goOn();
    }

    private void ready(int events) {
        if ((events & (EventLoop.HUP | EventLoop.ERR)) != 0 && (events & EventLoop.IN) == 0) {
            close(); // gone in both directions: nobody is left to be answered
        } else if (answer != null) {
            write();
            goOn();
        } else if (busy) {
            halfClosed = true; // as of `echo ... | nc -N`: it says no more, and reads the answer all the same
            settle();
        } else {
            read();
        }
    }

    private void read() {
        int count = syscalls.read(fd, buffer.clear());
        if (count == -Errno.EAGAIN) {
            return;
        }
        if (count < 0) {
            close();
            return;
        }
        inputEnded = count == 0;
        buffer.flip();
        if (filled + count > input.length) {
            input = Arrays.copyOf(input, Math.max(input.length * 2, filled + count));
        }
        buffer.get(input, filled, count);
        filled += count;
        goOn();
    }

    /** Does what can be done now: the lines that have come, as long as each is answered at once. */
    private void goOn() {
        if (working) {
            return;
        }
        working = true;
        while (!closed && !closing && !busy && answer == null) {
            int end = lineEnd();
            if (end > LONGEST_LINE) {
                closing = true;
                busy = true;
                answered(ControlAnswer.failure(2, "a command is at most " + LONGEST_LINE + " bytes"));
            } else if (end == filled) {
                break;
            } else {
                String line = new String(input, 0, end, StandardCharsets.UTF_8);
                System.arraycopy(input, end + 1, input, 0, filled - end - 1);
                filled -= end + 1;
                busy = true;
                commands.run(line, peer, this::answered);
            }
        }
        working = false;
        settle();
    }

    private int lineEnd() {
        int at = 0;
        while (at < filled && input[at] != '\n') {
            at++;
        }
        return at;
    }

    /** On the loop thread, once for each command. */
    private void answered(ControlAnswer answered) {
        if (closed || !busy) {
            answered.written().run(); // a second answer, after an internal error, is none
            return;
        }
        busy = false;
        staysOpen |= answered.last();
        answer = answered;
        written = 0;
        write();
        goOn();
    }

    private void write() {
        while (answer != null && !closed) {
            String line = answer.line();
            int part = Math.min(buffer.capacity(), line.length() - written);
            byte[] bytes = line.substring(written, written + part).getBytes(StandardCharsets.US_ASCII);
            int count = syscalls.write(fd, buffer.clear().put(bytes).flip());
            if (count == -Errno.EAGAIN) {
                return;
            }
            if (count < 0) {
                close();
                return;
            }
            written += count;
            if (written == line.length()) {
                Runnable done = answer.written();
                answer = null;
                done.run();
            }
        }
    }

    /** Waits for what comes next, for so long as it may take. */
    private void settle() {
        if (closed) {
            return;
        }
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (answer != null) {
            registration.interest(EventLoop.OUT);
            timer = loop.schedule(IDLE_NANOS, this::close);
        } else if (closing) {
            close();
        } else if (busy || (inputEnded && staysOpen)) {
            // Of a peer that has closed both directions the kernel tells whether one asks or not.
            registration.interest(halfClosed || inputEnded ? EventLoop.ERR : EventLoop.RDHUP);
            timer = loop.schedule(STILL_HERE_NANOS, this::stillHere);
        } else if (inputEnded) {
            close();
        } else {
            registration.interest(EventLoop.IN);
            timer = staysOpen
                    ? loop.schedule(STILL_HERE_NANOS, this::stillHere)
                    : loop.schedule(IDLE_NANOS, this::close);
        }
    }

    private void stillHere() {
        int count = syscalls.write(fd, buffer.clear().put((byte) '\n').flip());
        if (count < 0 && count != -Errno.EAGAIN) {
            close();
        } else {
            settle();
        }
    }

    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
        registration.close();
        syscalls.closeConnection(fd);
        if (answer != null) {
            Runnable done = answer.written();
            answer = null;
            done.run();
        }
        gone.accept(this);
    }
}
