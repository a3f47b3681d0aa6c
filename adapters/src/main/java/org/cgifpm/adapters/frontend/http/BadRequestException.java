package org.cgifpm.adapters.frontend.http;

import java.io.IOException;

/** The client sent something that is no request; the connection ends after the answer, which {@link #status} heads. */
final class BadRequestException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    BadRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** 400, 413, 414, 417, 431 or 501. */
    int status() {
        return status;
    }

    String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
