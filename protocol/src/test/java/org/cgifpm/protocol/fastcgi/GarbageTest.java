package org.cgifpm.protocol.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cgifpm.protocol.Allocated;
import org.cgifpm.protocol.Cuts;
import org.junit.jupiter.api.Test;

/**
 * Random bytes, and good conversations with a few bytes changed: a reader tells the same in every cut, throws nothing
 * but its own exceptions ({@link Cuts} lets no others through), and takes no memory for what only a length promised.
 */
class GarbageTest {
    private static final int ROUNDS = 20_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void applicationReaderTellsTheSameInEveryCutOrRefuses() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = garbage(conversation());
            String which = "seed " + seed + " round " + round;

            List<String> whole = Cuts.told(new ApplicationRun(), bytes, bytes.length);

            assertEquals(whole, Cuts.told(new ApplicationRun(), bytes, 1 + random.nextInt(20)), which);
        }
    }

    @Test
    void webServerReaderTellsTheSameInEveryCutOrRefuses() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = garbage(answer());
            String which = "seed " + seed + " round " + round;

            List<String> whole = Cuts.told(new WebServerRun(), bytes, bytes.length);

            assertEquals(whole, Cuts.told(new WebServerRun(), bytes, 1 + random.nextInt(20)), which);
        }
    }

    @Test
    void nameValueReaderNeverGoesAboveItsLimitsAndTakesMemoryOnlyForWhatCame() throws Exception {
        NameValueReader.Limits limits = new NameValueReader.Limits(20, Integer.MAX_VALUE);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[1 + random.nextInt(200)];
            random.nextBytes(bytes);
            String which = "seed " + seed + " round " + round;
            List<String> told = new ArrayList<>();

            long allocated = Allocated.by(() -> {
                told.clear();
                NameValueReader reader = new NameValueReader(limits, (name, value) -> told.add(name + "=" + value));
                try {
                    reader.read(ByteBuffer.wrap(bytes));
                    reader.end();
                } catch (NameValueLimitException | ProtocolException e) {
                    told.add(e.getClass().getSimpleName());
                }
            });

            assertTrue(told.size() <= 21, which);
            assertTrue(allocated < 20_000, which + ": " + allocated + " bytes allocated");
        }
    }

    private byte[] garbage(byte[] good) {
        if (random.nextInt(4) == 0) {
            byte[] noise = new byte[1 + random.nextInt(64)];
            random.nextBytes(noise);
            noise[0] = random.nextBoolean() ? 1 : noise[0];
            return noise;
        }
        for (int change = random.nextInt(4); change > 0; change--) {
            good[random.nextInt(good.length)] = (byte) random.nextInt(256);
        }
        return Arrays.copyOf(good, 1 + random.nextInt(good.length));
    }

    private byte[] conversation() {
        return new Wire()
                .record(9, 0, Wire.text("\u0001\u0000A\u0002\u0000BC"), random.nextInt(9))
                .record(1, 1, Wire.hex("0001010000000000"), 0)
                .record(4, 1, Wire.text("\u0001\u0001AB"), random.nextInt(9))
                .record(4, 1, "")
                .record(5, 1, Wire.text("body"), random.nextInt(9))
                .record(99, 0, "abc")
                .record(5, 1, "")
                .record(2, 1, "")
                .bytes();
    }

    private byte[] answer() {
        return new Wire()
                .record(10, 0, Wire.text("\u0001\u0001A1"), random.nextInt(9))
                .record(11, 0, Wire.hex("0900000000000000"), 0)
                .record(7, 1, Wire.text("oops"), random.nextInt(9))
                .record(6, 1, Wire.text("Status: 200\n\nx"), random.nextInt(9))
                .record(6, 1, "")
                .record(3, 1, Wire.hex("0000000000000000"), random.nextInt(9))
                .bytes();
    }
}
