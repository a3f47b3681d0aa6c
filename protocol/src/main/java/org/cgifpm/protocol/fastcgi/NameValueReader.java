package org.cgifpm.protocol.fastcgi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes a stream of name-value pairs apart (FastCGI 1.0, 3.4), in pieces cut anywhere: a pair may span records.
 *
 * <p>A length is one byte, or four with the highest bit of the first set. Both lengths of a pair are summed as a long
 * and held against the limits before anything else happens, and memory grows with the bytes that really came, never
 * with what a length promises. After an exception the reader is of no further use.
 */
public final class NameValueReader {
    /**
     * How much one stream may hold.
     *
     * @param maxPairs number of pairs
     * @param maxBytes sum of all names and values in bytes, without their length bytes
     */
    public record Limits(int maxPairs, int maxBytes) {}

    /** Takes the pairs in their order. */
    public interface Sink {
        /** Both are ISO-8859-1, one char for one byte; either may be empty. */
        void pair(String name, String value);
    }

    private static final int FIRST_STEP = 256;
    private static final int LONG_FORM = 0x80;

    private final Limits limits;
    private final Sink sink;

    private int pairs;
    private long bytes;

    // The pair at hand: lengthBytes of the length at hand are still to come, then bodyLength bytes.
    private boolean inName = true;
    private boolean inLengths = true;
    private int lengthBytes;
    private int length;
    private int nameLength;
    private int bodyLength;
    private byte[] body = new byte[FIRST_STEP];
    private int filled;

    public NameValueReader(Limits limits, Sink sink) {
        this.limits = limits;
        this.sink = sink;
    }

    /**
     * Consumes all of {@code piece}.
     *
     * @throws NameValueLimitException as soon as the lengths say that a limit will be broken
     */
    public void read(ByteBuffer piece) throws NameValueLimitException {
        while (piece.hasRemaining()) {
            if (inLengths) {
                lengthByte(Byte.toUnsignedInt(piece.get()));
            } else {
                fill(piece);
            }
        }
    }

    /**
     * The stream is complete.
     *
     * @throws ProtocolException if it ended inside a pair
     */
    public void end() throws ProtocolException {
        if (!inLengths || !inName || lengthBytes > 0) {
            throw new ProtocolException("the stream ended inside name-value pair " + (pairs + 1));
        }
    }

    private void lengthByte(int next) throws NameValueLimitException {
        if (lengthBytes > 0) {
            length = length << 8 | next;
            lengthBytes--;
        } else if (next >= LONG_FORM) {
            length = next & ~LONG_FORM;
            lengthBytes = 3;
        } else {
            length = next;
        }
        if (lengthBytes > 0) {
            return;
        }
        if (inName) {
            nameLength = length;
            inName = false;
        } else {
            lengthsComplete();
        }
    }

    private void lengthsComplete() throws NameValueLimitException {
        if (pairs >= limits.maxPairs()) {
            throw new NameValueLimitException("more than " + limits.maxPairs() + " name-value pairs");
        }
        bytes += (long) nameLength + length;
        if (bytes > limits.maxBytes()) {
            throw new NameValueLimitException(
                    "names and values of " + bytes + " bytes, at most " + limits.maxBytes() + " are taken");
        }
        bodyLength = nameLength + length;
        filled = 0;
        inLengths = false;
        if (bodyLength == 0) {
            pairComplete();
        }
    }

    private void fill(ByteBuffer piece) {
        int length = Math.min(bodyLength - filled, piece.remaining());
        if (body.length - filled < length) {
            // Twice of what has come, and no more than the pair needs.
            int room = (int) Math.min(bodyLength, 2L * (filled + length));
            body = Arrays.copyOf(body, room);
        }
        piece.get(body, filled, length);
        filled += length;
        if (filled == bodyLength) {
            pairComplete();
        }
    }

    private void pairComplete() {
        pairs++;
        inName = true;
        inLengths = true;
        sink.pair(text(0, nameLength), text(nameLength, bodyLength - nameLength));
    }

    private String text(int offset, int length) {
        return length == 0 ? "" : new String(body, offset, length, StandardCharsets.ISO_8859_1);
    }
}
