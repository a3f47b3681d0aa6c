package org.cgifpm.protocol.fastcgi;

import org.jspecify.annotations.Nullable;

/** How a request ended as far as the protocol is concerned (FastCGI 1.0, 5.5); only HAProxy reads it. */
public enum ProtocolStatus {
    REQUEST_COMPLETE(0),
    CANT_MPX_CONN(1),
    OVERLOADED(2),
    UNKNOWN_ROLE(3);

    private final int code;

    ProtocolStatus(int code) {
        this.code = code;
    }

    /** The number in the body of END_REQUEST. */
    public int code() {
        return code;
    }

    /** The status of that number, or null if FastCGI 1.0 has none. */
    public static @Nullable ProtocolStatus of(int code) {
        for (ProtocolStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return null;
    }
}
