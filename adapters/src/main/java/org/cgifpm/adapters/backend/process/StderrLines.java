package org.cgifpm.adapters.backend.process;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a program writes to its standard error, cut into lines for the log up to a bound, so that no script fills the
 * disk; of the rest the bytes are counted. Loop thread only.
 */
public final class StderrLines {
    /** Lines of one request that are logged. */
    public static final int OF_A_REQUEST = 200;
    /** For what lives on and on: only the rate bounds it. */
    public static final int ENDLESS = Integer.MAX_VALUE;

    private static final int MAX_LINE = 1024;
    private static final int TAIL = 4096;

    private final StderrRate rate;
    private final LongSupplier nanos;
    private final ScriptStderr sink;
    private final long exchange;
    private final String script;
    private final int maxLines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(0);
    private final byte[] piece = new byte[512];
    private @Nullable ByteBuffer tail;
    private int lines;
    private long bytes;
    private long unlogged;

    /**
     * @param nanos the loop's time
     * @param exchange the request's number, 0 where it is nobody's
     * @param maxLines how many are logged
     */
    public StderrLines(
            StderrRate rate, LongSupplier nanos, ScriptStderr sink, long exchange, String script, int maxLines) {
        this.rate = rate;
        this.nanos = nanos;
        this.sink = sink;
        this.exchange = exchange;
        this.script = script;
        this.maxLines = maxLines;
    }

    public long bytes() {
        return bytes;
    }

    public int lines() {
        return lines;
    }

    /** Takes all of {@code buffer}. */
    public void take(ByteBuffer buffer) {
        bytes += buffer.remaining();
        remember(buffer.duplicate());
        while (buffer.hasRemaining()) {
            if (lines >= maxLines) {
                unlogged += buffer.remaining();
                buffer.position(buffer.limit());
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
        lines = Math.min(maxLines, lines + 1);
        if (rate.allows(nanos.getAsLong())) {
            sink.line(exchange, script, line.toString(StandardCharsets.ISO_8859_1));
        } else {
            unlogged += line.size();
        }
        line.reset();
        if (lines == maxLines && rate.allows(nanos.getAsLong())) {
            sink.line(exchange, script, "(" + maxLines + " lines logged; the rest of this request's is only counted)");
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
    public String tail() {
        ByteBuffer kept = tail;
        if (kept == null) {
            return "";
        }
        return StandardCharsets.ISO_8859_1.decode(kept.duplicate().flip()).toString();
    }

    /** Nothing more comes: logs what has no line end, and how much was left out. */
    public void end() {
        if (line.size() > 0) {
            endLine();
        }
        if (unlogged > 0 && rate.allows(nanos.getAsLong())) {
            sink.line(exchange, script, "(" + unlogged + " more bytes of standard error were not logged)");
        }
    }
}
