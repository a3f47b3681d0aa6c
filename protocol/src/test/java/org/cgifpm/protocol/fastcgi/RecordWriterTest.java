package org.cgifpm.protocol.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cgifpm.protocol.Cuts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RecordWriterTest {
    private static String written(Consumer<ByteBuffer> write) {
        ByteBuffer out = ByteBuffer.allocate(300_000).order(ByteOrder.LITTLE_ENDIAN);
        write.accept(out);
        return HexFormat.of().formatHex(out.array(), 0, out.position());
    }

    private static byte[] bytes(Consumer<ByteBuffer> write) {
        return HexFormat.of().parseHex(written(write));
    }

    @Test
    void writesEachRecordAsTheSpecificationDrawsIt() {
        assertEquals(
                "0101000100080000" + "0001010000000000",
                written(out -> RecordWriter.beginRequest(out, 1, Role.RESPONDER, true)));
        assertEquals(
                "0101ffff00080000" + "0003000000000000",
                written(out -> RecordWriter.beginRequest(out, 65535, Role.FILTER, false)));
        assertEquals("0102010200000000", written(out -> RecordWriter.abortRequest(out, 258)));
        assertEquals(
                "0103000100080000" + "0000010202000000",
                written(out -> RecordWriter.endRequest(out, 1, 258, ProtocolStatus.OVERLOADED)));
        assertEquals(
                "0103000100080000" + "ffffffff00000000",
                written(out -> RecordWriter.endRequest(out, 1, -1, ProtocolStatus.REQUEST_COMPLETE)));
        assertEquals("0106000300000000", written(out -> RecordWriter.endOfStream(out, RecordType.STDOUT, 3)));
        assertEquals("010b000000080000" + "ff00000000000000", written(out -> RecordWriter.unknownType(out, 255)));
        assertEquals(
                "0106000100030500" + "616263" + "0000000000",
                written(out -> RecordWriter.record(out, RecordType.STDOUT, 1, ByteBuffer.wrap(Wire.text("abc")))));
        assertEquals("01060001fffff800", written(out -> RecordWriter.header(out, RecordType.STDOUT, 1, 65535, 248)));
        assertEquals(
                "0109000000060200" + "0100410100420000",
                written(out -> RecordWriter.getValues(out, List.of("A", "B"))));
    }

    @ParameterizedTest(name = "{0}, keep {1}")
    @CsvSource({
        "RESPONDER, true, 0001010000000000",
        "RESPONDER, false, 0001000000000000",
        "AUTHORIZER, true, 0002010000000000",
        "AUTHORIZER, false, 0002000000000000",
        "FILTER, true, 0003010000000000",
        "FILTER, false, 0003000000000000",
    })
    void beginsARequestOfEachRole(Role role, boolean keep, String body) {
        assertEquals("0101012c00080000" + body, written(out -> RecordWriter.beginRequest(out, 300, role, keep)));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"PARAMS", "STDIN", "STDOUT", "STDERR", "DATA"})
    void writesEachStreamInRecordsAndAnEmptyOne(RecordType type) {
        byte[] written = bytes(out -> {
            ByteBuffer content = ByteBuffer.allocate(70_000);
            RecordWriter.record(out, type, 2, content.limit(RecordWriter.MAX_CONTENT));
            RecordWriter.record(out, type, 2, content.limit(70_000));
            RecordWriter.endOfStream(out, type, 2);
        });

        HexFormat hex = HexFormat.of();
        String begin = "010" + type.code() + "0002";
        int second = 8 + 65535 + 1;
        int third = second + 8 + 4465 + 7;
        assertEquals(begin + "ffff0100", hex.formatHex(written, 0, 8));
        assertEquals(begin + "11710700", hex.formatHex(written, second, second + 8));
        assertEquals(begin + "00000000", hex.formatHex(written, third, written.length));
    }

    @Test
    void answersGetValuesInTheOrderOfTheMap() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("FCGI_MPXS_CONNS", "1");
        values.put("FCGI_MAX_REQS", "50");

        assertEquals(
                "010a000000230500"
                        + HexFormat.of().formatHex(Wire.text("\u000f\u0001FCGI_MPXS_CONNS1\r\u0002FCGI_MAX_REQS50"))
                        + "0000000000",
                written(out -> RecordWriter.getValuesResult(out, values)));
    }

    @Test
    void padsToAMultipleOfEight() {
        for (int length = 0; length <= RecordWriter.MAX_CONTENT; length++) {
            int padding = RecordWriter.padding(length);
            if (padding < 0 || padding > 7 || (length + padding) % 8 != 0) {
                throw new AssertionError(length + " is padded with " + padding);
            }
        }
    }

    @Test
    void aStreamOf66000BytesIsTwoRecordsPaddedByOneAndSevenAndAnEmptyOne() {
        byte[] written = bytes(out -> {
            ByteBuffer body = ByteBuffer.allocate(66_000);
            RecordWriter.record(out, RecordType.STDIN, 1, body.limit(RecordWriter.MAX_CONTENT));
            RecordWriter.record(out, RecordType.STDIN, 1, body.limit(66_000));
            RecordWriter.endOfStream(out, RecordType.STDIN, 1);
        });

        HexFormat hex = HexFormat.of();
        assertEquals("01050001ffff0100", hex.formatHex(written, 0, 8));
        int second = 8 + 65535 + 1;
        assertEquals("0105000101d10700", hex.formatHex(written, second, second + 8));
        int third = second + 8 + 465 + 7;
        assertEquals("0105000100000000", hex.formatHex(written, third, written.length));
    }

    @Test
    void writesNothingForEmptyContentBecauseThatWouldEndTheStream() {
        assertEquals("", written(out -> RecordWriter.record(out, RecordType.STDOUT, 1, ByteBuffer.allocate(0))));
    }

    @Test
    void writesAllOrNothing() {
        ByteBuffer content = ByteBuffer.wrap(Wire.text("abc"));
        ByteBuffer out = ByteBuffer.allocate(15);

        assertThrows(BufferOverflowException.class, () -> RecordWriter.record(out, RecordType.STDOUT, 1, content));
        assertThrows(BufferOverflowException.class, () -> RecordWriter.beginRequest(out, 1, Role.RESPONDER, true));
        assertThrows(BufferOverflowException.class, () -> RecordWriter.getValues(out, List.of("ABCDEF")));
        assertThrows(BufferOverflowException.class, () -> RecordWriter.unknownType(out, 1));
        assertThrows(
                BufferOverflowException.class,
                () -> RecordWriter.endRequest(out, 1, 0, ProtocolStatus.REQUEST_COMPLETE));
        assertThrows(BufferOverflowException.class, () -> RecordWriter.getValuesResult(out, Map.of("A", "1234567")));
        out.limit(7);
        assertThrows(BufferOverflowException.class, () -> RecordWriter.abortRequest(out, 1));
        assertThrows(BufferOverflowException.class, () -> RecordWriter.endOfStream(out, RecordType.DATA, 1));

        assertEquals(0, out.position());
        assertEquals(3, content.remaining());
    }

    @Test
    void refusesWhatNoRecordCanSay() {
        ByteBuffer out = ByteBuffer.allocate(200_000);
        ByteBuffer tooLong = ByteBuffer.allocate(65536);

        assertThrows(IllegalArgumentException.class, () -> RecordWriter.abortRequest(out, 65536));
        assertThrows(IllegalArgumentException.class, () -> RecordWriter.abortRequest(out, -1));
        assertThrows(IllegalArgumentException.class, () -> RecordWriter.header(out, RecordType.STDOUT, 1, 65536, 0));
        assertThrows(IllegalArgumentException.class, () -> RecordWriter.header(out, RecordType.STDOUT, 1, 0, 256));
        assertThrows(IllegalArgumentException.class, () -> RecordWriter.record(out, RecordType.STDOUT, 1, tooLong));
        assertThrows(IllegalArgumentException.class, () -> RecordWriter.getValues(out, List.of("n".repeat(65536))));
        assertEquals(0, out.position());
    }

    @Test
    void anApplicationReadsWhatAWebServerWrites() {
        byte[] written = bytes(out -> {
            RecordWriter.getValues(out, List.of("FCGI_MAX_REQS", "FCGI_MPXS_CONNS"));
            RecordWriter.beginRequest(out, 1, Role.AUTHORIZER, true);
            RecordWriter.record(out, RecordType.PARAMS, 1, ByteBuffer.wrap(Wire.text("params")));
            RecordWriter.endOfStream(out, RecordType.PARAMS, 1);
            RecordWriter.record(out, RecordType.STDIN, 1, ByteBuffer.wrap(Wire.text("body")));
            RecordWriter.endOfStream(out, RecordType.STDIN, 1);
            RecordWriter.record(out, RecordType.DATA, 1, ByteBuffer.wrap(Wire.text("file")));
            RecordWriter.endOfStream(out, RecordType.DATA, 1);
            RecordWriter.abortRequest(out, 1);
        });

        Cuts.assertTold(
                List.of(
                        "get values [FCGI_MAX_REQS, FCGI_MPXS_CONNS]",
                        "begin 1 role 2 keep",
                        "params 1 params",
                        "params end 1",
                        "stdin 1 body",
                        "stdin end 1",
                        "data 1 file",
                        "data end 1",
                        "abort 1"),
                written,
                ApplicationRun::new);
    }

    @Test
    void aWebServerReadsWhatAnApplicationWrites() {
        byte[] written = bytes(out -> {
            RecordWriter.getValuesResult(out, Map.of("FCGI_MAX_REQS", "50"));
            RecordWriter.unknownType(out, 99);
            RecordWriter.record(out, RecordType.STDERR, 9, ByteBuffer.wrap(Wire.text("oops")));
            RecordWriter.record(out, RecordType.STDOUT, 9, ByteBuffer.wrap(Wire.text("answer")));
            RecordWriter.endOfStream(out, RecordType.STDOUT, 9);
            RecordWriter.endOfStream(out, RecordType.STDERR, 9);
            RecordWriter.endRequest(out, 9, 3, ProtocolStatus.CANT_MPX_CONN);
        });

        Cuts.assertTold(
                List.of(
                        "values {FCGI_MAX_REQS=50}",
                        "unknown type 99",
                        "stderr 9 oops",
                        "stdout 9 answer",
                        "stdout end 9",
                        "stderr end 9",
                        "end 9 app 3 protocol 1"),
                written,
                WebServerRun::new);
    }
}
