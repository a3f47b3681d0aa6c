package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker dies over a request. */
class RetryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
    void triesAnIdempotentRequestOnceMoreWithAnotherWorker(String method) throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest request = stand.serve(stand.exchange(method, "kill_once:died", ""));

            assertEquals(method.equals("HEAD") ? "" : "survived", request.ok());
            assertEquals(2, stand.logged("start"));
        }
    }

    @Test
    void triesAlsoWhenTheWorkerOnlyClosedItsConnection() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            assertEquals("survived", stand.body("close_once:closed"));
            assertEquals(1, stand.logged("start"), "the worker lives");
        }
    }

    @Test
    void sendsASmallBodyAgain() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            stand.make("died-go");
            FakeExchange exchange = stand.exchange("PUT", "kill_at_once:died", "x".repeat(16_000));

            assertEquals("16000", stand.serve(exchange).ok());
        }
    }

    @ParameterizedTest(name = "{0} bytes come between the two workers")
    @ValueSource(ints = {0, 1, 10_000, 1_000_000})
    void sendsABodyOfWhichTheRestComesLater(int later) throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL, "exit-while=broken")) {
            FakeExchange exchange = stand.exchange("PUT", "kill_at_once:died", "x".repeat(15_000));
            exchange.body().unfinished = true;
            RelayedRequest request = stand.serve(exchange);
            WorkerStand.await(() -> assertTrue(stand.made("died")));
            stand.make("broken");
            stand.make("died-go");
            stand.awaitLogged("start", 2); // which fails: the request waits for the next

            stand.onLoop(() -> exchange.body().arrive("y".repeat(later).getBytes(StandardCharsets.ISO_8859_1), true));
            stand.remove("broken");

            assertEquals(Integer.toString(15_000 + later), request.ok());
        }
    }

    @Test
    void cannotSendABodyAgainThatWasTooLargeToKeep() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            FakeExchange exchange = stand.exchange("PUT", "kill_once:died", "x".repeat(20_000));

            assertEquals(502, stand.serve(exchange).answer().status());
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "get", "LOCK"})
    void triesNothingTwiceThatMayNotBe(String method) throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            stand.body("hello");
            RelayedRequest request = stand.serve(stand.exchange(method, "kill_once:died", ""));

            assertEquals(502, request.answer().status());
            assertEquals(
                    "the worker closed the connection before it answered",
                    request.outcome().problem());
            assertEquals(1, stand.logged("request") - 1, "it was given to one worker");
            assertEquals("survived", stand.body("kill_once:died"), "the pool goes on");
        }
    }

    @Test
    void doesNotTryWhereThePoolSaysSo() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.withoutRetry())) {
            assertEquals(502, stand.get("kill_once:died").answer().status());
        }
    }

    @Test
    void doesNotTryAThirdTime() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest request = stand.get("kill:SIGSEGV-before");

            assertEquals(502, request.answer().status());
            assertEquals(2, stand.logged("request"));
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void cutsAnAnswerWhoseWorkerDiesInItsMiddle() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            for (String action : List.of("kill:SIGKILL-middle", "kill:SIGSEGV-middle", "close:middle")) {
                RelayedRequest request = stand.get(action);

                assertEquals(End.CUT, request.answer().end());
                assertEquals("some", request.answer().body());
                assertEquals(Ending.CUT, request.ending);
            }
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void losesNoRequestToAWorkerThatHasHadEnough() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.workers(3), "max=5")) {
            List<RelayedRequest> requests = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                requests.add(i % 2 == 0 ? stand.post("count", "four") : stand.get("hello:" + i));
                if (i >= 8) {
                    requests.get(i - 8).ok();
                }
                assertTrue(stand.workers() <= 3, "more workers than there may be");
            }
            for (int i = 0; i < 300; i++) {
                assertEquals(i % 2 == 0 ? "4" : "hello " + i, requests.get(i).ok());
            }
            assertTrue(stand.logged("start") >= 60, () -> "few restarts");
        }
    }

    @Test
    void letsTheNextProcessTakeWhatTheLastHadNotAccepted() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.concurrency(4), "close")) {
            RelayedRequest last = stand.post("wait:go", "1");
            stand.awaitLogged("waiting", 1);
            RelayedRequest second = stand.post("count", "22");
            RelayedRequest third = stand.post("count", "333");
            RelayedRequest exits = stand.post("exit:0", "");
            stand.make("go");

            assertEquals("waited", last.ok());
            assertEquals("2", second.ok());
            assertEquals("3", third.ok());
            assertEquals(502, exits.answer().status());
        }
    }

    @Test
    void handsOnWhatTheLastHadNotAcceptedWhenItIsKilled() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.concurrency(4), "close")) {
            stand.body("hello");
            RelayedRequest exits = stand.post("exit:0", "");
            RelayedRequest second = stand.post("count", "22");
            RelayedRequest third = stand.post("count", "333");

            assertEquals(502, exits.answer().status());
            assertEquals("2", second.ok());
            assertEquals("3", third.ok());
        }
    }

    @Test
    void refusesWhatWasHandedOnWhenNoOtherProcessCanBeStarted() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.concurrency(4), "close", "exit-while=broken")) {
            RelayedRequest first = stand.post("wait:go", "");
            stand.awaitLogged("waiting", 1);
            RelayedRequest second = stand.post("count", "22");
            stand.make("broken");
            int pid = EndTest.pid(first);
            EndTest.signal("KILL", pid);

            assertEquals(502, first.answer().status());
            assertEquals(502, second.answer().status());
        }
    }
}
