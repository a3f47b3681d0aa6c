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
     * @param tooLarge the limit that its params broke: then they are not all there, and 431 is the answer; else null
     */
    void handle(Exchange exchange, @Nullable IOException tooLarge);

    /** A peer broke the protocol or let us wait too long; its connection has ended. */
    void peerFailed(String peer, String why);

    /** A connection was not taken: who it was and why. */
    void peerRefused(String peer, String why);

    /** Connections cannot be taken now (no descriptors, no memory): told once until it works again. */
    void acceptFailed(String why);
}
