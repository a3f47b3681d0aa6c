package org.cgifpm.adapters.frontend;

import org.cgifpm.adapters.os.EventLoop;

/** What a connection needs of the listener that accepted it. */
record ConnectionSurroundings(
        EventLoop loop,
        SharedBuffers shared,
        ConnectionLimits limits,
        boolean unix,
        FrontendEvents events,
        Closed closed) {
    /** Told once when the connection's descriptor is closed. */
    interface Closed {
        void closed(FastCgiConnection connection);
    }
}
