package org.cgifpm.systemd;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How often the service manager wants to hear that the daemon is not stuck: sd_watchdog_enabled(3). Pure. */
public final class WatchdogInterval {
    private static final int MICROS_PER_SECOND = 1_000_000;

    private WatchdogInterval() {}

    /**
     * Reads WATCHDOG_USEC and WATCHDOG_PID. Never throws: what makes no sense is taken as if it were not there.
     *
     * @param ownPid the pid of this process: another one's watchdog is not ours
     * @return half of what is allowed, as sd_watchdog_enabled(3) advises; empty where nobody waits for it
     */
    public static Optional<Duration> of(Map<String, String> environment, long ownPid) {
        String pid = environment.get("WATCHDOG_PID");
        if (pid != null && !pid.equals(Long.toString(ownPid))) {
            return Optional.empty();
        }
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        // Fifteen digits are thirty years.
        if (!micros.matches("[0-9]{1,15}")) {
            return Optional.empty();
        }
        long half = Long.parseLong(micros) / 2;
        return half == 0
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(half / MICROS_PER_SECOND, half % MICROS_PER_SECOND * 1000));
    }
}
