package org.cgifpm.adapters.backend.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeeperLimitsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MB = 1024 * 1024;
    private static final KeeperLimits NONE = new KeeperLimits(0, 0, 0);

    @Test
    void keepsAKeeperForEverWhereNothingIsLimited() {
        assertEquals(Optional.empty(), NONE.reason(Long.MAX_VALUE, Long.MAX_VALUE, 20 * MB, 20 * MB));
    }

    @Test
    void endsItsTimeAfterSoManyForks() {
        KeeperLimits limits = new KeeperLimits(3, 0, 0);

        assertEquals(Optional.empty(), limits.reason(2, 0, 0, 0));
        assertEquals(Optional.of("it has forked 3 times (max_requests)"), limits.reason(3, 0, 0, 0));
    }

    @Test
    void endsItsTimeAtThatAge() {
        KeeperLimits limits = new KeeperLimits(0, 60 * SECOND, 0);

        assertEquals(Optional.empty(), limits.reason(0, 60 * SECOND - 1, 0, 0));
        assertEquals(Optional.of("it is 60 s old (max_age)"), limits.reason(0, 60 * SECOND, 0, 0));
    }

    @Test
    void endsItsTimeWhenItHoldsSoMuchMemory() {
        KeeperLimits limits = new KeeperLimits(0, 0, 30 * MB);

        assertEquals(Optional.empty(), limits.reason(0, 0, 30 * MB - 1, 20 * MB));
        assertEquals(Optional.of("it holds 30720 kB of memory (max_memory)"), limits.reason(0, 0, 30 * MB, 20 * MB));
    }

    @Test
    void endsItsTimeWhenItGrowsWithoutEnd() {
        assertEquals(Optional.empty(), NONE.reason(0, 0, 2 * 20 * MB + 32 * MB, 20 * MB));
        assertEquals(
                Optional.of("it has grown from 20480 to 73729 kB"),
                NONE.reason(0, 0, 2 * 20 * MB + 32 * MB + 1024, 20 * MB));
    }

    @Test
    void concludesNothingFromMemoryThatNobodyHasLookedAt() {
        assertEquals(Optional.empty(), NONE.reason(0, 0, 900 * MB, 0));
        assertEquals(Optional.empty(), new KeeperLimits(0, 0, 1).reason(0, 0, 0, 20 * MB));
    }
}
