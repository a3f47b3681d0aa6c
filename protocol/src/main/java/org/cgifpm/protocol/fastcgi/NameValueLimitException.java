package org.cgifpm.protocol.fastcgi;

import java.io.IOException;

/**
 * A stream of name-value pairs is above one of its limits; the message names the limit and the number.
 *
 * <p>The framing is intact, so the connection may live: the caller answers this request with 431 and reads off the rest.
 */
public final class NameValueLimitException extends IOException {
    private static final long serialVersionUID = 1;

    public NameValueLimitException(String message) {
        super(message);
    }
}
