package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private long now = Long.MAX_VALUE - 5;
    private int asked;
    private Optional<String> answer = Optional.of("alice");

    private final Remembered<String> names = new Remembered<>(
            number -> {
                asked++;
                return answer;
            },
            () -> now);

    @Test
    void asksOnceAMinute() {
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.of("alice"), names.of(7));
        }
        assertEquals(1, asked);
        now += Duration.ofSeconds(59).toNanos();
        answer = Optional.of("alicia");
        assertEquals(Optional.of("alice"), names.of(7));
        now += Duration.ofSeconds(1).toNanos();
        assertEquals(Optional.of("alicia"), names.of(7));
        assertEquals(2, asked);
    }

    @Test
    void asksAgainForWhatWasNotThereAndForgetsWhatIsGone() {
        answer = Optional.empty();
        assertEquals(Optional.empty(), names.of(7));
        answer = Optional.of("alice");
        assertEquals(Optional.of("alice"), names.of(7));
        now += Duration.ofMinutes(2).toNanos();
        answer = Optional.empty();
        assertEquals(Optional.empty(), names.of(7));
        assertEquals(3, asked);
    }

    @Test
    void numbersThatAreMadeUpFillNothing() {
        for (int i = 0; i < 10 * Remembered.MOST; i++) {
            names.of(i);
        }
        int before = asked;
        for (int i = 0; i < 10 * Remembered.MOST; i++) {
            names.of(i);
        }
        assertTrue(asked - before >= 9 * Remembered.MOST, "asked " + (asked - before) + " times");
    }
}
