package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstLookTest {
    private static final long MILLI = 1_000_000;

    private final FirstLook look = new FirstLook();

    @Test
    void aPoolOfWhichNothingIsKnownIsLookedAtSoon() {
        assertEquals(2 * MILLI, look.nanos());
    }

    @ParameterizedTest(name = "scripts of {0} ms: looked at after {1} ms")
    @CsvSource({"0, 2", "1, 2", "2, 4", "5, 10", "9, 18", "11, 2", "15, 2", "20, 2", "60000, 2"})
    void whatIsUsuallyOverInAMomentIsWaitedForTwiceAsLong(long runs, long looked) {
        end(100, runs * MILLI, 100);

        assertEquals(looked, (look.nanos() + MILLI / 2) / MILLI);
    }

    @Test
    void aPoolThatTurnsToLongScriptsIsLookedAtSoonAfterAFewOfThem() {
        end(100, 4 * MILLI, 100);
        end(6, 3_600_000 * MILLI, 100);

        assertEquals(2 * MILLI, look.nanos());
    }

    @Test
    void oneThatTurnsToShortOnesWaitsForThemAgain() {
        end(100, 3_600_000 * MILLI, 100);
        end(20, 4 * MILLI, 100);

        assertTrue(look.nanos() > 8 * MILLI, () -> look.nanos() + " ns");
    }

    @Test
    void whatWritesMuchIsLookedAtSoonHoweverShortItIs() {
        end(100, MILLI, FirstLook.MUCH_BYTES);
        assertEquals(2 * MILLI, look.nanos());

        end(100, 6 * MILLI, FirstLook.MUCH_BYTES + 1);
        assertEquals(2 * MILLI, look.nanos());
    }

    @Test
    void neverWaitsLongerThanAnybodyWouldNotice() {
        for (long runs = 0; runs < 100 * MILLI; runs += MILLI / 4) {
            look.ended(runs, 0);
            long nanos = look.nanos();
            assertTrue(nanos >= FirstLook.LEAST_NANOS && nanos <= FirstLook.MOST_NANOS, () -> nanos + " ns");
        }
    }

    private void end(int scripts, long nanos, long bytes) {
        for (int i = 0; i < scripts; i++) {
            look.ended(nanos, bytes);
        }
    }
}
