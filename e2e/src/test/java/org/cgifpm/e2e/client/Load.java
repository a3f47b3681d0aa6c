package org.cgifpm.e2e.client;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Many clients that ask at the same time, a thread each, until so many requests have been made. */
public final class Load {
    /** What came of a request that came out as it should. */
    public static final String GOOD = "good";

    /** One of the clients; only its own thread uses it. */
    @FunctionalInterface
    public interface Client extends AutoCloseable {
        /** Makes the request of that number and says what came of it: {@link #GOOD}, or anything else in a few words. */
        String ask(int number) throws IOException;

        @Override
        default void close() throws IOException {}
    }

    private Load() {}

    /**
     * Runs the load to its end.
     *
     * @param clients makes the client of each number, from 0
     * @return what came of the requests, and of how many
     */
    public static Map<String, Integer> run(int clients, int requests, IntFunction<Client> each) {
        AtomicInteger next = new AtomicInteger();
        Map<String, Integer> outcomes = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            var loops = IntStream.range(0, clients)
                    .mapToObj(index -> threads.submit(() -> loop(each.apply(index), next, requests, outcomes)))
                    .toList();
            for (Future<?> loop : loops) {
                loop.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            threads.shutdownNow();
        }
        return new TreeMap<>(outcomes);
    }

    private static void loop(Client client, AtomicInteger next, int requests, Map<String, Integer> outcomes) {
        for (int number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
            outcomes.merge(outcome(client, number), 1, Integer::sum);
        }
        try {
            client.close();
        } catch (IOException e) {
            outcomes.merge("close: " + e, 1, Integer::sum);
        }
    }

    private static String outcome(Client client, int number) {
        try {
            return client.ask(number);
        } catch (IOException | RuntimeException | AssertionError e) {
            try {
                client.close();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            return e.toString();
        }
    }
}
