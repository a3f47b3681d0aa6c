package org.cgifpm.adapters.backend.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StderrRateTest {
    private static final long SECOND = 1_000_000_000L;

    private final StderrRate rate = new StderrRate();

    @Test
    void allowsABurstAndNotOneLineMore() {
        assertEquals(StderrRate.BURST, allowed(Long.MAX_VALUE - SECOND, StderrRate.BURST + 100));
    }

    @Test
    void allowsSoManyASecondAfterTheBurst() {
        allowed(0, StderrRate.BURST);

        assertFalse(rate.allows(1));
        assertEquals(StderrRate.PER_SECOND, allowed(SECOND, StderrRate.BURST));
        assertEquals(StderrRate.PER_SECOND / 2, allowed(SECOND + SECOND / 2, StderrRate.BURST));
    }

    @Test
    void savesUpNoMoreThanABurst() {
        assertTrue(rate.allows(0));

        assertEquals(StderrRate.BURST, allowed(1_000_000 * SECOND, 10 * StderrRate.BURST));
    }

    private int allowed(long nowNanos, int asked) {
        int allowed = 0;
        for (int i = 0; i < asked; i++) {
            if (rate.allows(nowNanos)) {
                allowed++;
            }
        }
        return allowed;
    }
}
