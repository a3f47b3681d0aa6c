package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that take several requests at once, and what they say about that. */
class ConcurrencyTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void givesAWorkerAsManyRequestsAtOnceAsThePoolSays() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.concurrency(4), "threads")) {
            List<RelayedRequest> requests = all(stand, "meet:4", 8);

            for (RelayedRequest request : requests) {
                assertEquals("met", request.ok());
            }
            assertEquals(1, stand.logged("start"));
            assertTrue(stand.logged("accept") >= 8, () -> "a kept connection may hold up the others");
            assertEquals(0, stand.logged("asked"), "what the pool knows");
        }
    }

    @Test
    void givesAWorkerNoMoreThanThat() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.concurrency(2), "threads")) {
            List<RelayedRequest> requests = all(stand, "wait:go", 3);
            stand.awaitLogged("waiting", 2);
            stand.onLoop(() -> {});

            assertEquals(1, stand.group().waiting());
            assertEquals(2, stand.logged("waiting"));
            stand.make("go");
            for (RelayedRequest request : requests) {
                assertEquals("waited", request.ok());
            }
        }
    }

    @Test
    void fillsTheOneWithTheLeastToDo() throws Exception {
        Settings settings = Settings.USUAL.policy(new Static(2), 2).concurrency(4);
        try (WorkerStand stand = new WorkerStand(folder, settings, "threads")) {
            stand.open();
            WorkerStand.await(() -> assertEquals(2, stand.group().idle()));
            List<RelayedRequest> requests = all(stand, "wait:go", 4);
            stand.awaitLogged("waiting", 4);

            int pid = EndTest.pid(requests.get(0));
            assertEquals(2, stand.logged("waiting " + pid), stand.log()::toString);
            stand.make("go");
            for (RelayedRequest request : requests) {
                request.ok();
            }
        }
    }

    @Test
    void servesAnApplicationThatForksChildrenWhichAcceptThemselves() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.concurrency(3), "fork=3")) {
            for (RelayedRequest request : all(stand, "wait:go", 3)) {
                assertFalse(request.exchange.answered());
            }
            stand.awaitLogged("waiting", 3);
            stand.make("go");
            assertEquals("hello ", stand.body("hello"));
            assertEquals(4, stand.alive().size());
        }
    }

    @Test
    void sendsSeveralRequestsOverOneConnectionAndTellsTheirAnswersApart() throws Exception {
        Settings settings = Settings.USUAL.asking();
        try (WorkerStand stand = new WorkerStand(folder, settings, "multiplex", "values=mpxs", "reqs=3", "conns=1")) {
            assertEquals("hello", stand.body("hello"));
            WorkerStand.await(() -> assertEquals(List.of(3), stand.concurrencies));
            List<RelayedRequest> requests = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                requests.add(stand.get(name));
            }

            assertEquals("a", requests.get(0).ok());
            assertEquals("b", requests.get(1).ok());
            assertEquals("c", requests.get(2).ok());
            assertEquals(1, stand.logged("accept"));
            assertEquals(
                    List.of("answers 4", "answers 3", "answers 2"),
                    stand.log().stream()
                            .filter(line -> line.startsWith("answers"))
                            .toList());
        }
    }

    @Test
    void asksTheWorkerToAbortWhereOthersShareTheConnection() throws Exception {
        Settings settings = Settings.USUAL.asking();
        try (WorkerStand stand = new WorkerStand(folder, settings, "multiplex", "values=mpxs", "reqs=3", "conns=1")) {
            stand.body("hello");
            WorkerStand.await(() -> assertEquals(List.of(3), stand.concurrencies));
            RelayedRequest first = stand.get("a");
            RelayedRequest second = stand.get("b");
            stand.awaitLogged("request", 3);
            stand.onLoop(() -> first.exchange.abort("the client went"));

            assertEquals(Outcome.CLIENT_GONE, first.outcome().status());
            assertEquals(1, stand.logged("aborted"));
            stand.body("go");
            assertEquals("b", second.ok());
            assertEquals(1, stand.logged("accept"));
        }
    }

    @Test
    void losesAllRequestsOfAConnectionThatIsBrokenAndTriesThemOnce() throws Exception {
        Settings settings = Settings.USUAL.asking();
        try (WorkerStand stand = new WorkerStand(folder, settings, "multiplex", "values=mpxs", "reqs=2", "conns=1")) {
            stand.body("hello");
            WorkerStand.await(() -> assertEquals(List.of(2), stand.concurrencies));
            RelayedRequest good = stand.get("a");
            RelayedRequest posted = stand.post("wrong", "");

            assertEquals(502, posted.answer().status());
            stand.awaitLogged("start", 2);
            RelayedRequest other = stand.get("b");
            assertEquals("a", good.ok());
            assertEquals("b", other.ok());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"single", "ignore", "close"})
    void givesOneRequestAtATimeToAWorkerThatSaysNothingElse(String how) throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.asking(), "values=" + how)) {
            for (int i = 0; i < 5; i++) {
                assertEquals("hello ", stand.body("hello"));
            }
            List<RelayedRequest> requests = all(stand, "wait:go", 2);
            stand.awaitLogged("waiting", 1);
            stand.onLoop(() -> {});
            assertEquals(1, stand.group().waiting());
            stand.make("go");
            for (RelayedRequest request : requests) {
                assertEquals("waited", request.ok());
            }
            assertEquals(1, stand.logged("asked"), "asked once");
            assertEquals(1, stand.logged("start"));
            assertEquals(List.of(), stand.concurrencies);
        }
    }

    @Test
    void doesNotDisturbTheOtherRequestsOfAWorkerWhoseConnectionBreaks() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.concurrency(4), "threads")) {
            RelayedRequest waits = stand.post("wait:go", "");
            stand.awaitLogged("waiting", 1);
            assertEquals(502, stand.post("close:before", "").answer().status());
            assertEquals("hello ", stand.body("hello"));
            stand.make("go");

            assertEquals("waited", waits.ok());
            assertEquals(1, stand.logged("start"));
        }
    }

    @Test
    void letsTheOtherRequestsOfABrokenWorkerFinish() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.concurrency(4), "threads")) {
            RelayedRequest waits = stand.post("wait:go", "");
            stand.awaitLogged("waiting", 1);
            assertEquals(502, stand.post("wrong:id", "").answer().status());
            String next = stand.body("pid");
            stand.make("go");

            assertEquals("waited", waits.ok());
            assertNotEquals(Integer.toString(EndTest.pid(waits)), next);
            WorkerStand.await(() -> assertEquals(1, stand.alive().size()));
        }
    }

    private static List<RelayedRequest> all(WorkerStand stand, String query, int count) throws Exception {
        List<RelayedRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(stand.get(query));
        }
        return requests;
    }
}
