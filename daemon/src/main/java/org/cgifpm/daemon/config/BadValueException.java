package org.cgifpm.daemon.config;

/** A value cannot be read; the message says what is wrong with it and suggests another, without file, line and key. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    BadValueException(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
