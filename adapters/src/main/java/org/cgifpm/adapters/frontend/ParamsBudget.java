package org.cgifpm.adapters.frontend;

import java.io.IOException;

/**
 * The memory that the params of all requests of the daemon take together: thousands of connections with the most that
 * one request may send would otherwise fill the heap. Loop thread only.
 *
 * <p>It is the heap that is counted, not the bytes that came: a pair of five bytes is five objects.
 */
final class ParamsBudget {
    /** A third of the smallest heap that the daemon is started with; usual requests take 4 to 8 kB. */
    static final long MAX_BYTES = 20L << 20;
    /** What a pair takes beside its bytes: a record, two strings, their arrays, and its place in a list. */
    static final int PAIR_BYTES = 128;

    private long held;

    /** There is no room for more; the answer is 503. */
    static final class ExhaustedException extends IOException {
        private static final long serialVersionUID = 1;

        ExhaustedException() {
            super("the params of the pool's requests take all the memory that is there for them now (" + MAX_BYTES
                    + " bytes for all pools)");
        }
    }

    /** What one pool may have of it. */
    Share share() {
        return new Share();
    }

    long held() {
        return held;
    }

    /**
     * One pool's part: at most twice of what is left for the others, so that a pool alone has two thirds, and there is
     * always something for a pool that has nothing yet.
     */
    final class Share {
        private long own;

        private Share() {}

        void take(long bytes) throws ExhaustedException {
            if (own + bytes > 2 * (MAX_BYTES - held - bytes)) {
                throw new ExhaustedException();
            }
            own += bytes;
            held += bytes;
        }

        void release(long bytes) {
            own -= bytes;
            held -= bytes;
        }
    }
}
