package org.cgifpm.protocol.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.cgifpm.protocol.Allocated;
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
    void aPairOfGetValuesResultCannotReachIntoTheNextRecord() {
        byte[] bytes =
                new Wire().record(10, 0, "\u0004\u0000FC").record(10, 0, "GI").bytes();

        Cuts.assertTold(
                List.of("ProtocolException: the stream ended inside name-value pair 1"), bytes, WebServerRun::new);
    }

    @Test
    void aPromisedLengthAboveTheCapOfGetValuesResultIsRefusedAtOnce() {
        byte[] bytes =
                new Wire().record(10, 0, "\u00ff\u00ff\u00ff\u00ff\u0000").bytes();

        Cuts.assertTold(
                List.of("ProtocolException: GET_VALUES_RESULT record: names and values of 2147483647 bytes,"
                        + " at most 4096 are taken"),
                bytes,
                WebServerRun::new);
    }

    @Test
    void tellsTheLastOfTwoValuesOfANameAndForgetsItForTheNextRecord() {
        byte[] bytes = new Wire()
                .record(10, 0, "\u0001\u0001A1\u0001\u0001B2\u0001\u0001A3")
                .record(10, 0, "")
                .bytes();

        Cuts.assertTold(List.of("values {A=3, B=2}", "values {}"), bytes, WebServerRun::new);
    }

    /** What to make of it is for the listener to know; so is what comes of a request that is over. */
    @Test
    void tellsAnyProtocolStatusAndWhatComesAfterTheEnd() {
        byte[] bytes = new Wire()
                .record(3, 7, Wire.hex("80000000 ff 000000"), 255)
                .record(6, 7, "more")
                .record(3, 7, Wire.hex("7fffffff 03 000000"), 0)
                .bytes();

        Cuts.assertTold(
                List.of("end 7 app -2147483648 protocol 255", "stdout 7 more", "end 7 app 2147483647 protocol 3"),
                bytes,
                WebServerRun::new);
    }

    @Test
    void knowsWhetherTheConnectionMayEndHere() throws Exception {
        byte[] bytes = new Wire().record(3, 1, new byte[8], 1).bytes();
        Told told = new Told();
        WebServerReader reader = new WebServerReader(new StdoutCounter(told));

        assertTrue(reader.betweenRecords());
        reader.read(ByteBuffer.wrap(bytes, 0, bytes.length - 1));
        assertFalse(reader.betweenRecords());
        assertEquals(List.of(), told.events(), "a record is told when its padding is complete");
        reader.read(ByteBuffer.wrap(bytes, bytes.length - 1, 1));
        assertTrue(reader.betweenRecords());
        assertEquals(List.of("end 1"), told.events());
    }

    @Test
    void tenThousandStdoutRecordsAllocateNextToNothing() throws Exception {
        Wire wire = new Wire();
        for (int i = 0; i < 10_000; i++) {
            wire.record(6, 1, Wire.text("body"), 4);
        }
        ByteBuffer in = ByteBuffer.allocateDirect(wire.bytes().length).put(wire.bytes());
        StdoutCounter counter = new StdoutCounter(new Told());
        WebServerReader reader = new WebServerReader(counter);

        long allocated = Allocated.by(() -> reader.read(in.flip().limit(in.capacity())));

        assertEquals(2 * 40_000, counter.seen);
        assertTrue(allocated < 2_000, allocated + " bytes allocated");
    }

    @Test
    void seesTheEightZeroBytesThatCutAnAnswerAsAnError() {
        byte[] bytes = new Wire().record(6, 1, "half").raw(new byte[8]).bytes();

        Cuts.assertTold(
                List.of("stdout 1 half", "ProtocolException: record version 0, expected 1"), bytes, WebServerRun::new);
    }

    /** Counts standard output and tells of ends. */
    private static final class StdoutCounter implements WebServerReader.Listener {
        private final Told told;
        private long seen;

        StdoutCounter(Told told) {
            this.told = told;
        }

        @Override
        public void stdout(int id, ByteBuffer piece) {
            seen += piece.remaining();
        }

        @Override
        public void stdoutEnd(int id) {}

        @Override
        public void stderr(int id, ByteBuffer piece) {}

        @Override
        public void stderrEnd(int id) {}

        @Override
        public void endRequest(int id, EndRequest end) {
            told.event("end " + id);
        }

        @Override
        public void getValuesResult(Map<String, String> values) {}

        @Override
        public void unknownType(int type) {}
    }
}
