package org.cgifpm.daemon.config;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads {@code [pool.NAME.limits]}. The least values are those with which a program still starts. */
final class LimitsSection {
    static final Set<String> KEYS = Set.of(
            "cpu",
            "memory",
            "files",
            "processes",
            "file_size",
            "core",
            "stack",
            "memory_max",
            "pids_max",
            "cpu_weight");
    private static final long SMALLEST_MEMORY = 1 << 20;
    private static final long SMALLEST_STACK = 64 << 10;
    private static final long SMALLEST_FILE = 1 << 10;
    /** What one process may have by default, fs.nr_open. */
    private static final int MOST_FILES = 1 << 20;
    /** The kernel's largest pid_max. */
    private static final int MOST_PROCESSES = 1 << 22;

    private LimitsSection() {}

    static LimitSettings read(Section limits) {
        Keys.checkTable(limits, KEYS);
        return new LimitSettings(
                cpu(limits),
                limits.optionalSize("memory", SMALLEST_MEMORY),
                limits.optionalInteger("files", 16, MOST_FILES),
                limits.optionalInteger("processes", 1, MOST_PROCESSES),
                limits.optionalSize("file_size", SMALLEST_FILE),
                limits.optionalSize("core", 0).orElse(0),
                limits.optionalSize("stack", SMALLEST_STACK),
                limits.optionalSize("memory_max", SMALLEST_MEMORY),
                limits.optionalInteger("pids_max", 1, MOST_PROCESSES),
                limits.optionalInteger("cpu_weight", 1, 10_000));
    }

    /** The kernel counts whole seconds. */
    private static Optional<Duration> cpu(Section limits) {
        if (!limits.has("cpu")) {
            return Optional.empty();
        }
        Duration cpu = limits.duration("cpu", Duration.ofSeconds(1), true);
        if (cpu.isZero() || cpu.toMillis() % 1000 != 0) {
            limits.problem(
                    "cpu",
                    Wording.quote(DurationText.format(cpu))
                            + " is not a number of whole seconds; write at least \"1s\", or remove the key for no limit");
            return Optional.empty();
        }
        return Optional.of(cpu);
    }
}
