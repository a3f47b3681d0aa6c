package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaticTest {
    private static final SpawnPolicy FOUR = new Static(4);
    private static final Pace PACE = Pace.begin(0);

    @Test
    void startsAllWithThePool() {
        assertEquals(4, FOUR.atStart());
    }

    @ParameterizedTest(name = "{0} starting, {1} idle, {2} busy, {3} waiting: {4} more")
    @CsvSource({
        "0, 0, 0, 0, 4",
        "4, 0, 0, 9, 0",
        "0, 4, 0, 0, 0",
        "0, 0, 4, 9, 0",
        "0, 0, 3, 0, 1",
        "1, 1, 1, 0, 1",
        "0, 1, 1, 5, 2",
        "0, 5, 1, 0, 0",
    })
    void startsWhatIsMissingAndNeverStopsOne(int starting, int idle, int busy, int waiting, int start) {
        Decision decision = FOUR.look(new Census(starting, idle, busy, waiting, 0), PACE, Long.MAX_VALUE);

        assertEquals(new Decision(start, 0, PACE, OptionalLong.empty()), decision);
    }

    @Test
    void refusesAGroupWithoutWorkers() {
        assertThrows(IllegalArgumentException.class, () -> new Static(0));
    }
}
