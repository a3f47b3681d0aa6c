package org.cgifpm.protocol.cgi;

import java.io.IOException;

/**
 * What a script printed first is no head of a CGI response; the message says why and quotes it, escaped and cut.
 *
 * <p>It is the script's fault: the answer is 500, and the message belongs into the log, not into the answer.
 */
public final class BadHeadException extends IOException {
    private static final long serialVersionUID = 1;

    public BadHeadException(String message) {
        super(message);
    }
}
