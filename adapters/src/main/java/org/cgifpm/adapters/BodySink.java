package org.cgifpm.adapters;

import java.nio.ByteBuffer;

/** Where a request body goes. Called on the loop thread. */
public interface BodySink {
    /**
     * Takes as many bytes from the front of {@code chunk} (a direct buffer, valid during the call only) as it can
     * without waiting. If it leaves some, it calls {@link RequestBody#resume} when it can take more.
     */
    void take(ByteBuffer chunk);

    /** The body's end: everything before it has been taken. Called once. */
    void end();
}
