package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LaunchThreadsTest {
    private final Syscalls syscalls = new Syscalls();

    @Test
    void leavesTheOthersHalfOfTheThreadsWhenOneKeyBlocksAllItGets() throws Exception {
        LaunchThreads threads = new LaunchThreads(syscalls, 4);
        CountDownLatch hang = new CountDownLatch(1);
        AtomicInteger hanging = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            threads.submit("dead-nfs", spawner -> {
                hanging.incrementAndGet();
                await(hang);
                all.countDown();
            });
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> hanging.get() == 2);
        // Two jobs that wait for each other: both threads that are left work.
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch done = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            threads.submit("alive", spawner -> {
                both.countDown();
                await(both);
                done.countDown();
            });
        }

        assertTrue(done.await(10, TimeUnit.SECONDS));
        assertEquals(2, hanging.get());
        hang.countDown();
        assertTrue(all.await(10, TimeUnit.SECONDS), "the rest of the key's jobs, once its file system answers");
    }

    @Test
    void doesTheJobsOfOneKeyInTheirOrderWhereThereIsOneThread() throws Exception {
        LaunchThreads threads = new LaunchThreads(syscalls, 1);
        List<Integer> order = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            threads.submit("key", spawner -> order.add(number));
        }

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> order.size() == 100);
        assertEquals(order.stream().sorted().toList(), order);
    }

    @Test
    void losesNoThreadToAJobThatThrows() throws Exception {
        AtomicInteger told = new AtomicInteger();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> told.incrementAndGet());
        try {
            LaunchThreads threads = new LaunchThreads(syscalls, 2);
            for (int i = 0; i < 10; i++) {
                threads.submit("key", spawner -> {
                    throw new IllegalStateException("a planner's bug");
                });
            }
            CountDownLatch done = new CountDownLatch(1);
            threads.submit("key", spawner -> done.countDown());

            assertTrue(done.await(10, TimeUnit.SECONDS));
            assertEquals(10, told.get());
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
