package org.cgifpm.adapters.frontend.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.cgifpm.adapters.frontend.http.HttpRequest.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadReaderTest {
    private static final HttpRequest EXPECTED = new HttpRequest(
            "GET",
            "/a?b=c",
            1,
            List.of(new Field("Host", "x"), new Field("X-Empty", ""), new Field("X-Bytes", "\u00e9\u0085")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-Empty:\r\nX-Bytes: \t\u00e9\u0085 \r\n\r\n",
                "\r\n\r\nGET /a?b=c HTTP/1.1\r\nHost:x\r\nX-Empty:  \r\nX-Bytes:\u00e9\u0085\r\n\r\n",
                "GET /a?b=c HTTP/1.1\nHost: x\r\nX-Empty:\nX-Bytes: \u00e9\u0085\n\n",
            })
    void readsTheSameHeadInEveryCut(String head) throws Exception {
        byte[] bytes = (head + "rest").getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut < bytes.length - 4; cut++) {
            RequestHeadReader reader = new RequestHeadReader(4096);
            ByteBuffer in = ByteBuffer.wrap(bytes).limit(cut);
            assertNull(reader.read(in), "complete after " + cut + " bytes");
            in.limit(bytes.length);
            assertEquals(EXPECTED, reader.read(in), "cut at " + cut);
            assertEquals(4, in.remaining());
        }
    }

    @Test
    void readsOneHeadAfterTheOther() throws Exception {
        RequestHeadReader reader = new RequestHeadReader(4096);
        ByteBuffer in = bytes("GET /1 HTTP/1.0\r\n\r\nGET /2 HTTP/1.0\r\n\r\n");
        HttpRequest first = Objects.requireNonNull(reader.read(in));
        HttpRequest second = Objects.requireNonNull(reader.read(in));
        assertEquals("/1 /2", first.target() + " " + second.target());
    }

    @ParameterizedTest
    @CsvSource({
        "'GET /', 400",
        "'GET  / HTTP/1.1', 400",
        "'GET / HTTP/1.1 ', 400",
        "'G@T / HTTP/1.1', 400",
        "'GET / HTTP/2.0', 505",
        "'GET / HTTP/1.2', 505",
        "'GET / FTP/1.0', 400",
        "'GET / HTTP/1.1\r\nA: b', 400",
        "'GET / HTTP/1.1\r\nHost: a\r\nHost: b', 400",
        "'GET / HTTP/1.1\r\nHost: a\r\nX', 400",
        "'GET / HTTP/1.1\r\nHost: a\r\nX : b', 400",
        "'GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n folded', 400",
        "'GET / HTTP/1.1\r\nHost: a\r\nX: a\rb', 400",
        "'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b', 400",
        "'GET / HTTP/1.1\r\nHost: a\r\n: b', 400",
    })
    void refusesWhatOthersCouldReadAnotherWay(String head, int status) {
        RequestHeadReader reader = new RequestHeadReader(4096);
        BadRequestException refusal =
                assertThrows(BadRequestException.class, () -> reader.read(bytes(head + "\r\n\r\n")));
        assertEquals(status, refusal.status(), refusal.reason());
    }

    @Test
    void tellsALongRequestLineFromALongHead() {
        BadRequestException line = assertThrows(
                BadRequestException.class, () -> new RequestHeadReader(100).read(bytes("GET /" + "a".repeat(100))));
        assertEquals(414, line.status());
        BadRequestException head = assertThrows(
                BadRequestException.class,
                () -> new RequestHeadReader(100).read(bytes("GET / HTTP/1.1\r\nHost: " + "a".repeat(100))));
        assertEquals(431, head.status());
        assertTrue(head.reason().contains("100 bytes"), head.reason());
    }

    @Test
    void refusesMoreFieldsThanAnyClientSends() {
        String head = "GET / HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n".repeat(200) + "\r\n";
        BadRequestException refusal =
                assertThrows(BadRequestException.class, () -> new RequestHeadReader(4096).read(bytes(head)));
        assertEquals(431, refusal.status());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
