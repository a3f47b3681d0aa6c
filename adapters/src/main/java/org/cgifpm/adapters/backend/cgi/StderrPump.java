package org.cgifpm.adapters.backend.cgi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
import org.jspecify.annotations.Nullable;

/**
 * The script's standard error: always read, so that the script never waits, and logged line by line up to a bound, so
 * that no script fills the disk. Loop thread only.
 */
final class StderrPump {
    /** Lines of one request that are logged; of the others only the bytes are counted. */
    private static final int MAX_LINES = 200;

    private static final int MAX_LINE = 1024;
    private static final int TAIL = 4096;
    private static final int READS_PER_TURN = 16;

    private final CgiSurroundings around;
    private final ScriptStderr sink;
    private final long exchange;
    private final String script;
    private final StderrRate rate;
    private final Runnable ended;
    private @Nullable Registration registration;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(0);
    private final byte[] piece = new byte[512];
    private int fd;
    private long lastNanos = Long.MIN_VALUE;
    private @Nullable ByteBuffer tail;
    private int lines;
    private long bytes;
    private long unlogged;

    StderrPump(CgiSurroundings around, StderrRate rate, long exchange, String script, int fd, Runnable ended) {
        this.rate = rate;
        this.around = around;
        this.sink = around.stderr();
        this.exchange = exchange;
        this.script = script;
        this.fd = fd;
        this.ended = ended;
    }

    /** Leaves what is written in the pipe until {@link #watch}. */
    void hold() throws SyscallException {
        registration = around.loop().register(fd, 0, events -> read());
    }

    /** Reads whatever comes from now on. */
    void watch() {
        if (registration != null) {
            registration.interest(EventLoop.IN);
        }
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

    long bytes() {
        return bytes;
    }

    int lines() {
        return lines;
    }

    /** Reads what is there now, so that the reason of an answer can quote it. */
    void read() {
        read(false);
    }

    /** Reads all there is: for a script that has ended. */
    void readToEnd() {
        read(true);
    }

    private void read(boolean toEnd) {
        for (int i = 0; i < READS_PER_TURN && fd >= 0; i++) {
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
            boolean drained = buffer.hasRemaining();
            take(buffer.flip());
            if (drained && !toEnd) {
                return;
            }
        }
    }

    private void take(ByteBuffer buffer) {
        bytes += buffer.remaining();
        remember(buffer.duplicate());
        while (buffer.hasRemaining()) {
            if (lines >= MAX_LINES) {
                unlogged += buffer.remaining();
                return;
            }
            int count = 0;
            boolean lineEnd = false;
            while (buffer.hasRemaining() && count < piece.length && !lineEnd) {
                byte b = buffer.get();
                lineEnd = b == '\n';
                if (!lineEnd) {
                    piece[count++] = b;
                }
            }
            int kept = Math.min(count, MAX_LINE - line.size());
            line.write(piece, 0, kept);
            unlogged += count - kept;
            if (lineEnd) {
                endLine();
            }
        }
    }

    private void endLine() {
        lines++;
        if (rate.allows(around.loop().now())) {
            sink.line(exchange, script, line.toString(StandardCharsets.ISO_8859_1));
        } else {
            unlogged += line.size();
        }
        line.reset();
        if (lines == MAX_LINES && rate.allows(around.loop().now())) {
            sink.line(exchange, script, "(" + MAX_LINES + " lines logged; the rest of this request's is only counted)");
        }
    }

    private void remember(ByteBuffer buffer) {
        ByteBuffer kept = tail;
        if (kept == null) {
            kept = ByteBuffer.allocate(TAIL);
            tail = kept;
        }
        if (buffer.remaining() > TAIL) {
            buffer.position(buffer.limit() - TAIL);
        }
        int excess = buffer.remaining() - kept.remaining();
        if (excess > 0) {
            kept.flip();
            kept.position(excess);
            kept.compact();
        }
        kept.put(buffer);
    }

    /** The last of what was written, for the one who wrote the script. */
    String tail() {
        ByteBuffer kept = tail;
        if (kept == null) {
            return "";
        }
        return StandardCharsets.ISO_8859_1.decode(kept.duplicate().flip()).toString();
    }

    void close() {
        if (fd >= 0) {
            forget();
            around.syscalls().close(fd);
            fd = -1;
            if (line.size() > 0) {
                endLine();
            }
            if (unlogged > 0 && rate.allows(around.loop().now())) {
                sink.line(exchange, script, "(" + unlogged + " more bytes of standard error were not logged)");
            }
        }
    }
}
