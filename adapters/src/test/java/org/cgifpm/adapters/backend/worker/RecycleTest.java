package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers that have served long enough are replaced, and no request notices. */
class RecycleTest {
    private static final int AT_ONCE = 8;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest(name = "max_requests {0}, {1} workers, {2} at once in each")
    @CsvSource({"10, 4, 1", "1, 4, 1", "10, 2, 4"})
    void failsNoRequestWhileWorkersAreReplaced(int maxRequests, int workers, int concurrency) throws Exception {
        Settings settings = Settings.USUAL
                .always(workers)
                .recycle(new RecyclePolicy(maxRequests, 0, 0))
                .concurrency(concurrency);
        String[] arguments = concurrency > 1 ? new String[] {"threads"} : new String[0];
        int total = maxRequests == 1 ? 60 : 300;
        try (WorkerStand stand = new WorkerStand(folder, settings, arguments)) {
            stand.open();
            List<RelayedRequest> requests = new ArrayList<>();
            for (int i = 0; i < total; i++) {
                requests.add(i % 3 == 0 ? stand.post("count", "four") : stand.get("hello:" + i));
                if (i >= AT_ONCE) {
                    requests.get(i - AT_ONCE).ok();
                }
            }
            for (int i = 0; i < total; i++) {
                assertEquals(i % 3 == 0 ? "4" : "hello " + i, requests.get(i).ok());
            }
            long starts = stand.logged("start");
            assertTrue(starts >= total / (maxRequests + concurrency), () -> "only " + starts + " processes");
            assertEquals(List.of(), stand.warnings);
            assertEquals(total, stand.logged("request"), "each was given to one worker");
            WorkerStand.await(() -> assertEquals(workers, stand.group().idle()));
        }
    }

    @Test
    void replacesAWorkerThatIsOldEnough() throws Exception {
        Settings settings = Settings.USUAL.recycle(new RecyclePolicy(0, Settings.millis(300), 0));
        try (WorkerStand stand = new WorkerStand(folder, settings)) {
            String before = stand.body("pid");
            WorkerStand.await(() -> assertNotEquals(before, stand.body("pid")));
            assertTrue(stand.infos.get(0).contains("max_lifetime"), stand.infos::toString);
        }
    }

    @Test
    void replacesAWorkerThatHasGrown() throws Exception {
        Settings settings = Settings.USUAL.recycle(new RecyclePolicy(0, 0, 60_000_000));
        try (WorkerStand stand = new WorkerStand(folder, settings)) {
            String before = stand.body("memory:100000000");
            WorkerStand.await(() -> assertNotEquals(before, stand.body("pid")));
            assertTrue(stand.infos.get(0).contains("max_memory"), stand.infos::toString);
        }
    }

    /** Every request is answered, and only those fail that were on a worker which was killed or frozen. */
    @Test
    void survivesWorkersThatAreKilledAndFrozenAtRandom() throws Exception {
        long seed = System.nanoTime();
        System.out.println("RecycleTest seed " + seed);
        Random random = new Random(seed);
        Settings settings = Settings.USUAL.always(4).requestTimeout(Settings.seconds(1));
        try (WorkerStand stand = new WorkerStand(folder, settings)) {
            stand.open();
            List<RelayedRequest> requests = new ArrayList<>();
            int killed = 0;
            for (int i = 0; i < 400; i++) {
                requests.add(random.nextBoolean() ? stand.post("count", "four") : stand.get("hello:" + i));
                if (i >= AT_ONCE) {
                    requests.get(i - AT_ONCE).answer();
                }
                List<Integer> alive = List.copyOf(stand.alive());
                if (i % 20 == 19 && !alive.isEmpty()) {
                    killed++;
                    String signal = List.of("KILL", "SEGV", "STOP").get(random.nextInt(3));
                    EndTest.signal(signal, alive.get(random.nextInt(alive.size())));
                }
            }
            int failed = 0;
            for (RelayedRequest request : requests) {
                int status = request.answer().status();
                assertTrue(List.of(200, 502, 504).contains(status), () -> "status " + status);
                failed += status == 200 ? 0 : 1;
            }
            assertTrue(failed <= killed, failed + " failed of " + killed + " killed");
            WorkerStand.await(() -> assertTrue(stand.quiet()));
            // Those that were frozen without a request are found out by the next that they get.
            for (int i = 0; i < 8; i++) {
                stand.get("hello").answer();
            }
            WorkerStand.await(() -> assertEquals(4, stand.workers()));
        }
    }
}
