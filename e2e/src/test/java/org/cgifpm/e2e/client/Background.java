package org.cgifpm.e2e.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Clients that go on asking while a test does something to what they ask, a thread each. */
public final class Background implements AutoCloseable {
    /** More than any request of theirs takes. */
    private static final long END_MILLIS = 120_000;

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger good = new AtomicInteger();
    private final Map<String, Integer> bad = new ConcurrentHashMap<>();
    private final List<Thread> threads;

    private Background(List<Load.Client> clients) {
        threads = clients.stream()
                .map(client -> new Thread(() -> ask(client), "background client"))
                .toList();
    }

    public static Background start(List<Load.Client> clients) {
        Background background = new Background(clients);
        background.threads.forEach(Thread::start);
        return background;
    }

    /** Waits for so many more requests that came out as they should. */
    public void awaitMore(int requests, Duration limit) {
        int goal = good.get() + requests;
        Awaitility.await("more requests; those that failed: " + bad)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> good.get() >= goal);
    }

    /** Lets each end its last request; returns what came of those that did not come out as they should. */
    public Map<String, Integer> stop() {
        stopped.set(true);
        try {
            for (Thread thread : threads) {
                thread.join(END_MILLIS);
                if (thread.isAlive()) {
                    throw new AssertionError("a client still waits; others: " + bad);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return new TreeMap<>(bad);
    }

    @Override
    public void close() {
        stopped.set(true);
    }

    private void ask(Load.Client client) {
        for (int number = 0; !stopped.get(); number++) {
            String outcome;
            try {
                outcome = client.ask(number);
            } catch (IOException | RuntimeException | AssertionError e) {
                outcome = e.toString();
            }
            if (outcome.equals(Load.GOOD)) {
                good.incrementAndGet();
            } else {
                bad.merge(outcome, 1, Integer::sum);
            }
        }
    }
}
