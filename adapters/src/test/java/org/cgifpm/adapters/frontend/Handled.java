package org.cgifpm.adapters.frontend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.jspecify.annotations.Nullable;

/** A request as a test's handler has it: it answers and eats as it is told to. Loop thread only. */
final class Handled implements ExchangeListener, BodySink {
    final Exchange exchange;
    final @Nullable IOException tooLarge;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Nullable
    String aborted;

    int abortedTimes;
    boolean bodyEnded;
    int bodyReceivedTimes;
    int bodyTooLargeTimes;
    boolean bodyTooLarge;
    private int appetite;
    private boolean echo;
    private boolean answerAtEnd;
    private long toStream;

    Handled(Exchange exchange, @Nullable IOException tooLarge) {
        this.exchange = exchange;
        this.tooLarge = tooLarge;
        exchange.listener(this);
    }

    /** A complete answer. */
    void answer(String body) {
        head();
        exchange.write(ByteBuffer.wrap(body.getBytes(StandardCharsets.ISO_8859_1)));
        exchange.end(0);
    }

    void head() {
        exchange.respond(
                new ResponseHead(200, "OK", List.of(new ResponseHead.Header("Content-Type", "text/plain")), -1));
    }

    /** Answers with that many bytes, as fast as they are taken. */
    void stream(long bytes) {
        head();
        toStream = bytes;
        writable();
    }

    /** Answers with the body, as it comes. */
    void echo() {
        head();
        echo = true;
        eatAll();
    }

    /** Takes the whole body, then answers with its length. */
    void count() {
        answerAtEnd = true;
        eatAll();
    }

    /** Takes the whole body, then the whole data of a filter, then answers with the two lengths. */
    void filter() {
        Eater[] streams = new Eater[2];
        streams[0] = new Eater(exchange.body(), () -> streams[1].eat(Integer.MAX_VALUE));
        streams[1] = new Eater(
                Objects.requireNonNull(exchange.data()),
                () -> answer(streams[0].eaten() + " and " + streams[1].eaten()));
        if (exchange.body().expected()) {
            streams[0].eat(Integer.MAX_VALUE);
        } else {
            streams[1].eat(Integer.MAX_VALUE);
        }
    }

    private void eatAll() {
        if (exchange.body().expected()) {
            eat(Integer.MAX_VALUE);
        } else {
            end();
        }
    }

    /** Takes up to that many bytes of the body, now and later. */
    void eat(int bytes) {
        boolean first = appetite == 0 && taken.size() == 0;
        appetite = bytes;
        if (first) {
            exchange.body().sink(this);
        } else {
            exchange.body().resume();
        }
    }

    int eaten() {
        return taken.size();
    }

    String body() {
        return taken.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void take(ByteBuffer chunk) {
        while (echo && chunk.hasRemaining() && exchange.room() > 0) {
            exchange.write(ByteBuffer.wrap(bytes(chunk, exchange.room())));
        }
        if (!echo) {
            byte[] bytes = bytes(chunk, appetite);
            appetite -= bytes.length;
            taken.writeBytes(bytes);
        }
    }

    private static byte[] bytes(ByteBuffer chunk, int most) {
        byte[] bytes = new byte[Math.min(chunk.remaining(), most)];
        chunk.get(bytes);
        return bytes;
    }

    @Override
    public void end() {
        bodyEnded = true;
        if (echo) {
            exchange.end(0);
        } else if (answerAtEnd) {
            answer(Integer.toString(taken.size()));
        }
    }

    @Override
    public void writable() {
        if (echo) {
            exchange.body().resume();
        }
        while (toStream > 0 && exchange.room() > 0) {
            byte[] bytes = new byte[(int) Math.min(toStream, exchange.room())];
            java.util.Arrays.fill(bytes, (byte) 'x');
            toStream -= bytes.length;
            exchange.write(ByteBuffer.wrap(bytes));
            if (toStream == 0) {
                exchange.end(0);
            }
        }
    }

    @Override
    public void aborted(String why) {
        aborted = why;
        abortedTimes++;
    }

    @Override
    public void bodyReceived() {
        bodyReceivedTimes++;
    }

    @Override
    public void bodyTooLarge() {
        bodyTooLargeTimes++;
        bodyTooLarge = true;
    }
}
