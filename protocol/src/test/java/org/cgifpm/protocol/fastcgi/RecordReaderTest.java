package org.cgifpm.protocol.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.protocol.Allocated;
import org.cgifpm.protocol.Cuts;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
    /** Tells each call. */
    private static final class Run implements Cuts.Run, RecordReader.Listener {
        private final RecordReader reader = new RecordReader(this);
        private final Told told = new Told();

        @Override
        public void read(ByteBuffer piece) throws IOException {
            reader.read(piece);
        }

        @Override
        public List<String> told() {
            return told.events();
        }

        @Override
        public void record(int type, int requestId, int contentLength) {
            told.event("type " + type + " id " + requestId + " length " + contentLength);
        }

        @Override
        public void content(int type, int requestId, ByteBuffer piece) {
            told.piece("content", requestId, piece);
        }

        @Override
        public void recordEnd(int type, int requestId) {
            told.event("end");
        }
    }

    @Test
    void tellsContentWithoutPaddingWhereverItIsCut() {
        byte[] bytes = new Wire()
                .record(5, 1, Wire.text("hello"), 3)
                .record(5, 1, new byte[0], 0)
                .record(200, 65535, new byte[0], 9)
                .record(6, 258, Wire.text("\u00ff\u0000"), 0)
                .bytes();

        Cuts.assertTold(
                List.of(
                        "type 5 id 1 length 5",
                        "content 1 hello",
                        "end",
                        "type 5 id 1 length 0",
                        "end",
                        "type 200 id 65535 length 0",
                        "end",
                        "type 6 id 258 length 2",
                        "content 258 \u00ff\u0000",
                        "end"),
                bytes,
                Run::new);
    }

    @Test
    void skipsPaddingOfEveryLengthAfterContentOfAnyLength() {
        for (int padding = 0; padding <= 255; padding++) {
            for (int length : new int[] {0, 1, 7, 8, 65535}) {
                byte[] bytes = new Wire()
                        .record(5, 1, new byte[length], padding)
                        .record(2, 7, "")
                        .bytes();

                List<String> told = Cuts.told(new Run(), bytes, 4096);

                assertEquals(List.of("end", "type 2 id 7 length 0", "end"), told.subList(told.size() - 3, told.size()));
            }
        }
    }

    @Test
    void refusesAnotherVersionAtItsFirstByte() {
        RecordReader reader = new RecordReader(new Run());
        ByteBuffer first = ByteBuffer.wrap(new byte[] {0});

        ProtocolException failure = assertThrows(ProtocolException.class, () -> reader.read(first));

        assertEquals("record version 0, expected 1", failure.getMessage());
    }

    @Test
    void refusesAnotherVersionBehindAGoodRecord() {
        byte[] bytes =
                new Wire().record(5, 1, "x").raw(Wire.hex("0305000100000000")).bytes();

        Cuts.assertTold(
                List.of(
                        "type 5 id 1 length 1",
                        "content 1 x",
                        "end",
                        "ProtocolException: record version 3, expected 1"),
                bytes,
                Run::new);
    }

    @Test
    void knowsWhetherAStreamMayEndHere() throws Exception {
        byte[] record = new Wire().record(5, 1, Wire.text("ab"), 2).bytes();
        RecordReader reader = new RecordReader(new Run());

        assertTrue(reader.betweenRecords());
        for (int i = 0; i < record.length - 1; i++) {
            reader.read(ByteBuffer.wrap(record, i, 1));
            assertFalse(reader.betweenRecords(), "after byte " + i);
        }
        reader.read(ByteBuffer.wrap(record, record.length - 1, 1));
        assertTrue(reader.betweenRecords());
    }

    @Test
    void pieceShowsNothingBeyondItself() throws Exception {
        List<Integer> remaining = new ArrayList<>();
        RecordReader reader = new RecordReader(new RecordReader.Listener() {
            @Override
            public void record(int type, int requestId, int contentLength) {}

            @Override
            public void content(int type, int requestId, ByteBuffer piece) {
                remaining.add(piece.remaining());
                // Not taking the bytes, or changing the view's ends, must not harm the reader.
                piece.clear();
            }

            @Override
            public void recordEnd(int type, int requestId) {}
        });
        ByteBuffer bytes = ByteBuffer.wrap(
                new Wire().record(5, 1, "abc").record(5, 1, "de").bytes());

        reader.read(bytes);

        assertEquals(List.of(3, 2), remaining);
        assertTrue(reader.betweenRecords());
    }

    @Test
    void listenersExceptionComesThrough() {
        RecordReader reader = new RecordReader(new RecordReader.Listener() {
            @Override
            public void record(int type, int requestId, int contentLength) throws ProtocolException {
                throw new ProtocolException("enough");
            }

            @Override
            public void content(int type, int requestId, ByteBuffer piece) {}

            @Override
            public void recordEnd(int type, int requestId) {}
        });
        ByteBuffer bytes = ByteBuffer.wrap(new Wire().record(5, 1, "abc").bytes());

        assertEquals(
                "enough",
                assertThrows(ProtocolException.class, () -> reader.read(bytes)).getMessage());
    }

    @Test
    void tenThousandRecordsOutOfOneBufferAllocateNextToNothing() throws Exception {
        Wire wire = new Wire();
        for (int i = 0; i < 10_000; i++) {
            wire.record(5, 1, "12345678");
        }
        ByteBuffer in = ByteBuffer.wrap(wire.bytes());
        long[] seen = new long[1];
        RecordReader reader = new RecordReader(new RecordReader.Listener() {
            @Override
            public void record(int type, int requestId, int contentLength) {}

            @Override
            public void content(int type, int requestId, ByteBuffer piece) {
                seen[0] += piece.remaining();
            }

            @Override
            public void recordEnd(int type, int requestId) {}
        });

        long allocated = Allocated.by(() -> {
            // pieces of 1000 bytes, so that records are cut at ever other bytes
            for (int at = 0; at < in.capacity(); at += 1000) {
                in.limit(Math.min(in.capacity(), at + 1000)).position(at);
                reader.read(in);
            }
        });

        assertEquals(2 * 80_000, seen[0]);
        assertTrue(allocated < 2_000, allocated + " bytes allocated");
    }
}
