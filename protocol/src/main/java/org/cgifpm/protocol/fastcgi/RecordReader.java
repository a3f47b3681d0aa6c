package org.cgifpm.protocol.fastcgi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into records (FastCGI 1.0, 3.3), whichever side sent them.
 *
 * <p>It may be stopped at any byte, keeps no content, and makes no object per byte or per record: as long as the caller
 * reads into the same buffer, the pieces are views through one duplicate of it. One connection has one reader; after an
 * exception it is of no further use.
 */
public final class RecordReader {
    /** Hears of each record in turn: {@code record}, any number of {@code content}, {@code recordEnd}. */
    public interface Listener {
        /** A header was read. Every type and every id is told as it came. */
        void record(int type, int requestId, int contentLength) throws ProtocolException;

        /** Some of the content, never empty; the buffer is the reader's own and valid during the call only. */
        void content(int type, int requestId, ByteBuffer piece) throws ProtocolException;

        /** Content and padding are complete. */
        void recordEnd(int type, int requestId) throws ProtocolException;
    }

    private final Listener listener;

    private long header;
    private int headerBytes;
    private int type;
    private int requestId;
    private int contentLeft;
    private int paddingLeft;

    private @Nullable ByteBuffer source;
    private ByteBuffer view = ByteBuffer.allocate(0);

    public RecordReader(Listener listener) {
        this.listener = listener;
    }

    /**
     * Consumes all of {@code in}; what the listener throws comes through.
     *
     * @throws ProtocolException if a version is not 1, as soon as that byte is seen
     */
    public void read(ByteBuffer in) throws ProtocolException {
        while (in.hasRemaining()) {
            if (headerBytes < RecordHeader.SIZE) {
                header(Byte.toUnsignedInt(in.get()));
            } else if (contentLeft > 0) {
                content(in);
            } else {
                int skipped = Math.min(paddingLeft, in.remaining());
                in.position(in.position() + skipped);
                paddingLeft -= skipped;
                endIfComplete();
            }
        }
    }

    /** True before the first byte and after the last byte of each record: a stream may end here and nowhere else. */
    public boolean betweenRecords() {
        return headerBytes == 0;
    }

    private void header(int next) throws ProtocolException {
        if (headerBytes == 0) {
            RecordHeader.checkVersion(next);
        }
        header = header << 8 | next;
        headerBytes++;
        if (headerBytes == RecordHeader.SIZE) {
            type = (int) (header >>> 48) & 0xff;
            requestId = (int) (header >>> 32) & 0xffff;
            contentLeft = (int) (header >>> 16) & 0xffff;
            paddingLeft = (int) (header >>> 8) & 0xff;
            listener.record(type, requestId, contentLeft);
            endIfComplete();
        }
    }

    @SuppressWarnings("ReferenceEquality") // a view of the same buffer, whatever its bytes are now
    private void content(ByteBuffer in) throws ProtocolException {
        int length = Math.min(contentLeft, in.remaining());
        int start = in.position();
        if (source != in) {
            source = in;
            view = in.duplicate();
        }
        view.limit(start + length).position(start);
        in.position(start + length);
        contentLeft -= length;
        listener.content(type, requestId, view);
        endIfComplete();
    }

    private void endIfComplete() throws ProtocolException {
        if (contentLeft == 0 && paddingLeft == 0) {
            headerBytes = 0;
            listener.recordEnd(type, requestId);
        }
    }
}
