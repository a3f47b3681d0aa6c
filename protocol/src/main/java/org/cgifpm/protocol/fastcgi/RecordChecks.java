package org.cgifpm.protocol.fastcgi;

import java.nio.ByteBuffer;

/** What both readers demand of a record before they believe it (FastCGI 1.0, 3.3 and 4). */
final class RecordChecks {
    /**
     * Names and answers of GET_VALUES need less than 100 bytes; both are gathered in memory, so there is an end to it.
     */
    static final int MAX_VALUES_CONTENT = 4096;

    private RecordChecks() {}

    static void application(RecordType type, int requestId) throws ProtocolException {
        if (requestId == 0) {
            throw new ProtocolException(type + " record with request id 0");
        }
    }

    static void management(RecordType type, int requestId) throws ProtocolException {
        if (requestId != 0) {
            throw new ProtocolException(type + " record with request id " + requestId + ", expected 0");
        }
    }

    static void length(RecordType type, int contentLength, int expected) throws ProtocolException {
        if (contentLength != expected) {
            throw new ProtocolException(
                    type + " record with " + contentLength + " bytes of content, expected " + expected);
        }
    }

    static void valuesLength(RecordType type, int contentLength) throws ProtocolException {
        if (contentLength > MAX_VALUES_CONTENT) {
            throw new ProtocolException(
                    type + " record with " + contentLength + " bytes of content, at most " + MAX_VALUES_CONTENT);
        }
    }

    /** Moves the bytes of {@code piece} into the low end of {@code body}: eight-byte bodies are gathered this way. */
    static long append(long body, ByteBuffer piece) {
        long longer = body;
        while (piece.hasRemaining()) {
            longer = longer << 8 | Byte.toUnsignedInt(piece.get());
        }
        return longer;
    }

    /** A reader of the pairs of one management record, which are in that record and in no other. */
    static NameValueReader valuesReader(NameValueReader.Sink sink) {
        return new NameValueReader(new NameValueReader.Limits(MAX_VALUES_CONTENT, MAX_VALUES_CONTENT), sink);
    }

    static void readValues(RecordType type, NameValueReader values, ByteBuffer piece) throws ProtocolException {
        try {
            values.read(piece);
        } catch (NameValueLimitException e) {
            ProtocolException broken = new ProtocolException(type + " record: " + e.getMessage());
            broken.initCause(e);
            throw broken;
        }
    }
}
