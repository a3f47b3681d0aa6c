package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** At most 20 workers, 3 to 6 of them spare, at most 8 starts; times are milliseconds, a maintenance is due at 1,000. */
class DynamicTest {
    private static final long MILLIS = 1_000_000L;
    private static final SpawnPolicy POLICY = new Dynamic(20, 4, 3, 6, 8);

    @Test
    void startsStartServersWithThePool() {
        assertEquals(4, POLICY.atStart());
    }

    @ParameterizedTest(name = "{0} starting, {1} idle, {2} busy, rate {3}: start {4}, stop {5}, rate {6}, again {7}")
    @CsvSource({
        // too few: as many as the rate says, as are missing, as there is room for
        "0, 0, 5, 1, 1, 0, 2, 1000",
        "0, 0, 5, 2, 2, 0, 4, 1000",
        "0, 0, 5, 4, 3, 0, 8, ",
        "0, 0, 5, 8, 3, 0, 8, ",
        "0, 2, 5, 8, 1, 0, 8, ",
        "1, 0, 5, 1, 1, 0, 2, 1000",
        "2, 0, 5, 4, 1, 0, 8, ",
        "0, 0, 18, 4, 2, 0, 8, ",
        "0, 0, 19, 4, 1, 0, 8, ",
        // too few, but no room: nothing to be done until one is free
        "0, 0, 20, 4, 0, 0, 1, ",
        "1, 1, 18, 4, 0, 0, 1, ",
        // enough
        "0, 3, 5, 4, 0, 0, 1, ",
        "3, 0, 5, 4, 0, 0, 1, ",
        "0, 6, 0, 4, 0, 0, 1, ",
        // too many: one at a time
        "0, 7, 0, 4, 0, 1, 1, ",
        "1, 6, 0, 4, 0, 1, 1, ",
        "0, 8, 0, 4, 0, 1, 1, 1000",
        "0, 20, 0, 4, 0, 1, 1, 1000",
        "6, 2, 0, 4, 0, 1, 1, 1000",
        // too many, but none that could be stopped
        "9, 0, 3, 4, 0, 0, 1, ",
    })
    void keepsSpareWorkersWithinTheirBounds(
            int starting, int idle, int busy, int rate, int start, int stop, int nextRate, @Nullable Long againMillis) {
        Census census = new Census(starting, idle, busy, 0, 0);
        // The clock of the daemon may begin anywhere, and pass its largest value.
        for (long due : new long[] {1000 * MILLIS, Long.MAX_VALUE, Long.MIN_VALUE + 1}) {
            Decision decision = POLICY.look(census, new Pace(rate, due, false, census.alive()), due);

            Pace pace = new Pace(nextRate, due + 1000 * MILLIS, againMillis == null, census.alive() + start - stop);
            assertEquals(new Decision(start, stop, pace, again(againMillis)), decision);
        }
    }

    @ParameterizedTest(name = "{0} idle at {1} ms: look again in {2} ms")
    @CsvSource({
        "0, 0, 1000",
        "2, 999, 1",
        "7, 300, 700",
        "3, 300, ",
        "6, 300, ",
    })
    void leavesItToTheBeatToStartAndStopSpareOnes(int idle, long millis, @Nullable Long againMillis) {
        Pace pace = new Pace(4, 1000 * MILLIS, true, idle + 5);
        Decision decision = POLICY.look(new Census(0, idle, 5, 0, 0), pace, millis * MILLIS);

        Pace next = new Pace(4, 1000 * MILLIS, againMillis == null, idle + 5);
        assertEquals(new Decision(0, 0, next, again(againMillis)), decision);
    }

    @ParameterizedTest(name = "{0} idle at {1} ms: look again in {2} ms")
    @CsvSource({
        "0, 1000, 1000",
        "0, 1001, 999",
        "9, 4300, 700",
        "5, 4300, ",
    })
    void takesItThatBeatsWhileNothingWasAmissFoundEnough(int idle, long millis, @Nullable Long againMillis) {
        Pace pace = new Pace(8, 1000 * MILLIS, true, idle + 5);
        Decision decision = POLICY.look(new Census(0, idle, 5, 0, 0), pace, millis * MILLIS);

        long next = (millis / 1000 + 1) * 1000 * MILLIS;
        assertEquals(
                new Decision(0, 0, new Pace(1, next, againMillis == null, idle + 5), again(againMillis)), decision);
    }

    @Test
    void actsOnceAfterABeatThatCameLate() {
        Census busy = new Census(0, 0, 5, 0, 0);
        Decision decision = POLICY.look(busy, new Pace(2, 1000 * MILLIS, false, 5), 5400 * MILLIS);

        assertEquals(new Decision(2, 0, new Pace(4, 6000 * MILLIS, false, 7), again(600L)), decision);
    }

    @ParameterizedTest(name = "{0} starting, {1} idle, {2} busy, {3} waiting: {4} more at once")
    @CsvSource({
        "0, 0, 5, 1, 1",
        "0, 0, 5, 4, 4",
        "2, 0, 5, 2, 0",
        "2, 0, 5, 3, 1",
        "0, 2, 5, 2, 0",
        "0, 2, 5, 4, 2",
        // at most max_spawn_rate starting at one time
        "0, 0, 5, 30, 8",
        "5, 0, 5, 30, 3",
        "8, 0, 5, 30, 0",
        // never above max_children
        "0, 0, 19, 5, 1",
        "0, 0, 20, 5, 0",
        "0, 0, 21, 5, 0",
    })
    void doesNotLeaveThoseThatWaitToTheBeat(int starting, int idle, int busy, int waiting, int start) {
        Census census = new Census(starting, idle, busy, waiting, 0);
        Decision decision = POLICY.look(census, new Pace(1, 1000 * MILLIS, true, census.alive()), 1);

        assertEquals(start, decision.start());
        assertEquals(0, decision.stop());
        assertEquals(1, decision.pace().spawnRate());
    }

    @Test
    void neverHasMoreStartingThanMaxSpawnRate() {
        SpawnPolicy policy = new Dynamic(20, 9, 9, 9, 4);
        Pace pace = new Pace(4, 0, false, 15);

        assertEquals(4, policy.look(new Census(0, 0, 5, 0, 0), pace, 0).start());
        assertEquals(1, policy.look(new Census(3, 0, 5, 0, 0), pace, 0).start());
        assertEquals(0, policy.look(new Census(4, 0, 5, 0, 0), pace, 0).start());
        assertEquals(0, policy.look(new Census(5, 0, 5, 0, 0), pace, -1).start());
    }

    @Test
    void givesAGroupASecondBeforeItsFirstMaintenance() {
        Census none = new Census(0, 0, 0, 0, 0);

        assertEquals(0, POLICY.look(none, Pace.begin(0), 999 * MILLIS).start());
        assertEquals(0, POLICY.look(none, Pace.begin(0), 1200 * MILLIS).start(), "nobody has looked before");
    }

    @Test
    void startsTheMoreOfWhatWaitsAndWhatIsMissing() {
        Pace pace = new Pace(2, 0, false, 5);

        assertEquals(2, POLICY.look(new Census(0, 0, 5, 1, 0), pace, 0).start());
        assertEquals(3, POLICY.look(new Census(0, 0, 5, 3, 0), pace, 0).start());
    }

    @Test
    void stopsNobodyWhileRequestsWait() {
        Decision decision = POLICY.look(new Census(0, 9, 0, 1, 0), new Pace(1, 0, false, 9), 0);

        assertEquals(0, decision.stop());
    }

    @ParameterizedTest(name = "{0} idle, {1} busy of {2} before: {3} instead of them")
    @CsvSource({
        "0, 5, 6, 1",
        "0, 5, 9, 3",
        "1, 5, 9, 2",
        "2, 5, 9, 1",
        // spare ones are not short
        "3, 5, 9, 0",
        "6, 0, 9, 0",
        // none is gone
        "0, 5, 5, 0",
        "0, 6, 5, 0",
    })
    void replacesAtOnceWhoHasEndedByItself(int idle, int busy, int aliveBefore, int start) {
        Pace pace = new Pace(1, 1000 * MILLIS, true, aliveBefore);
        Decision decision = POLICY.look(new Census(0, idle, busy, 0, 0), pace, 1);

        assertEquals(start, decision.start());
        assertEquals(idle + busy + start, decision.pace().alive());
    }

    @Test
    void doesNotReplaceWhomItHasStoppedItself() {
        Decision stopped = POLICY.look(new Census(0, 7, 0, 0, 0), new Pace(1, 0, false, 7), 0);
        Decision after = POLICY.look(new Census(0, 2, 4, 0, 0), stopped.pace(), 1);

        assertEquals(1, stopped.stop());
        assertEquals(0, after.start());
    }

    @ParameterizedTest(name = "{0} children, {1} at start, {2} to {3} spare, {4} at a time")
    @CsvSource({
        "5, 2, 0, 3, 1",
        "5, 2, 4, 3, 1",
        "5, 2, 1, 6, 1",
        "5, 6, 1, 3, 1",
        "5, -1, 1, 3, 1",
        "5, 2, 1, 3, 0",
    })
    void refusesBoundsThatContradictEachOther(int max, int start, int minSpare, int maxSpare, int rate) {
        assertThrows(IllegalArgumentException.class, () -> new Dynamic(max, start, minSpare, maxSpare, rate));
    }

    private static OptionalLong again(@Nullable Long millis) {
        return millis == null ? OptionalLong.empty() : OptionalLong.of(millis * MILLIS);
    }
}
