package org.cgifpm.daemon.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code [pool.NAME.limits]}: what one process of a pool may use, and with a control group what the pool may. Nothing
 * is limited that is not set, but for {@code core} (0) and {@code files} (soft 1024).
 *
 * @param cpu processor time of a process, whole seconds
 * @param memory address space of a process, bytes
 * @param files descriptors of a process
 * @param processes of the user, over everything that runs as that user
 * @param fileSize bytes
 * @param core bytes
 * @param stack bytes
 * @param memoryMax memory.max of the pool's control group, bytes
 * @param pidsMax pids.max of the pool's control group
 * @param cpuWeight cpu.weight of the pool's control group, 1 to 10000
 */
public record LimitSettings(
        Optional<Duration> cpu,
        OptionalLong memory,
        OptionalInt files,
        OptionalInt processes,
        OptionalLong fileSize,
        long core,
        OptionalLong stack,
        OptionalLong memoryMax,
        OptionalInt pidsMax,
        OptionalInt cpuWeight) {
    public static final LimitSettings DEFAULT = new LimitSettings(
            Optional.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            0,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            OptionalInt.empty());
}
