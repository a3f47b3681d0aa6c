package org.cgifpm.protocol.fastcgi;

import java.nio.ByteBuffer;

/**
 * The eight bytes in front of every record (FastCGI 1.0, 3.3), for code that looks at one record as a whole.
 *
 * <pre>
 * | version 1 | type | request id (2) | content length (2) | padding length | reserved |
 * </pre>
 *
 * <p>{@link RecordReader} reads the same bytes without making an object of them.
 *
 * @param type 0 to 255, see {@link RecordType#of}
 * @param requestId 0 to 65535
 * @param contentLength 0 to 65535 bytes
 * @param paddingLength 0 to 255 bytes, which follow the content and mean nothing
 */
public record RecordHeader(int type, int requestId, int contentLength, int paddingLength) {
    public static final int SIZE = 8;

    static final int VERSION = 1;

    /**
     * Reads one header; call it only with at least {@link #SIZE} bytes remaining.
     *
     * @throws ProtocolException if the version is not 1
     */
    public static RecordHeader read(ByteBuffer in) throws ProtocolException {
        checkVersion(nextByte(in));
        int type = nextByte(in);
        int requestId = nextByte(in) << 8 | nextByte(in);
        int contentLength = nextByte(in) << 8 | nextByte(in);
        int paddingLength = nextByte(in);
        nextByte(in); // reserved: a receiver ignores it
        return new RecordHeader(type, requestId, contentLength, paddingLength);
    }

    /** How many bytes of content and padding follow. */
    public int bodyLength() {
        return contentLength + paddingLength;
    }

    static void checkVersion(int version) throws ProtocolException {
        if (version != VERSION) {
            throw new ProtocolException("record version " + version + ", expected " + VERSION);
        }
    }

    private static int nextByte(ByteBuffer in) {
        return Byte.toUnsignedInt(in.get());
    }
}
