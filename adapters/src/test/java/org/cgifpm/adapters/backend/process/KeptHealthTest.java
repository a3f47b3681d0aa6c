package org.cgifpm.adapters.backend.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptHealthTest {
    private static final long SECOND = 1_000_000_000L;

    private long now = -5 * SECOND;
    private final List<String> infos = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final KeptHealth health = new KeptHealth(
            () -> now,
            new KeptEvents() {
                @Override
                public void info(String line) {
                    infos.add(line);
                }

                @Override
                public void warning(String line) {
                    warnings.add(line);
                }
            },
            "app",
            "have answered nothing");

    @Test
    void forgetsAllWhenOneThatWasStartedSinceDoesItsWork() {
        fail(7);
        long started = later(SECOND);

        assertTrue(health.proven(started));
        assertFalse(health.isFailing());
        assertFalse(health.isEmergency());
        assertEquals(0, health.delayNanos());
        assertEquals(0, health.rememberedNanos());
        assertFalse(health.proven(started), "it is over already");

        fail(1);
        assertEquals(
                List.of(
                        "app: why 1",
                        "app: emergency: 5 workers in a row have answered nothing; it is tried again,"
                                + " at most every 30 s. The last: why 5",
                        "app: why 1"),
                warnings,
                "the next failure is another episode");
    }

    @Test
    void doesNotTakeTheWorkOfAnOldOneForTheProofOfThoseThatFail() {
        long old = now;
        for (int failure = 1; failure <= 6; failure++) {
            later(SECOND);
            health.failed("why " + failure, now, false);
            later(SECOND);

            assertFalse(health.proven(old));
            assertTrue(health.isFailing());
        }
        assertTrue(health.isEmergency());
        assertEquals(2, warnings.size(), warnings::toString);
    }

    @Test
    void forgetsWhatFailedLongAgoWhenAnOldOneDoesItsWork() {
        long old = now;
        later(SECOND);
        fail(1);
        later(59 * SECOND);
        assertFalse(health.proven(old));

        later(2 * SECOND);
        assertTrue(health.proven(old));
        assertFalse(health.isFailing());
    }

    @Test
    void countsWhatBefallsSeveralThatWereStartedSideBySideAsOneFailure() {
        long together = now;
        for (int i = 0; i < 3; i++) {
            later(SECOND / 1000);
            health.failed("why", together, false);
        }

        assertEquals(0, health.delayNanos(), "after one failure it is tried at once");
    }

    private void fail(int times) {
        for (int failure = 1; failure <= times; failure++) {
            health.failed("why " + failure, now, false);
        }
    }

    private long later(long nanos) {
        now += nanos;
        return now;
    }
}
