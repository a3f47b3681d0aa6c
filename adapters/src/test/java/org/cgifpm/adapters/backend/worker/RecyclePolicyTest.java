package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecyclePolicyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MEGABYTE = 1 << 20;

    @ParameterizedTest(name = "{0} served, {1} s old, {2} MB: {3}")
    @CsvSource({
        "0, 0, 0,",
        "499, 3599, 63,",
        "500, 0, 0, it has served 500 requests (max_requests)",
        "612, 0, 0, it has served 612 requests (max_requests)",
        "0, 3600, 0, it is 3600 s old (max_lifetime)",
        "0, 0, 64, it holds 65536 kB of memory (max_memory)",
        "500, 3600, 64, it has served 500 requests (max_requests)",
    })
    void namesTheLimitThatIsReached(long served, long ageSeconds, long megabytes, @Nullable String reason) {
        RecyclePolicy policy = new RecyclePolicy(500, 3600 * SECOND, 64 * MEGABYTE);

        assertEquals(Optional.ofNullable(reason), policy.reason(served, ageSeconds * SECOND, megabytes * MEGABYTE));
    }

    @Test
    void keepsAWorkerForEverWithoutLimits() {
        RecyclePolicy policy = new RecyclePolicy(0, 0, 0).forWorker(7);

        assertEquals(Optional.empty(), policy.reason(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 9, 10, 11, 500, 100_000, 3600 * SECOND, Long.MAX_VALUE})
    void takesAtMostATenthOffALimit(long limit) {
        for (long number = -1000; number < 1000; number++) {
            RecyclePolicy worker = new RecyclePolicy(limit, limit, limit).forWorker(number);

            assertTrue(worker.maxRequests() <= limit && worker.maxRequests() >= limit - limit / 10, worker::toString);
            assertEquals(worker.maxRequests(), worker.maxLifetimeNanos());
            assertEquals(limit, worker.maxMemoryBytes());
        }
    }

    @Test
    void usesTheWholeTenth() {
        Set<Long> limits = new HashSet<>();
        for (int number = 0; number < 1000; number++) {
            limits.add(new RecyclePolicy(50, 0, 0).forWorker(number).maxRequests());
        }

        assertEquals(Set.of(45L, 46L, 47L, 48L, 49L, 50L), limits);
    }

    @ParameterizedTest(name = "10 workers, the first is number {0}")
    @ValueSource(longs = {0, 1, 77, 1_000_000_007L, Long.MAX_VALUE})
    void keepsTheEndsOfWorkersApartThatWereStartedTogether(long first) {
        TreeSet<Long> ends = new TreeSet<>();
        for (int i = 0; i < 10; i++) {
            ends.add(new RecyclePolicy(0, 1000 * SECOND, 0).forWorker(first + i).maxLifetimeNanos());
        }

        assertEquals(10, ends.size());
        for (long end : ends) {
            Long next = ends.higher(end);
            assertTrue(next == null || next - end > 4 * SECOND, () -> "too near in " + ends);
        }
    }

    @Test
    void givesTheSameWorkerTheSameLimits() {
        RecyclePolicy policy = new RecyclePolicy(500, 3600 * SECOND, 64 * MEGABYTE);

        assertEquals(policy.forWorker(42), policy.forWorker(42));
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, 0", "0, -1, 0", "0, 0, -1"})
    void refusesLimitsBelowZero(long requests, long lifetime, long memory) {
        assertThrows(IllegalArgumentException.class, () -> new RecyclePolicy(requests, lifetime, memory));
    }
}
