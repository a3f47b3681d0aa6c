package org.cgifpm.protocol.fastcgi;

import java.io.IOException;

/**
 * The peer broke the protocol in a way that leaves nothing to trust on this connection.
 *
 * <p>The message quotes what was seen. Whoever catches it ends that connection and nothing else.
 */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    public ProtocolException(String message) {
        super(message);
    }
}
