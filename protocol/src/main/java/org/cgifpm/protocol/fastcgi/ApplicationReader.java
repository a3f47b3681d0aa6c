package org.cgifpm.protocol.fastcgi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an application hears from a web server, record by record, checked as far as one record tells.
 *
 * <p>Refused: types that only applications send, a request id where there may be none or none where there must be one,
 * bodies of the wrong length. Which requests are active is for the listener to know: it ignores records of others
 * (FastCGI 1.0, 3.3). Ignored here: GET_VALUES_RESULT and UNKNOWN_TYPE, which front ends have been seen to send, and
 * records of an unknown type that carry a request id. For these the specification has no answer (UNKNOWN_TYPE is about
 * management records, 4.2), and since they are framed like all others nothing behind them is in doubt.
 *
 * <p>A fixed-size record is told when it is complete, padding included; a stream piece by piece. An empty record ends
 * its stream. One connection has one reader; after an exception it is of no further use.
 */
public final class ApplicationReader {
    /** Hears of each record. Pieces are never empty and valid during the call only; ids are 1 to 65535. */
    public interface Listener {
        void beginRequest(int id, BeginRequest begin) throws ProtocolException;

        void abortRequest(int id) throws ProtocolException;

        void params(int id, ByteBuffer piece) throws ProtocolException;

        void paramsEnd(int id) throws ProtocolException;

        void stdin(int id, ByteBuffer piece) throws ProtocolException;

        void stdinEnd(int id) throws ProtocolException;

        void data(int id, ByteBuffer piece) throws ProtocolException;

        void dataEnd(int id) throws ProtocolException;

        /** The names that were asked for, in that order, possibly none; unknown ones are left out of the answer. */
        void getValues(List<String> names) throws ProtocolException;

        /** A management record of a type that FastCGI 1.0 has not: UNKNOWN_TYPE is the answer (FastCGI 1.0, 4.2). */
        void unknownManagement(int type) throws ProtocolException;
    }

    private final RecordReader records = new RecordReader(new Records());
    private final Listener listener;

    private @Nullable RecordType type;
    private int contentLength;
    private long beginBody;
    private List<String> names = List.of();
    private @Nullable NameValueReader values;

    public ApplicationReader(Listener listener) {
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
                case BEGIN_REQUEST -> {
                    RecordChecks.application(type, id);
                    RecordChecks.length(type, length, BeginRequest.SIZE);
                }
                case ABORT_REQUEST, PARAMS, STDIN, DATA -> RecordChecks.application(type, id);
                case GET_VALUES -> {
                    RecordChecks.management(type, id);
                    RecordChecks.valuesLength(type, length);
                    List<String> asked = new ArrayList<>();
                    names = asked;
                    values = RecordChecks.valuesReader((name, value) -> asked.add(name));
                }
                case GET_VALUES_RESULT, UNKNOWN_TYPE -> RecordChecks.management(type, id);
                case END_REQUEST, STDOUT, STDERR ->
                    throw new ProtocolException(type + " record from a web server: only applications send it");
            }
        }

        @Override
        public void content(int code, int id, ByteBuffer piece) throws ProtocolException {
            if (type == null) {
                return;
            }
            switch (type) {
                case BEGIN_REQUEST -> beginBody = RecordChecks.append(beginBody, piece);
                case PARAMS -> listener.params(id, piece);
                case STDIN -> listener.stdin(id, piece);
                case DATA -> listener.data(id, piece);
                case GET_VALUES -> {
                    if (values != null) {
                        RecordChecks.readValues(type, values, piece);
                    }
                }
                default -> {} // not for us
            }
        }

        @Override
        public void recordEnd(int code, int id) throws ProtocolException {
            if (type == null) {
                if (id == 0) {
                    listener.unknownManagement(code);
                }
                return;
            }
            switch (type) {
                case BEGIN_REQUEST -> listener.beginRequest(id, BeginRequest.of(beginBody));
                case ABORT_REQUEST -> listener.abortRequest(id);
                case GET_VALUES -> valuesEnd();
                default -> {
                    if (contentLength == 0) {
                        streamEnd(type, id);
                    }
                }
            }
        }

        private void valuesEnd() throws ProtocolException {
            if (values != null) {
                values.end();
                values = null;
            }
            listener.getValues(List.copyOf(names));
        }

        private void streamEnd(RecordType type, int id) throws ProtocolException {
            switch (type) {
                case PARAMS -> listener.paramsEnd(id);
                case STDIN -> listener.stdinEnd(id);
                case DATA -> listener.dataEnd(id);
                default -> {} // not a stream
            }
        }
    }
}
