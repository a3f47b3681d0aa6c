package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {
    private static final int WRITERS = 4;
    private static final int POSTS = 100_000;

    private final FailingLibc libc = new FailingLibc();
    private final Syscalls syscalls = libc.syscalls();
    private final List<Integer> open = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private LoopThread running;

    @BeforeEach
    void start() throws Exception {
        running = new LoopThread(syscalls);
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
        open.forEach(syscalls::close);
    }

    @Test
    void losesNoWakeUpOfFourThreadsThatPostAtOnce() throws Exception {
        AtomicLong seen = new AtomicLong();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Thread(() -> {
                for (int n = 0; n < POSTS; n++) {
                    running.loop.post(seen::incrementAndGet);
                    if (n % 64 == 0) {
                        LockSupport.parkNanos(20_000); // lets the loop fall asleep in between
                    }
                }
            }));
        }
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> seen.get() == (long) WRITERS * POSTS);
    }

    /** There may be no memory to tell of the lack of it. */
    @Test
    void goesOnWhereAFaultCannotEvenBeTold() throws Exception {
        EventLoop loop = new EventLoop(syscalls, fault -> {
            throw new OutOfMemoryError("not really");
        });
        Thread thread = new Thread(loop::run, "loop");
        CountDownLatch after = new CountDownLatch(1);
        try {
            thread.start();
            loop.post(() -> {
                throw new IllegalStateException();
            });
            loop.post(after::countDown);
            assertTrue(after.await(10, TimeUnit.SECONDS));
        } finally {
            loop.post(loop::stop);
            thread.join();
            loop.close();
        }
    }

    @Test
    void wakesForEachSinglePostWhenItSleeps() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            int number = i;
            assertEquals(number, running.call(() -> number));
        }
    }

    @Test
    void runsATaskThatWasHandedOverQuietlyWhenItsDescriptorIsReadable() throws Exception {
        int tries = 1;
        while (!waitsForItsDescriptor()) {
            // The loop had not gone to sleep yet from what came before: there was a turn to do it in.
            assertTrue(tries++ < 20, "nothing asked for a turn");
        }
    }

    private boolean waitsForItsDescriptor() throws Exception {
        int[] pipe = pipe();
        CountDownLatch ran = new CountDownLatch(1);
        long before = running.call(() -> running.loop.turns());
        assertTrue(running.loop.postUntilReadable(pipe[0], ran::countDown));
        if (ran.await(50, TimeUnit.MILLISECONDS)) {
            return false;
        }

        syscalls.write(pipe[1], ByteBuffer.allocateDirect(1));

        assertTrue(ran.await(10, TimeUnit.SECONDS));
        long after = running.call(() -> running.loop.turns());
        assertTrue(after - before <= 4, after - before + " turns: a descriptor that stays readable must wake it once");
        return true;
    }

    @Test
    void watchesADescriptorAnewThatATaskWasHandedOverWith() throws Exception {
        int[] pipe = pipe();
        CountDownLatch told = new CountDownLatch(1);
        assertTrue(running.loop.postUntilReadable(pipe[0], () -> {}));

        Registration registration =
                running.call(() -> running.loop.register(pipe[0], EventLoop.IN, events -> told.countDown()));
        syscalls.write(pipe[1], ByteBuffer.allocateDirect(1));

        assertTrue(told.await(10, TimeUnit.SECONDS));
        running.call(() -> {
            registration.close();
            return true;
        });
    }

    @Test
    void handsNothingOverQuietlyWhereTheKernelCannotWatch() {
        assertFalse(running.loop.postUntilReadable(-1, () -> {
            throw new IllegalStateException("handed over all the same");
        }));
    }

    @Test
    void tellsOfInputAgainUntilItIsTaken() throws Exception {
        int[] pipe = pipe();
        CountDownLatch three = new CountDownLatch(3);
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        Registration registration = running.call(() -> running.loop.register(pipe[0], EventLoop.IN, events -> {
            syscalls.read(pipe[0], one.clear());
            three.countDown();
        }));
        write(pipe[1], 3);

        assertTrue(three.await(10, TimeUnit.SECONDS));
        running.run(registration::close);
    }

    @Test
    void standsStillWhenThePeerOfAPausedDescriptorHasClosed() throws Exception {
        int[] pipe = pipe();
        AtomicInteger told = new AtomicInteger();
        Registration registration =
                running.call(() -> running.loop.register(pipe[0], EventLoop.IN, events -> told.incrementAndGet()));
        running.run(() -> registration.interest(0));
        write(pipe[1], 1);
        syscalls.close(open.remove(1));

        long before = running.call(running.loop::turns);
        long after = afterMillis(100);

        assertEquals(0, told.get());
        assertTrue(after - before <= 3, "turns while nothing happened: " + (after - before));
        running.run(() -> registration.interest(EventLoop.IN));
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> told.get() > 0);
        running.run(registration::close);
    }

    @Test
    void standsStillWhenWhatItNoLongerWatchesStaysOpenAndReadable() throws Exception {
        int[] pipe = pipe();
        Registration registration = running.call(() -> running.loop.register(pipe[0], EventLoop.IN, events -> {}));
        running.run(registration::close);
        write(pipe[1], 1);

        long before = running.call(running.loop::turns);

        assertTrue(afterMillis(50) - before <= 3);
    }

    @Test
    void givesAReusedSlotNoEventOfWhoHadItBefore() throws Exception {
        int[] first = pipe();
        int[] second = pipe();
        int[] third = pipe();
        AtomicInteger stale = new AtomicInteger();
        AtomicInteger fresh = new AtomicInteger();
        // Both pipes are readable when the loop looks: the first handler closes the other's registration and takes its
        // slot for a third pipe, which is empty. What epoll said of the slot was meant for the other.
        running.run(() -> {
            Registration[] both = new Registration[2];
            int[][] pipes = {first, second};
            for (int i = 0; i < 2; i++) {
                int other = 1 - i;
                both[i] = running.loop.register(pipes[i][0], EventLoop.IN, events -> {
                    fresh.incrementAndGet();
                    both[0].close();
                    both[1].close();
                    assertEquals(true, both[other].isClosed());
                    for (int n = 0; n < 2; n++) {
                        try {
                            running.loop.register(third[n], n == 0 ? EventLoop.IN : 0, e -> stale.incrementAndGet());
                        } catch (SyscallException e) {
                            throw new AssertionError(e);
                        }
                    }
                });
            }
            write(first[1], 1);
            write(second[1], 1);
        });
        running.run(() -> {});
        running.run(() -> {});

        assertEquals(1, fresh.get());
        assertEquals(0, stale.get());
    }

    @Test
    void goesOnWhenHandlersTimersAndTasksThrow() throws Exception {
        int[] pipe = pipe();
        running.run(() -> {
            List<Registration> self = new ArrayList<>();
            self.add(running.loop.register(pipe[0], EventLoop.IN, events -> {
                self.get(0).close();
                throw new IllegalStateException("handler");
            }));
            running.loop.schedule(0, () -> {
                throw new IllegalStateException("timer");
            });
            running.loop.atTurnEnd(() -> {
                throw new IllegalStateException("turn end");
            });
            running.loop.post(() -> {
                throw new AssertionError("posted");
            });
        });
        write(pipe[1], 1);

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> running.broken.size() == 4);
        assertEquals(7, running.call(() -> 7));
        running.broken.clear();
    }

    @Test
    void runsTimersInOrderAndNoneThatWasCancelled() throws Exception {
        ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
        running.run(() -> {
            long now = running.loop.now();
            int[] delays = {30, 10, 20, 5, 25};
            for (int delay : delays) {
                running.loop.schedule(delay * EventLoop.MILLIS, () -> {
                    assertTrue(running.loop.now() - now >= delay * EventLoop.MILLIS, "too early: " + delay);
                    order.add(delay);
                });
            }
            running.loop.schedule(15 * EventLoop.MILLIS, () -> order.add(-1)).cancel();
        });

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> order.size() == 5);
        assertEquals(List.of(5, 10, 20, 25, 30), List.copyOf(order));
    }

    @Test
    void runsWhatIsForTheTurnsEndAfterEverythingElseOfTheTurn() throws Exception {
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        running.run(() -> {
            running.loop.atTurnEnd(() -> order.add("end"));
            order.add("task");
        });
        running.run(() -> {});

        assertEquals(List.of("task", "end"), List.copyOf(order));
    }

    @Test
    void refusesADescriptorThatTheKernelHasNoRoomToWatchAndForgetsIt() throws Exception {
        int[] pipe = pipe();
        libc.fail("epoll_ctl", 1, Errno.ENOSPC);

        running.run(() -> {
            var failure = assertThrows(
                    SyscallException.class, () -> running.loop.register(pipe[0], EventLoop.IN, events -> {}));
            assertEquals(Errno.ENOSPC, failure.errno());
        });

        assertTrue(libc.disarm());
        CountDownLatch told = new CountDownLatch(1);
        running.run(() -> {
            List<Registration> self = new ArrayList<>();
            self.add(running.loop.register(pipe[0], EventLoop.IN, events -> {
                self.get(0).close();
                told.countDown();
            }));
        });
        write(pipe[1], 1);
        assertTrue(told.await(10, TimeUnit.SECONDS));
    }

    @Test
    void watchesAgainAsSoonAsTheKernelHasRoomForAPausedDescriptor() throws Exception {
        int[] pipe = pipe();
        CountDownLatch told = new CountDownLatch(1);
        Registration registration = running.call(() -> running.loop.register(pipe[0], 0, events -> told.countDown()));
        write(pipe[1], 1);
        libc.fail("epoll_ctl", 1, Errno.ENOMEM);

        running.run(() -> registration.interest(EventLoop.IN));

        assertTrue(told.await(10, TimeUnit.SECONDS), "nobody asked the kernel again");
        assertTrue(libc.disarm());
        running.run(registration::close);
    }

    @Test
    void triesNoMoreForAPausedDescriptorThatIsClosedMeanwhile() throws Exception {
        int[] pipe = pipe();
        AtomicInteger told = new AtomicInteger();
        Registration registration =
                running.call(() -> running.loop.register(pipe[0], 0, events -> told.incrementAndGet()));
        write(pipe[1], 1);
        libc.fail("epoll_ctl", 1, Errno.ENOMEM);

        running.run(() -> {
            registration.interest(EventLoop.IN);
            registration.close();
        });
        afterMillis(2 * EventLoop.ASK_AGAIN_MILLIS);

        assertTrue(libc.disarm());
        assertEquals(0, told.get());
    }

    @Test
    void hasNoTimeLimitOfItsOwnAndSleepsWhenThereIsNothingToDo() throws Exception {
        long before = running.call(running.loop::turns);

        assertTrue(afterMillis(50) - before <= 3);
    }

    @Test
    void takesAnInterruptedWaitForNoEvent() throws Exception {
        libc.fail("epoll_wait", 1, Errno.EINTR);

        assertEquals(1, running.call(() -> 1));
        assertEquals(2, running.call(() -> 2));
        assertTrue(libc.disarm());
        assertFalse(running.broken.size() > 0);
    }

    /** The loop's turns so many milliseconds from now, measured by a timer of the loop itself. */
    private long afterMillis(long millis) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        AtomicLong turns = new AtomicLong();
        running.run(() -> running.loop.schedule(millis * EventLoop.MILLIS, () -> {
            turns.set(running.loop.turns());
            over.countDown();
        }));
        assertTrue(over.await(10, TimeUnit.SECONDS));
        return turns.get();
    }

    private int[] pipe() throws SyscallException {
        int[] pipe = syscalls.pipe();
        open.add(pipe[0]);
        open.add(pipe[1]);
        return pipe;
    }

    private void write(int fd, int count) {
        assertEquals(count, syscalls.write(fd, ByteBuffer.allocateDirect(count)));
    }
}
