package org.cgifpm.adapters.frontend;

import java.io.IOException;

/**
 * Params bytes that all requests of the daemon hold together: thousands of connections with the most that one request
 * may send would otherwise fill the heap. Loop thread only.
 */
final class ParamsBudget {
    /** A fifth of the smallest heap that the daemon is started with; usual requests send 1 to 4 kB. */
    static final long MAX_BYTES = 12L << 20;

    private long held;

    /** The requests together hold as much as they may; the answer is 503. */
    static final class ExhaustedException extends IOException {
        private static final long serialVersionUID = 1;

        ExhaustedException() {
            super("the params of all requests together are more than " + MAX_BYTES + " bytes");
        }
    }

    void take(int bytes) throws ExhaustedException {
        if (held + bytes > MAX_BYTES) {
            throw new ExhaustedException();
        }
        held += bytes;
    }

    void release(long bytes) {
        held -= bytes;
    }

    long held() {
        return held;
    }
}
