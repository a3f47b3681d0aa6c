package org.cgifpm.adapters;

/**
 * The body of a request, pushed into a {@link BodySink} as it arrives. Loop thread only.
 *
 * <p>What the sink does not take is kept, bounded, by the front end, which then stops reading from its peer or, where
 * other requests share the connection, writes to a temporary file.
 */
public interface RequestBody {
    /**
     * False when it is certain that no byte will come: the body's end has arrived empty, or the request declares none.
     * A script then gets /dev/null.
     */
    boolean expected();

    /**
     * Reads all of it in before anybody takes it: until {@code complete} the front end goes on reading whatever comes,
     * keeps at most a small part of it in memory and the rest in a temporary file. Before {@link #sink}, at most once.
     *
     * @param complete told once the whole body has arrived, at once if it has; never after {@link #discard}. A front
     *     end that cannot keep bodies tells it at once.
     */
    default void buffer(Runnable complete) {
        complete.run();
    }

    /** Attaches the receiver and hands over what has arrived already. */
    void sink(BodySink sink);

    /** The sink has room again. */
    void resume();

    /** Nobody wants it: throws away what is kept and what will come. */
    void discard();

    /** True once the whole body has arrived, though it need not have been taken yet. */
    boolean hasEnded();

    /** Bytes that arrived so far. */
    long received();
}
