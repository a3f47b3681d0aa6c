package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are seconds in the tables; the idle time-out is 10 s. */
class OnDemandTest {
    private static final long SECOND = 1_000_000_000L;
    private static final SpawnPolicy POLICY = new OnDemand(8, 3, 10 * SECOND);
    private static final Pace PACE = Pace.begin(0);

    @Test
    void startsNoneWithThePool() {
        assertEquals(0, POLICY.atStart());
        assertEquals(Decision.rest(PACE), POLICY.look(new Census(0, 0, 0, 0, 0), PACE, SECOND));
    }

    @ParameterizedTest(name = "{0} starting, {1} idle, {2} busy, {3} waiting: {4} more")
    @CsvSource({
        // one for each that waits
        "0, 0, 0, 1, 1",
        "0, 0, 0, 2, 2",
        "0, 0, 5, 2, 2",
        // but not for those whom a starting or idle one will take
        "1, 0, 0, 1, 0",
        "1, 0, 0, 2, 1",
        "0, 2, 0, 2, 0",
        "0, 2, 0, 3, 1",
        "1, 1, 0, 2, 0",
        "1, 1, 0, 4, 2",
        // at most max_spawn_rate starting at one time
        "0, 0, 0, 9, 3",
        "2, 0, 0, 9, 1",
        "3, 0, 0, 9, 0",
        "4, 0, 0, 9, 0",
        // never above max_children
        "0, 0, 7, 9, 1",
        "0, 0, 8, 9, 0",
        "1, 0, 7, 9, 0",
        "0, 0, 9, 9, 0",
        // nobody waits
        "1, 0, 0, 0, 0",
        "0, 0, 8, 0, 0",
    })
    void startsForThoseThatWait(int starting, int idle, int busy, int waiting, int start) {
        Decision decision = POLICY.look(new Census(starting, idle, busy, waiting, 0), PACE, 99 * SECOND);

        assertEquals(new Decision(start, 0, PACE, OptionalLong.empty()), decision);
    }

    @ParameterizedTest(name = "{0} idle, the longest for {1} s: {2} to stop, look again in {3} s")
    @CsvSource({
        "1, 0, 0, 10",
        "1, 9.5, 0, 0.5",
        "1, 10, 1, ",
        "1, 500, 1, ",
        "2, 9.5, 0, 0.5",
        "2, 10, 1, 0",
        "8, 11, 1, 0",
    })
    void stopsWhoIsIdleTooLong(int idle, double idleSeconds, int stop, @Nullable Double lookAgainSeconds) {
        // The clock of the daemon may begin anywhere, and pass its largest value.
        for (long now : new long[] {0, 12 * SECOND, Long.MAX_VALUE, Long.MIN_VALUE + 1}) {
            Census census = new Census(1, idle, 1, 0, now - (long) (idleSeconds * SECOND));
            Decision decision = POLICY.look(census, PACE, now);

            assertEquals(new Decision(0, stop, PACE, nanos(lookAgainSeconds)), decision);
        }
    }

    @Test
    void stopsNobodyWhileRequestsWait() {
        assertEquals(Decision.rest(PACE), POLICY.look(new Census(0, 2, 0, 1, 0), PACE, 99 * SECOND));
    }

    @Test
    void forgetsTheIdleTimeOfAGroupWhereNobodyIsIdle() {
        assertEquals(Decision.rest(PACE), POLICY.look(new Census(0, 0, 2, 0, 0), PACE, 99 * SECOND));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void refusesBoundsOfZero(int which) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new OnDemand(which == 0 ? 0 : 1, which == 1 ? 0 : 1, which == 2 ? 0 : 1));
    }

    private static OptionalLong nanos(@Nullable Double seconds) {
        return seconds == null ? OptionalLong.empty() : OptionalLong.of((long) (seconds * SECOND));
    }
}
