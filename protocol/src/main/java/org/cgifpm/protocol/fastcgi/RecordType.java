package org.cgifpm.protocol.fastcgi;

import org.jspecify.annotations.Nullable;

/** What a record is about (FastCGI 1.0, 8). Types from 9 on are management records and have request id 0. */
public enum RecordType {
    BEGIN_REQUEST(1),
    ABORT_REQUEST(2),
    END_REQUEST(3),
    PARAMS(4),
    STDIN(5),
    STDOUT(6),
    STDERR(7),
    DATA(8),
    GET_VALUES(9),
    GET_VALUES_RESULT(10),
    UNKNOWN_TYPE(11);

    private static final RecordType[] BY_CODE = values();

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    /** The type byte of the header. */
    public int code() {
        return code;
    }

    /** The type of that code, or null if FastCGI 1.0 has none. */
    public static @Nullable RecordType of(int code) {
        return code >= 1 && code <= BY_CODE.length ? BY_CODE[code - 1] : null;
    }
}
