package org.cgifpm.daemon.log.access;

/** An {@code access_format} cannot be read; the message says where and what may stand there. */
public final class AccessFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    AccessFormatException(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
