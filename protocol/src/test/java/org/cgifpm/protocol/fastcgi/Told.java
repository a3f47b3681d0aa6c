package org.cgifpm.protocol.fastcgi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A record of events where pieces of one stream that follow each other are one event, however they were cut. */
final class Told {
    private final List<String> events = new ArrayList<>();
    private String stream = "";

    List<String> events() {
        return events;
    }

    void event(String event) {
        stream = "";
        events.add(event);
    }

    void piece(String name, int id, ByteBuffer piece) {
        if (!piece.hasRemaining()) {
            throw new AssertionError("an empty piece of " + name);
        }
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String key = name + " " + id;
        if (stream.equals(key)) {
            int last = events.size() - 1;
            events.set(last, events.get(last) + text);
        } else {
            events.add(key + " " + text);
            stream = key;
        }
    }
}
