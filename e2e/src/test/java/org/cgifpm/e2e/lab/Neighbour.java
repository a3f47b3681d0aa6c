package org.cgifpm.e2e.lab;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A client that asks one thing again and again while something is done to somebody else. Close it: it ends its thread. */
public final class Neighbour implements AutoCloseable {
    /** What was seen so far. */
    public record Seen(int answers, Duration slowest, List<String> failures) {}

    private static final Duration PAUSE = Duration.ofMillis(10);

    private final Callable<@Nullable String> request;
    private final Thread thread = new Thread(this::askOnAndOn, "neighbour");
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicLong slowestNanos = new AtomicLong();
    private volatile boolean done;

    private Neighbour(Callable<@Nullable String> request) {
        this.request = request;
    }

    /** @param request asks once; null if all is well, else what is wrong */
    public static Neighbour asking(Callable<@Nullable String> request) {
        Neighbour neighbour = new Neighbour(request);
        neighbour.thread.start();
        return neighbour;
    }

    /** Since the last call of this. */
    public Seen seen() {
        Seen seen = new Seen(answers.getAndSet(0), Duration.ofNanos(slowestNanos.getAndSet(0)), List.copyOf(failures));
        failures.clear();
        return seen;
    }

    private void askOnAndOn() {
        while (!done) {
            long begin = System.nanoTime();
            try {
                String wrong = request.call();
                if (wrong != null) {
                    failures.add(wrong);
                }
            } catch (Exception | AssertionError e) {
                failures.add(e.toString());
            }
            slowestNanos.accumulateAndGet(System.nanoTime() - begin, Math::max);
            answers.incrementAndGet();
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    @Override
    public void close() {
        done = true;
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
