package org.cgifpm.protocol.fastcgi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.protocol.Allocated;
import org.cgifpm.protocol.Cuts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameValueReaderTest {
    private static final NameValueReader.Limits WIDE = new NameValueReader.Limits(1000, Integer.MAX_VALUE);

    /** Tells the pairs. */
    private static final class Run implements Cuts.Run {
        private final List<String> told = new ArrayList<>();
        private final NameValueReader reader;

        Run(NameValueReader.Limits limits) {
            reader = new NameValueReader(limits, (name, value) -> told.add(name + "=" + value));
        }

        @Override
        public void read(ByteBuffer piece) throws NameValueLimitException {
            reader.read(piece);
        }

        @Override
        public List<String> told() {
            return told;
        }
    }

    @Test
    void readsShortAndLongLengthsWhereverTheyAreCut() {
        String name = "n".repeat(128);
        String value = "v".repeat(300);
        byte[] bytes = new Wire()
                .raw(Wire.text("\u0001\u0002A12"))
                .raw(Wire.text("\u0000\u0000"))
                .raw(Wire.text("\u0003\u0000EMP"))
                .raw(Wire.hex("80000080 8000012c"))
                .raw(Wire.text(name + value))
                .raw(Wire.hex("80000001 01"))
                .raw(Wire.text("L\u00ff"))
                .bytes();

        Cuts.assertTold(List.of("A=12", "=", "EMP=", name + "=" + value, "L=\u00ff"), bytes, () -> new Run(WIDE));
    }

    @ParameterizedTest(name = "names and values of {0} bytes")
    @ValueSource(ints = {0, 1, 127, 128, 1000, 65536, 33554431})
    void readsBackWhatTheWriterWrites(int length) throws Exception {
        String name = "k".repeat(length);
        ByteBuffer out = ByteBuffer.allocate(NameValueWriter.size(name, "") + NameValueWriter.size("", name));
        NameValueWriter.write(out, name, "");
        NameValueWriter.write(out, "", name);
        List<String> read = new ArrayList<>();
        NameValueReader reader = new NameValueReader(WIDE, (n, v) -> {
            read.add(n);
            read.add(v);
        });

        reader.read(out.flip());
        reader.end();

        assertEquals(4, read.size());
        assertTrue(read.get(0).equals(name) && read.get(1).isEmpty());
        assertTrue(read.get(2).isEmpty() && read.get(3).equals(name));
    }

    @Test
    void countsPairsAndNamesTheLimit() throws Exception {
        Run run = new Run(new NameValueReader.Limits(2, 100));
        run.read(ByteBuffer.wrap(Wire.text("\u0001\u0001A1\u0001\u0001B2")));
        ByteBuffer third = ByteBuffer.wrap(new byte[] {0, 0});

        NameValueLimitException failure = assertThrows(NameValueLimitException.class, () -> run.read(third));

        assertEquals("more than 2 name-value pairs", failure.getMessage());
        assertEquals(List.of("A=1", "B=2"), run.told());
    }

    @Test
    void countsBytesOfAllPairsTogetherAndNamesTheLimit() throws Exception {
        Run run = new Run(new NameValueReader.Limits(10, 5));
        run.read(ByteBuffer.wrap(Wire.text("\u0001\u0001A1")));
        run.read(ByteBuffer.wrap(Wire.text("\u0001\u0002A12")));
        ByteBuffer sixth = ByteBuffer.wrap(new byte[] {1, 0});

        NameValueLimitException failure = assertThrows(NameValueLimitException.class, () -> run.read(sixth));

        assertEquals("names and values of 6 bytes, at most 5 are taken", failure.getMessage());
    }

    @Test
    void sumsLengthsWithoutOverflow() {
        Run run = new Run(WIDE);
        ByteBuffer lengths = ByteBuffer.wrap(Wire.hex("ffffffff ffffffff"));

        NameValueLimitException failure = assertThrows(NameValueLimitException.class, () -> run.read(lengths));

        assertEquals("names and values of 4294967294 bytes, at most 2147483647 are taken", failure.getMessage());
    }

    @Test
    void aPromisedLengthAllocatesNothingUntilBytesCome() throws Exception {
        byte[] bytes =
                new Wire().raw(Wire.hex("ffffffff 00")).raw(new byte[10_000]).bytes();

        long allocated = Allocated.by(() -> {
            NameValueReader reader = new NameValueReader(WIDE, (name, value) -> {});
            for (int at = 0; at < bytes.length; at += 100) {
                reader.read(ByteBuffer.wrap(bytes, at, Math.min(100, bytes.length - at)));
            }
        });

        assertTrue(allocated < 100_000, allocated + " bytes allocated for 10,000 that came");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "01, 1",
        "8000, 1",
        "0101, 1",
        "0100, 1",
        "000080, 2",
        "0101413101, 2",
        "010141, 1",
    })
    void aStreamThatEndsInsideAPairIsAnErrorThatNamesThePair(String hex, int pair) throws Exception {
        NameValueReader reader = new NameValueReader(WIDE, (name, value) -> {});
        reader.read(ByteBuffer.wrap(Wire.hex(hex)));

        ProtocolException failure = assertThrows(ProtocolException.class, reader::end);

        assertEquals("the stream ended inside name-value pair " + pair, failure.getMessage());
    }

    @Test
    void lengthsBeyondTheEndOfTheStreamAreAnErrorNotACrash() throws Exception {
        NameValueReader reader = new NameValueReader(WIDE, (name, value) -> {});
        reader.read(ByteBuffer.wrap(Wire.hex("3232 4142434445464748")));

        assertThrows(ProtocolException.class, reader::end);
    }

    @Test
    void aStreamMayEndBetweenPairsAndBeEmpty() throws Exception {
        NameValueReader reader = new NameValueReader(WIDE, (name, value) -> {});

        assertDoesNotThrow(reader::end);
        reader.read(ByteBuffer.wrap(Wire.text("\u0001\u0001A1\u0000\u0000")));
        assertDoesNotThrow(reader::end);
    }
}
