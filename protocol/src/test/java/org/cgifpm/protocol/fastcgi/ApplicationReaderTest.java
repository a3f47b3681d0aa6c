package org.cgifpm.protocol.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.protocol.Allocated;
import org.cgifpm.protocol.Cuts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplicationReaderTest {
    private static final byte[] RESPONDER_KEEP = Wire.hex("0001 01 0000000000");
    private static final byte[] FILTER = Wire.hex("0003 00 0000000000");

    @Test
    void tellsTwoRequestsThatShareAConnection() {
        byte[] bytes = new Wire()
                .record(1, 1, RESPONDER_KEEP, 0)
                .record(4, 1, Wire.text("\u0001\u0001AB"), 4)
                .record(1, 3, FILTER, 5)
                .record(4, 1, "")
                .record(4, 3, "")
                .record(5, 1, "one ")
                .record(5, 1, "body")
                .record(8, 3, "file")
                .record(5, 3, "three")
                .record(8, 3, "")
                .record(5, 1, "")
                .record(2, 3, "")
                .bytes();

        Cuts.assertTold(
                List.of(
                        "begin 1 role 1 keep",
                        "params 1 \u0001\u0001AB",
                        "begin 3 role 3",
                        "params end 1",
                        "params end 3",
                        "stdin 1 one body",
                        "data 3 file",
                        "stdin 3 three",
                        "data end 3",
                        "stdin end 1",
                        "abort 3"),
                bytes,
                ApplicationRun::new);
    }

    @Test
    void anUnknownRoleAndUnknownFlagsAreTheListenersToJudge() {
        byte[] bytes =
                new Wire().record(1, 1, Wire.hex("fffe fe 1122334455"), 0).bytes();

        assertEquals(List.of("begin 1 role 65534"), Cuts.told(new ApplicationRun(), bytes, bytes.length));
    }

    @Test
    void skipsTheContentOfAbort() {
        byte[] bytes = new Wire()
                .record(2, 9, "what for")
                .record(1, 1, RESPONDER_KEEP, 0)
                .bytes();

        Cuts.assertTold(List.of("abort 9", "begin 1 role 1 keep"), bytes, ApplicationRun::new);
    }

    @Test
    void tellsWhichValuesAreAskedFor() {
        byte[] bytes = new Wire()
                .record(9, 0, Wire.text("\u000e\u0000FCGI_MAX_CONNS\u000f\u0002FCGI_MPXS_CONNS12"), 3)
                .record(9, 0, "")
                .bytes();

        Cuts.assertTold(
                List.of("get values [FCGI_MAX_CONNS, FCGI_MPXS_CONNS]", "get values []"), bytes, ApplicationRun::new);
    }

    @Test
    void ignoresAnswersThatAFrontEndSends() {
        byte[] bytes = new Wire()
                .record(10, 0, "\u0001\u0001A1")
                .record(10, 0, "\u007f")
                .record(11, 0, "x")
                .record(1, 1, RESPONDER_KEEP, 0)
                .bytes();

        Cuts.assertTold(List.of("begin 1 role 1 keep"), bytes, ApplicationRun::new);
    }

    @Test
    void tellsUnknownManagementTypesAndIgnoresUnknownTypesOfRequests() {
        byte[] bytes = new Wire()
                .record(127, 0, "who knows")
                .record(127, 5, "who knows")
                .record(0, 0, "")
                .record(12, 1, "")
                .record(255, 0, Wire.text("x"), 255)
                .record(2, 1, "")
                .bytes();

        Cuts.assertTold(
                List.of(
                        "unknown management type 127",
                        "unknown management type 0",
                        "unknown management type 255",
                        "abort 1"),
                bytes,
                ApplicationRun::new);
    }

    @ParameterizedTest(name = "type {0} with id {1} and {2} bytes: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            1 | 0 | 8 | BEGIN_REQUEST record with request id 0
            1 | 1 | 7 | BEGIN_REQUEST record with 7 bytes of content, expected 8
            1 | 1 | 9 | BEGIN_REQUEST record with 9 bytes of content, expected 8
            1 | 1 | 0 | BEGIN_REQUEST record with 0 bytes of content, expected 8
            2 | 0 | 0 | ABORT_REQUEST record with request id 0
            3 | 1 | 8 | END_REQUEST record from a web server: only applications send it
            3 | 0 | 8 | END_REQUEST record from a web server: only applications send it
            4 | 0 | 2 | PARAMS record with request id 0
            5 | 0 | 2 | STDIN record with request id 0
            6 | 1 | 2 | STDOUT record from a web server: only applications send it
            7 | 1 | 2 | STDERR record from a web server: only applications send it
            8 | 0 | 2 | DATA record with request id 0
            9 | 7 | 0 | GET_VALUES record with request id 7, expected 0
            9 | 0 | 4097 | GET_VALUES record with 4097 bytes of content, at most 4096
            9 | 0 | 1 | the stream ended inside name-value pair 1
            9 | 0 | 65535 | GET_VALUES record with 65535 bytes of content, at most 4096
            10 | 1 | 0 | GET_VALUES_RESULT record with request id 1, expected 0
            11 | 1 | 8 | UNKNOWN_TYPE record with request id 1, expected 0
            """)
    void refusesInEveryPosition(int type, int id, int length, String message) {
        byte[] record = new Wire().record(type, id, new byte[length], 0).bytes();
        for (Wire before : conversation()) {
            byte[] good = before.bytes();
            byte[] all = before.raw(record).bytes();

            List<String> expected = Cuts.told(new ApplicationRun(), good, 4096);
            expected.add("ProtocolException: " + message);

            assertEquals(expected, Cuts.told(new ApplicationRun(), all, 4096));
            assertEquals(expected, Cuts.told(new ApplicationRun(), all, 1));
        }
    }

    @Test
    void goesOnAfterEveryHarmlessRecordInEveryPosition() {
        byte[] next = new Wire().record(2, 77, "").bytes();
        for (int type = 0; type <= 255; type++) {
            boolean wrongDirection = type == 3 || type == 6 || type == 7;
            boolean management = type == 9 || type == 10 || type == 11;
            for (Wire before : conversation()) {
                int id = management ? 0 : 1;
                byte[] content = type == 1 ? RESPONDER_KEEP : new byte[0];
                byte[] all = before.record(type, id, content, 1).raw(next).bytes();

                List<String> told = Cuts.told(new ApplicationRun(), all, all.length);

                boolean refused = told.get(told.size() - 1).startsWith("ProtocolException");
                assertEquals(wrongDirection, refused, "type " + type + ": " + told);
                assertEquals(!wrongDirection, told.contains("abort 77"), "type " + type + ": " + told);
            }
        }
    }

    /** The same request after 0, 1, 2 … of its records. */
    private static List<Wire> conversation() {
        List<Wire> prefixes = new ArrayList<>();
        for (int records = 0; records <= 6; records++) {
            Wire wire = new Wire();
            Runnable[] steps = {
                () -> wire.record(1, 1, RESPONDER_KEEP, 0),
                () -> wire.record(4, 1, "\u0001\u0001AB"),
                () -> wire.record(4, 1, ""),
                () -> wire.record(5, 1, "some"),
                () -> wire.record(5, 1, ""),
                () -> wire.record(9, 0, "\u0001\u0000A"),
            };
            for (int i = 0; i < records; i++) {
                steps[i].run();
            }
            prefixes.add(wire);
        }
        return prefixes;
    }

    @Test
    void aPairOfGetValuesCannotReachIntoTheNextRecord() {
        byte[] bytes =
                new Wire().record(9, 0, "\u0004\u0000FC").record(9, 0, "GI").bytes();

        Cuts.assertTold(
                List.of("ProtocolException: the stream ended inside name-value pair 1"), bytes, ApplicationRun::new);
    }

    @Test
    void aPromisedLengthAboveTheCapOfGetValuesIsRefusedAtOnce() {
        byte[] bytes = new Wire().record(9, 0, "\u00ff\u00ff\u00ff\u00ff\u0000").bytes();

        Cuts.assertTold(
                List.of("ProtocolException: GET_VALUES record: names and values of 2147483647 bytes,"
                        + " at most 4096 are taken"),
                bytes,
                ApplicationRun::new);
    }

    @Test
    void knowsWhetherTheConnectionMayEndHere() throws Exception {
        byte[] bytes = new Wire().record(1, 1, RESPONDER_KEEP, 1).bytes();
        ApplicationRun run = new ApplicationRun();

        assertTrue(run.betweenRecords());
        run.read(ByteBuffer.wrap(bytes, 0, bytes.length - 1));
        assertFalse(run.betweenRecords());
        assertEquals(List.of(), run.told(), "a record is told when its padding is complete");
        run.read(ByteBuffer.wrap(bytes, bytes.length - 1, 1));
        assertTrue(run.betweenRecords());
        assertEquals(List.of("begin 1 role 1 keep"), run.told());
    }

    @Test
    void tenThousandStdinRecordsAllocateNextToNothing() throws Exception {
        Wire wire = new Wire();
        for (int i = 0; i < 10_000; i++) {
            wire.record(5, 1, Wire.text("body"), 4);
        }
        ByteBuffer in = ByteBuffer.allocateDirect(wire.bytes().length).put(wire.bytes());
        StdinCounter counter = new StdinCounter();
        ApplicationReader reader = new ApplicationReader(counter);

        long allocated = Allocated.by(() -> reader.read(in.flip().limit(in.capacity())));

        assertEquals(2 * 40_000, counter.seen);
        assertTrue(allocated < 2_000, allocated + " bytes allocated");
    }

    private static final class StdinCounter implements ApplicationReader.Listener {
        private long seen;

        @Override
        public void beginRequest(int id, BeginRequest begin) {}

        @Override
        public void abortRequest(int id) {}

        @Override
        public void params(int id, ByteBuffer piece) {}

        @Override
        public void paramsEnd(int id) {}

        @Override
        public void stdin(int id, ByteBuffer piece) {
            seen += piece.remaining();
        }

        @Override
        public void stdinEnd(int id) {}

        @Override
        public void data(int id, ByteBuffer piece) {}

        @Override
        public void dataEnd(int id) {}

        @Override
        public void getValues(List<String> names) {}

        @Override
        public void unknownManagement(int type) {}
    }
}
