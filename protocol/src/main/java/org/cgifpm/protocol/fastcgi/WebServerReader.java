package org.cgifpm.protocol.fastcgi;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a web server hears from an application, record by record: the mirror of {@link ApplicationReader}.
 *
 * <p>The application is not trusted. Refused: types that only web servers send, a request id where there may be none or
 * none where there must be one, bodies of the wrong length. Which requests are active is for the listener to know.
 * Records of unknown types are ignored: the specification has an answer to them in the other direction only (FastCGI
 * 1.0, 4.2).
 *
 * <p>A fixed-size record is told when it is complete, padding included; a stream piece by piece. One connection has one
 * reader; after an exception it is of no further use.
 */
public final class WebServerReader {
    /** Hears of each record. Pieces are never empty and valid during the call only; ids are 1 to 65535. */
    public interface Listener {
        void stdout(int id, ByteBuffer piece) throws ProtocolException;

        void stdoutEnd(int id) throws ProtocolException;

        void stderr(int id, ByteBuffer piece) throws ProtocolException;

        void stderrEnd(int id) throws ProtocolException;

        void endRequest(int id, EndRequest end) throws ProtocolException;

        /** The answer to GET_VALUES, in its order; of a name that came twice the last value. */
        void getValuesResult(Map<String, String> values) throws ProtocolException;

        /** The application does not know this type of management record, 0 to 255. */
        void unknownType(int type) throws ProtocolException;
    }

    private static final int UNKNOWN_TYPE_SIZE = 8;

    private final RecordReader records = new RecordReader(new Records());
    private final Listener listener;

    private @Nullable RecordType type;
    private int contentLength;
    private long fixedBody;
    private Map<String, String> results = Map.of();
    private @Nullable NameValueReader values;

    public WebServerReader(Listener listener) {
        this.listener = listener;
    }

    /** Consumes all of {@code in}. */
    public void read(ByteBuffer in) throws ProtocolException {
        records.read(in);
    }

    /** True before the first byte and after the last byte of each record. */
    public boolean betweenRecords() {
        return records.betweenRecords();
    }

    private final class Records implements RecordReader.Listener {
        @Override
        public void record(int code, int id, int length) throws ProtocolException {
            type = RecordType.of(code);
            contentLength = length;
            if (type != null) {
                check(type, id, length);
            }
        }

        private void check(RecordType type, int id, int length) throws ProtocolException {
            switch (type) {
                case STDOUT, STDERR -> RecordChecks.application(type, id);
                case END_REQUEST -> {
                    RecordChecks.application(type, id);
                    RecordChecks.length(type, length, EndRequest.SIZE);
                }
                case GET_VALUES_RESULT -> {
                    RecordChecks.management(type, id);
                    RecordChecks.valuesLength(type, length);
                    Map<String, String> told = new LinkedHashMap<>();
                    results = told;
                    values = RecordChecks.valuesReader(told::put);
                }
                case UNKNOWN_TYPE -> {
                    RecordChecks.management(type, id);
                    RecordChecks.length(type, length, UNKNOWN_TYPE_SIZE);
                }
                case BEGIN_REQUEST, ABORT_REQUEST, PARAMS, STDIN, DATA, GET_VALUES ->
                    throw new ProtocolException(type + " record from an application: only web servers send it");
            }
        }

        @Override
        public void content(int code, int id, ByteBuffer piece) throws ProtocolException {
            if (type == null) {
                return;
            }
            switch (type) {
                case STDOUT -> listener.stdout(id, piece);
                case STDERR -> listener.stderr(id, piece);
                case END_REQUEST, UNKNOWN_TYPE -> fixedBody = RecordChecks.append(fixedBody, piece);
                case GET_VALUES_RESULT -> {
                    if (values != null) {
                        RecordChecks.readValues(type, values, piece);
                    }
                }
                default -> {} // refused by check
            }
        }

        @Override
        public void recordEnd(int code, int id) throws ProtocolException {
            if (type == null) {
                return;
            }
            switch (type) {
                case STDOUT -> {
                    if (contentLength == 0) {
                        listener.stdoutEnd(id);
                    }
                }
                case STDERR -> {
                    if (contentLength == 0) {
                        listener.stderrEnd(id);
                    }
                }
                case END_REQUEST -> listener.endRequest(id, EndRequest.of(fixedBody));
                case UNKNOWN_TYPE -> listener.unknownType((int) (fixedBody >>> 56));
                case GET_VALUES_RESULT -> valuesEnd();
                default -> {} // refused by check
            }
        }

        private void valuesEnd() throws ProtocolException {
            if (values != null) {
                values.end();
                values = null;
            }
            listener.getValuesResult(Collections.unmodifiableMap(results));
        }
    }
}
