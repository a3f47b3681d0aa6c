package org.cgifpm.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchdogIntervalTest {
    private static final long PID = 812;

    @ParameterizedTest
    @CsvSource({"30000000, PT15S", "3000000, PT1.5S", "1, ", "2, PT0.000001S", "999999999999999, PT138888H53M19.999999S"
    })
    void isHalfOfWhatIsAllowed(String micros, @Nullable Duration interval) {
        assertEquals(Optional.ofNullable(interval), of(micros, "812"));
    }

    @Test
    void isThereWhereNoProcessIsNamed() {
        assertEquals(Optional.of(Duration.ofSeconds(15)), of("30000000", null));
    }

    @Test
    void isNotThereForAnotherProcess() {
        assertEquals(Optional.empty(), of("30000000", "813"));
        assertEquals(Optional.empty(), of("30000000", ""));
    }

    @ParameterizedTest
    @CsvSource({"''", "0", "-1", "+5", "1.5", "30s", "1000000000000000", "99999999999999999999"})
    void isNotThereWhereTheTimeMakesNoSense(String micros) {
        assertEquals(Optional.empty(), of(micros, "812"));
    }

    @Test
    void isNotThereWhereNothingIsSaid() {
        assertEquals(Optional.empty(), WatchdogInterval.of(Map.of(), PID));
    }

    private static Optional<Duration> of(String micros, @Nullable String pid) {
        Map<String, String> environment = new HashMap<>();
        environment.put("WATCHDOG_USEC", micros);
        if (pid != null) {
            environment.put("WATCHDOG_PID", pid);
        }
        return WatchdogInterval.of(environment, PID);
    }
}
