package org.cgifpm.protocol.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.cgifpm.protocol.Cuts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebServerReaderTest {
    @Test
    void tellsAnAnswerWhereverItIsCut() {
        byte[] bytes = new Wire()
                .record(10, 0, Wire.text("\u000e\u0002FCGI_MAX_CONNS64\u0001\u0000X"), 5)
                .record(7, 1, Wire.text("oops\n"), 3)
                .record(6, 1, "Status: 200\n\n")
                .record(6, 2, "other")
                .record(7, 1, "")
                .record(6, 1, "")
                .record(3, 1, Wire.hex("ffffffff 00 aabbcc"), 0)
                .record(3, 2, Wire.hex("00000102 02 000000"), 6)
                .record(11, 0, Wire.hex("7f 11223344556677"), 0)
                .bytes();

        Cuts.assertTold(
                List.of(
                        "values {FCGI_MAX_CONNS=64, X=}",
                        "stderr 1 oops\n",
                        "stdout 1 Status: 200\n\n",
                        "stdout 2 other",
                        "stderr end 1",
                        "stdout end 1",
                        "end 1 app -1 protocol 0",
                        "end 2 app 258 protocol 2",
                        "unknown type 127"),
                bytes,
                WebServerRun::new);
    }

    @Test
    void ignoresRecordsOfUnknownTypes() {
        byte[] bytes = new Wire()
                .record(12, 0, "abc")
                .record(255, 4, "abc")
                .record(0, 0, "")
                .record(6, 1, "x")
                .bytes();

        Cuts.assertTold(List.of("stdout 1 x"), bytes, WebServerRun::new);
    }

    @ParameterizedTest(name = "type {0} with id {1} and {2} bytes: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            1 | 1 | 8 | BEGIN_REQUEST record from an application: only web servers send it
            2 | 1 | 0 | ABORT_REQUEST record from an application: only web servers send it
            3 | 0 | 8 | END_REQUEST record with request id 0
            3 | 1 | 7 | END_REQUEST record with 7 bytes of content, expected 8
            3 | 1 | 9 | END_REQUEST record with 9 bytes of content, expected 8
            4 | 1 | 0 | PARAMS record from an application: only web servers send it
            5 | 1 | 0 | STDIN record from an application: only web servers send it
            6 | 0 | 3 | STDOUT record with request id 0
            7 | 0 | 3 | STDERR record with request id 0
            8 | 1 | 0 | DATA record from an application: only web servers send it
            9 | 0 | 0 | GET_VALUES record from an application: only web servers send it
            10 | 1 | 0 | GET_VALUES_RESULT record with request id 1, expected 0
            10 | 0 | 4097 | GET_VALUES_RESULT record with 4097 bytes of content, at most 4096
            10 | 0 | 1 | the stream ended inside name-value pair 1
            11 | 1 | 8 | UNKNOWN_TYPE record with request id 1, expected 0
            11 | 0 | 1 | UNKNOWN_TYPE record with 1 bytes of content, expected 8
            """)
    void refuses(int type, int id, int length, String message) {
        byte[] bytes = new Wire()
                .record(6, 1, "Status: 200\n\n")
                .record(type, id, new byte[length], 0)
                .bytes();

        List<String> expected = List.of("stdout 1 Status: 200\n\n", "ProtocolException: " + message);

        assertEquals(expected, Cuts.told(new WebServerRun(), bytes, 4096));
        assertEquals(expected, Cuts.told(new WebServerRun(), bytes, 1));
    }

    @Test
    void seesTheEightZeroBytesThatCutAnAnswerAsAnError() {
        byte[] bytes = new Wire().record(6, 1, "half").raw(new byte[8]).bytes();

        Cuts.assertTold(
                List.of("stdout 1 half", "ProtocolException: record version 0, expected 1"), bytes, WebServerRun::new);
    }
}
