package org.cgifpm.adapters.backend.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartBackoffTest {
    @ParameterizedTest(name = "after {0} failures: {1} ms, emergency {2}")
    @CsvSource({
        "0, 0, false",
        "1, 0, false",
        "2, 100, false",
        "3, 200, false",
        "4, 400, false",
        "5, 800, true",
        "6, 1600, true",
        "10, 25600, true",
        "11, 30000, true",
        "12, 30000, true",
        "64, 30000, true",
        "70, 30000, true",
        "2147483647, 30000, true",
    })
    void waitsLongerWithEachFailure(int failures, long millis, boolean emergency) {
        RestartBackoff backoff = new RestartBackoff(failures);

        assertEquals(millis * 1_000_000, backoff.delayNanos());
        assertEquals(emergency, backoff.emergency());
    }

    @Test
    void tellsTheTwoMomentsOfAnEpisodeThatAreWorthALine() {
        RestartBackoff backoff = RestartBackoff.none();
        StringBuilder lines = new StringBuilder();
        for (int failure = 1; failure <= 1000; failure++) {
            backoff = backoff.failed();
            assertTrue(backoff.inEpisode());
            lines.append(backoff.beginsEpisode() ? failure + " begins, " : "");
            lines.append(backoff.entersEmergency() ? failure + " is an emergency" : "");
        }

        assertEquals("1 begins, 5 is an emergency", lines.toString());
    }

    @Test
    void doesNotCountOverTheEdge() {
        RestartBackoff most = new RestartBackoff(Integer.MAX_VALUE);

        assertEquals(most, most.failed());
        assertThrows(IllegalArgumentException.class, () -> new RestartBackoff(-1));
    }
}
