package org.cgifpm.adapters.frontend;

import java.io.IOException;
import org.cgifpm.adapters.Exchange;
import org.jspecify.annotations.Nullable;

/** What the FastCGI front end tells the daemon. Called on the loop thread. */
public interface FrontendEvents {
    /** The next number for {@link Exchange#id}. */
    long nextId();

    /**
     * A request's params are complete.
     *
     * @param incomplete why its params are not all there, else null: a {@code NameValueLimitException} where they broke a
     *     limit of their own (431), anything else where there is no memory for them now (503)
     */
    void handle(Exchange exchange, @Nullable IOException incomplete);

    /** A peer broke the protocol or let us wait too long; its connection has ended. */
    void peerFailed(String peer, String why);

    /** A connection was not taken: who it was and why. */
    void peerRefused(String peer, String why);

    /** Connections cannot be taken now (no descriptors, no memory): told once until it works again. */
    void acceptFailed(String why);
}
