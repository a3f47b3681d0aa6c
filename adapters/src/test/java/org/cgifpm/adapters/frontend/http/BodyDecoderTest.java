package org.cgifpm.adapters.frontend.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.frontend.http.HttpRequest.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyDecoderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n",
                "00b\r\nhello world\r\n00\r\n\r\n",
                "B;a=b;c=\"d\"\r\nhello world\r\n0;x\r\nTrailer: x\r\nMore: y\r\n\r\n",
                "b\nhello world\n0\n\n",
            })
    void takesTheChunksOffInEveryCut(String wire) throws Exception {
        byte[] bytes = (wire + "NEXT").getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut <= bytes.length; cut++) {
            BodyDecoder decoder = BodyDecoder.of(request("Transfer-Encoding", "Chunked"));
            ByteBuffer in = ByteBuffer.wrap(bytes).limit(cut);
            StringBuilder body = new StringBuilder(take(decoder, in));
            in.limit(bytes.length);
            body.append(take(decoder, in));
            assertEquals("hello world", body.toString(), "cut at " + cut);
            assertTrue(decoder.done());
            assertEquals(4, in.remaining());
        }
    }

    private static String take(BodyDecoder decoder, ByteBuffer in) throws BadRequestException {
        StringBuilder body = new StringBuilder();
        int available = decoder.available(in);
        while (available > 0) {
            // One byte at a time: a receiver need not take all that is there.
            body.append((char) in.get());
            decoder.consumed(1);
            available = decoder.available(in);
        }
        return body.toString();
    }

    @Test
    void countsALengthDown() throws Exception {
        BodyDecoder decoder = BodyDecoder.of(request("Content-Length", "3"));
        ByteBuffer in = ByteBuffer.wrap("abcdef".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(3, decoder.declared());
        assertEquals("abc", take(decoder, in));
        assertTrue(decoder.done());
        assertEquals(3, in.remaining());
    }

    @Test
    void isDoneAtOnceWithoutABody() throws Exception {
        assertTrue(BodyDecoder.of(request()).done());
        assertTrue(BodyDecoder.of(request("Content-Length", "0")).done());
        assertFalse(BodyDecoder.of(request("Content-Length", "7", "Content-Length", "7"))
                .done());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "g\r\n",
                "-1\r\n",
                "\r\n",
                ";\r\n",
                "5\rX",
                "1\r\nab",
                "1\r\na\rX",
                "fffffffffffffffff\r\n",
                "0\r\nA\rB"
            })
    void refusesABrokenChunk(String wire) throws Exception {
        BodyDecoder decoder = BodyDecoder.of(request("Transfer-Encoding", "chunked"));
        ByteBuffer in = ByteBuffer.wrap(wire.getBytes(StandardCharsets.ISO_8859_1));
        assertThrows(BadRequestException.class, () -> take(decoder, in));
    }

    @Test
    void boundsWhatStandsAroundTheBody() throws Exception {
        for (String wire : new String[] {"1;" + "x".repeat(5000), "0\r\n" + "A: b\r\n".repeat(5000)}) {
            BodyDecoder decoder = BodyDecoder.of(request("Transfer-Encoding", "chunked"));
            ByteBuffer in = ByteBuffer.wrap(wire.getBytes(StandardCharsets.ISO_8859_1));
            assertThrows(BadRequestException.class, () -> take(decoder, in));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length, -1, X, y, 400",
        "Content-Length, +1, X, y, 400",
        "Content-Length, '1, 1', X, y, 400",
        "Content-Length, '', X, y, 400",
        "Content-Length, 99999999999999999999, X, y, 413",
        "Content-Length, 1, Content-Length, 2, 400",
        "Content-Length, 1, Transfer-Encoding, chunked, 400",
        "Transfer-Encoding, gzip, X, y, 501",
        "Transfer-Encoding, 'gzip, chunked', X, y, 501",
        "Transfer-Encoding, chunked, Transfer-Encoding, chunked, 501",
    })
    void refusesAFramingThatOthersCouldReadAnotherWay(String a, String b, String c, String d, int status) {
        BadRequestException refusal =
                assertThrows(BadRequestException.class, () -> BodyDecoder.of(request(a, b, c, d)));
        assertEquals(status, refusal.status(), refusal.reason());
    }

    private static HttpRequest request(String... fields) {
        List<Field> list = new ArrayList<>();
        for (int i = 0; i < fields.length; i += 2) {
            list.add(new Field(fields[i], fields[i + 1]));
        }
        return new HttpRequest("POST", "/", 1, list);
    }
}
