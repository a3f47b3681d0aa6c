package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Takes the framing off a request body: Content-Length or chunked (RFC 9112, 6 and 7.1).
 *
 * <p>Use: ask {@link #available}, take at most that many bytes from the front of the same buffer, report them with
 * {@link #consumed}, ask again. It copies nothing and keeps nothing.
 */
final class BodyDecoder {
    private static final int MAX_LINE = 4096;
    private static final int MAX_TRAILERS = 16384;

    private enum State {
        SIZE,
        EXTENSION,
        DATA,
        DATA_END,
        TRAILER,
        DONE
    }

    private final long declared;
    private State state;
    private long left;
    private int digits;
    private int lineBytes;
    private int trailerBytes;
    private boolean afterCr;

    private BodyDecoder(long declared) {
        this.declared = declared;
        this.left = Math.max(declared, 0);
        if (declared == 0) {
            state = State.DONE;
        } else {
            state = declared > 0 ? State.DATA : State.SIZE;
        }
    }

    /** Reads how the body is framed; a request that says it in two ways is refused (RFC 9112, 6.3). */
    static BodyDecoder of(HttpRequest request) throws BadRequestException {
        List<String> codings = request.all("Transfer-Encoding");
        List<String> lengths = request.all("Content-Length");
        if (!codings.isEmpty()) {
            if (!lengths.isEmpty() || request.minor() == 0) {
                throw new BadRequestException(400, "Transfer-Encoding where it may not be");
            }
            if (codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw new BadRequestException(501, "the only transfer coding known here is chunked");
            }
            return new BodyDecoder(-1);
        }
        if (lengths.isEmpty()) {
            return new BodyDecoder(0);
        }
        if (lengths.stream().distinct().count() > 1) {
            throw new BadRequestException(400, "two Content-Length fields that differ");
        }
        return new BodyDecoder(length(lengths.get(0)));
    }

    /** No body at all. */
    static BodyDecoder none() {
        return new BodyDecoder(0);
    }

    private static long length(String text) throws BadRequestException {
        boolean digitsOnly = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digitsOnly) {
            throw new BadRequestException(400, "Content-Length is not a number");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException tooLarge) {
            throw new BadRequestException(413, "Content-Length is beyond every limit");
        }
    }

    /** What Content-Length says, 0 without a body, -1 when only the end will tell. */
    long declared() {
        return declared;
    }

    boolean done() {
        return state == State.DONE;
    }

    /**
     * Consumes framing at the front of {@code in} and tells how many bytes of body stand there now; 0 when it needs
     * more input or is {@link #done}.
     */
    int available(ByteBuffer in) throws BadRequestException {
        while (state != State.DATA && state != State.DONE && in.hasRemaining()) {
            framing(in.get());
        }
        return state == State.DATA ? (int) Math.min(left, in.remaining()) : 0;
    }

    /** {@code bytes} of what was {@link #available} are taken. */
    void consumed(int bytes) {
        left -= bytes;
        if (left == 0 && state == State.DATA) {
            state = declared >= 0 ? State.DONE : State.DATA_END;
        }
    }

    private void framing(byte b) throws BadRequestException {
        if (afterCr && b != '\n') {
            throw new BadRequestException(400, "a bare CR in the chunked body");
        }
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case DATA_END -> dataEnd(b);
            case TRAILER -> trailer(b);
            case DATA, DONE -> throw new IllegalStateException("no framing in state " + state);
        }
    }

    private void size(byte b) throws BadRequestException {
        int digit = b == '\r' || b == '\n' || b == ';' || b == ' ' || b == '\t' ? -1 : Character.digit(b, 16);
        if (digit >= 0) {
            if (++digits > 15) {
                throw new BadRequestException(413, "a chunk beyond every limit");
            }
            left = left << 4 | digit;
            return;
        }
        boolean ends = b == '\r' || b == '\n' || b == ';' || b == ' ' || b == '\t';
        if (!ends || digits == 0) {
            throw new BadRequestException(400, "a chunk size that is no number");
        }
        state = State.EXTENSION;
        lineBytes = 0;
        extension(b);
    }

    /** What stands between the size and its line's end has no meaning here (RFC 9112, 7.1.1). */
    private void extension(byte b) throws BadRequestException {
        afterCr = b == '\r';
        if (++lineBytes > MAX_LINE) {
            throw new BadRequestException(400, "a chunk extension longer than " + MAX_LINE + " bytes");
        }
        if (b == '\n') {
            lineBytes = 0;
            state = left > 0 ? State.DATA : State.TRAILER;
        }
    }

    private void dataEnd(byte b) throws BadRequestException {
        afterCr = b == '\r';
        if (b != '\r' && b != '\n') {
            throw new BadRequestException(400, "a chunk longer than its size says");
        }
        if (b == '\n') {
            state = State.SIZE;
            digits = 0;
        }
    }

    /** Trailer fields are read and thrown away: a CGI script has no place for them. */
    private void trailer(byte b) throws BadRequestException {
        afterCr = b == '\r';
        if (++trailerBytes > MAX_TRAILERS) {
            throw new BadRequestException(431, "trailer fields longer than " + MAX_TRAILERS + " bytes");
        }
        if (b == '\n') {
            if (lineBytes == 0) {
                state = State.DONE;
            }
            lineBytes = 0;
        } else if (b != '\r') {
            lineBytes++;
        }
    }
}
