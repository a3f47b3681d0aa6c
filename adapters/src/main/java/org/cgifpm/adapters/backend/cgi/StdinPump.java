package org.cgifpm.adapters.backend.cgi;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;

/**
 * The request body on its way into the script's standard input. Loop thread only.
 *
 * <p>A script that does not read all of it, or closes it, does nothing wrong: the rest is thrown away.
 */
final class StdinPump implements BodySink {
    private final EventLoop loop;
    private final Syscalls syscalls;
    private final RequestBody body;
    private final Runnable over;
    private int fd;
    private @Nullable Registration registration;
    private boolean delivered;
    private long written;
    private long lastNanos = Long.MIN_VALUE;

    /** @param over told when nothing more of the body will go into the pipe, before the request's end */
    StdinPump(ProcessSurroundings around, RequestBody body, int fd, Runnable over) {
        this.loop = around.loop();
        this.syscalls = around.syscalls();
        this.body = body;
        this.fd = fd;
        this.over = over;
    }

    void start() {
        body.sink(this);
    }

    @Override
    public void take(ByteBuffer chunk) {
        while (fd >= 0 && chunk.hasRemaining()) {
            int count = syscalls.write(fd, chunk);
            if (count == -Errno.EAGAIN) {
                waitForRoom();
                return;
            }
            if (count < 0) {
                giveUp();
            } else {
                written += count;
                lastNanos = loop.now();
            }
        }
    }

    private void waitForRoom() {
        try {
            if (registration == null) {
                registration = loop.register(fd, EventLoop.OUT, this::ready);
            } else {
                registration.interest(EventLoop.OUT);
            }
        } catch (SyscallException e) {
            giveUp();
        }
    }

    private void ready(int events) {
        if (registration != null) {
            registration.interest(0);
        }
        if (fd >= 0) {
            body.resume();
        }
    }

    private void giveUp() {
        delivered = true;
        close();
        body.discard();
        over.run();
    }

    @Override
    public void end() {
        delivered = true;
        close();
        over.run();
    }

    /** True if the whole body went into the pipe, or the script did not want it. */
    boolean delivered() {
        return delivered;
    }

    /** Bytes that the pipe has taken. */
    long written() {
        return written;
    }

    /** When the pipe took bytes last, as {@link System#nanoTime}; {@link Long#MIN_VALUE} if it never did. */
    long lastNanos() {
        return lastNanos;
    }

    /** True while it is the script that is waited for, and not the front end. */
    boolean waitsForScript() {
        return registration != null && registration.interest() != 0;
    }

    /** The script sees the end of its input. */
    void close() {
        if (registration != null) {
            registration.close();
            registration = null;
        }
        if (fd >= 0) {
            syscalls.close(fd);
            fd = -1;
        }
    }
}
