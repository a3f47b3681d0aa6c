package org.cgifpm.adapters.frontend;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.RequestBody;

/** Takes as much of one stream of a request as it is told to. Loop thread only. */
final class Eater implements BodySink {
    private final RequestBody stream;
    private final Runnable then;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private boolean attached;
    private int appetite;

    int ends;

    /** @param then told of the stream's end */
    Eater(RequestBody stream, Runnable then) {
        this.stream = stream;
        this.then = then;
    }

    Eater(RequestBody stream) {
        this(stream, () -> {});
    }

    /** Takes up to that many bytes, now and later. */
    void eat(int bytes) {
        appetite = bytes;
        if (attached) {
            stream.resume();
        } else {
            attached = true;
            stream.sink(this);
        }
    }

    int eaten() {
        return taken.size();
    }

    String text() {
        return taken.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void take(ByteBuffer chunk) {
        byte[] bytes = new byte[Math.min(chunk.remaining(), appetite)];
        chunk.get(bytes);
        appetite -= bytes.length;
        taken.writeBytes(bytes);
    }

    @Override
    public void end() {
        ends++;
        then.run();
    }
}
