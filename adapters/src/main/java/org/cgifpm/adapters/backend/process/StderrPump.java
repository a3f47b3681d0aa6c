package org.cgifpm.adapters.backend.process;

import java.nio.ByteBuffer;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
import org.jspecify.annotations.Nullable;

/** A program's standard error: always read, so that the program never waits, and logged line by line. Loop thread only. */
public final class StderrPump {
    private static final int READS_TO_END = 16;

    private final ProcessSurroundings around;
    private final StderrLines lines;
    private final Runnable ended;
    private @Nullable Registration registration;
    private int fd;
    private long lastNanos = Long.MIN_VALUE;

    /** @param exchange the request's number, 0 for what lives longer than a request */
    public StderrPump(
            ProcessSurroundings around, StderrRate rate, long exchange, String script, int fd, Runnable ended) {
        this.around = around;
        this.lines = new StderrLines(
                rate,
                around.loop()::now,
                around.stderr(),
                exchange,
                script,
                exchange == 0 ? StderrLines.ENDLESS : StderrLines.OF_A_REQUEST);
        this.fd = fd;
        this.ended = ended;
    }

    /** Leaves what is written in the pipe until {@link #watch}. */
    public void hold() throws SyscallException {
        registration = around.loop().register(fd, 0, events -> read());
    }

    /** Reads whatever comes from now on. */
    public void watch() {
        if (registration != null) {
            registration.interest(EventLoop.IN);
        }
    }

    /** Takes {@link #hold} back. */
    public void forget() {
        if (registration != null) {
            registration.close();
            registration = null;
        }
    }

    /** When bytes came last, as {@link System#nanoTime}; {@link Long#MIN_VALUE} if none did. */
    public long lastNanos() {
        return lastNanos;
    }

    public boolean open() {
        return fd >= 0;
    }

    public long bytes() {
        return lines.bytes();
    }

    public int lines() {
        return lines.lines();
    }

    /** Reads what is there now, so that the reason of an answer can quote it. */
    public void read() {
        read(false);
    }

    /** Reads all there is: for a script that has ended. */
    public void readToEnd() {
        read(true);
    }

    private void read(boolean toEnd) {
        // Once a turn while it runs: whoever floods the pipe fills it again in less time than its lines take here.
        for (int i = 0; i < (toEnd ? READS_TO_END : 1) && fd >= 0; i++) {
            ByteBuffer buffer = around.scratch().clear();
            int count = around.syscalls().read(fd, buffer);
            if (count == -Errno.EAGAIN) {
                return;
            }
            if (count <= 0) {
                close();
                ended.run();
                return;
            }
            lastNanos = around.loop().now();
            lines.take(buffer.flip());
        }
    }

    /** The last of what was written, for the one who wrote the script. */
    public String tail() {
        return lines.tail();
    }

    public void close() {
        if (fd >= 0) {
            forget();
            around.syscalls().close(fd);
            fd = -1;
            lines.end();
        }
    }
}
