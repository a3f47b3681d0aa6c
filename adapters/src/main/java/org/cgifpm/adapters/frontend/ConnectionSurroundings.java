package org.cgifpm.adapters.frontend;

import java.util.function.Supplier;
import org.cgifpm.adapters.os.EventLoop;

/**
 * What a connection needs of the listener that accepted it.
 *
 * @param params what its requests' params may take of the memory for all
 * @param current the limits, which may change while connections are open
 */
record ConnectionSurroundings(
        EventLoop loop,
        SharedBuffers shared,
        ParamsBudget.Share params,
        Supplier<ConnectionLimits> current,
        boolean unix,
        FrontendEvents events,
        Closed closed) {
    /** Those that are in force now. A request has those that it began with. */
    ConnectionLimits limits() {
        return current.get();
    }

    /** Told once when the connection's descriptor is closed. */
    interface Closed {
        void closed(FastCgiConnection connection);
    }
}
