package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that end before their time: the client goes, the time is up, an operator or the daemon ends them. */
class EndTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void keepsThePlaceOfARequestWhoseClientWentUntilTheWorkerIsFree() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest request = stand.get("wait:go");
            stand.awaitLogged("waiting", 1);
            stand.onLoop(() -> request.exchange.abort("the client went"));
            RelayedRequest next = stand.get("hello");
            for (int i = 0; i < 20; i++) {
                stand.onLoop(() -> {});
            }

            assertEquals(Ending.CLIENT_GONE, request.ending);
            assertFalse(request.over(), "the worker is still at it");
            assertFalse(next.exchange.answered());
            stand.make("go");
            assertEquals("hello ", next.ok());
            Outcome outcome = request.outcome();
            assertEquals(Outcome.CLIENT_GONE, outcome.status());
            assertEquals("the client went", outcome.problem());
            assertFalse(outcome.complete());
            assertEquals(1, stand.logged("start"), "the worker is as good as before");
        }
    }

    @Test
    void replacesAWorkerThatNeverComesBackFromARequestWhoseClientWent() throws Exception {
        Settings settings = Settings.USUAL.requestTimeout(0).startupTimeout(Settings.seconds(2));
        try (WorkerStand stand = new WorkerStand(folder, settings)) {
            RelayedRequest request = stand.get("wait:never");
            stand.awaitLogged("waiting", 1);
            stand.onLoop(() -> request.exchange.abort("the client went"));

            assertEquals(Outcome.CLIENT_GONE, request.outcome().status());
            assertEquals("the client went", request.outcome().problem());
            assertEquals(1, stand.warnings.size());
            assertTrue(stand.warnings.get(0).endsWith("accepted no connection within 2.0 s"), stand.warnings.get(0));
            assertEquals("hello ", stand.body("hello"), "its place is free");
            assertEquals(2, stand.logged("start"));
        }
    }

    @Test
    void letsAWorkerFinishWhereThePoolSaysSo() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.finishing())) {
            RelayedRequest request = stand.get("pause:go");
            WorkerStand.await(() -> assertEquals(6, request.exchange.bytesWritten()));
            stand.onLoop(() -> request.exchange.abort("the client went"));
            assertFalse(request.over());
            stand.make("go");

            assertEquals(200, request.outcome().status());
            assertFalse(request.outcome().complete());
            assertEquals("hello ", stand.body("hello"));
            assertEquals(1, stand.logged("accept"), "the connection is as good as before");
        }
    }

    @Test
    void letsNoWorkerFinishThatGotHalfOfItsInput() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.finishing())) {
            FakeExchange exchange = stand.exchange("POST", "count", "half");
            exchange.body().unfinished = true;
            RelayedRequest request = stand.serve(exchange);
            stand.awaitLogged("request", 1);
            stand.onLoop(() -> exchange.abort("the client went"));

            assertEquals(Outcome.CLIENT_GONE, request.outcome().status());
            assertEquals("hello ", stand.body("hello"));
            assertEquals(1, stand.logged("start"));
        }
    }

    @Test
    void forgetsARequestWhoseClientWentBeforeItsConnectionWasAccepted() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.concurrency(4), "close")) {
            RelayedRequest first = stand.post("wait:go", "");
            stand.awaitLogged("waiting", 1);
            RelayedRequest second = stand.post("count", "22");
            stand.onLoop(() -> second.exchange.abort("the client went"));
            assertEquals(Ending.CLIENT_GONE, second.ending);
            stand.make("go");

            assertEquals("waited", first.ok());
            assertEquals(Outcome.CLIENT_GONE, second.outcome().status());
            assertEquals("hello ", stand.body("hello"));
            assertEquals(1, stand.logged("start"));
        }
    }

    @Test
    void forgetsARequestWhoseClientWentWhileItWasHandedOn() throws Exception {
        Settings settings = Settings.USUAL.concurrency(4);
        try (WorkerStand stand = new WorkerStand(folder, settings, "close", "exit-while=broken")) {
            RelayedRequest first = stand.post("wait:go", "");
            stand.awaitLogged("waiting", 1);
            RelayedRequest second = stand.post("count", "22");
            RelayedRequest third = stand.post("count", "333");
            stand.make("broken");
            signal("KILL", pid(first));
            stand.awaitLogged("start", 3);
            stand.onLoop(() -> second.exchange.abort("the client went"));
            stand.remove("broken");

            assertEquals(Outcome.CLIENT_GONE, second.outcome().status());
            assertEquals(502, first.answer().status());
            assertEquals("3", third.ok());
        }
    }

    @Test
    void forgetsARequestWhoseClientWentBeforeAWorkerHadIt() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL, "after=go")) {
            RelayedRequest request = stand.get("hello");
            stand.awaitLogged("start", 1);
            stand.onLoop(() -> request.exchange.abort("the client went"));
            assertEquals(Outcome.CLIENT_GONE, request.outcome().status());
            stand.make("go");

            assertEquals("hello ", stand.body("hello"));
            assertEquals(1, stand.logged("request"));
        }
    }

    @Test
    void freesThePlaceOfARequestWhoseClientWentWhenItsWorkerDies() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest request = stand.get("wait:go");
            stand.awaitLogged("waiting", 1);
            int pid = pid(request);
            stand.onLoop(() -> request.exchange.abort("the client went"));
            signal("KILL", pid);

            assertEquals(Outcome.CLIENT_GONE, request.outcome().status());
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void replacesAWorkerThatIsStillAtARequestOfNobodyWhenItsTimeIsUp() throws Exception {
        Settings hasty = Settings.USUAL.requestTimeout(Settings.millis(700));
        try (WorkerStand stand = new WorkerStand(folder, hasty)) {
            RelayedRequest request = stand.get("sleep:600");
            stand.awaitLogged("request", 1);
            stand.onLoop(() -> request.exchange.abort("the client went"));

            request.outcome();
            assertEquals("hello ", stand.body("hello"));
            assertEquals(2, stand.logged("start"));
        }
    }

    @Test
    void answersATooLargeBodyWith413() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            FakeExchange exchange = stand.exchange("POST", "count", "much");
            exchange.body().unfinished = true;
            RelayedRequest request = stand.serve(exchange);
            stand.awaitLogged("request", 1);
            stand.onLoop(exchange::bodyTooLarge);

            assertEquals(413, request.answer().status());
            assertEquals(Ending.REFUSED, request.ending);
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void answersWith504AndReplacesAFrozenWorkerAtOnce() throws Exception {
        Settings hasty = Settings.USUAL.requestTimeout(Settings.millis(600));
        try (WorkerStand stand = new WorkerStand(folder, hasty, "deaf")) {
            String before = stand.body("pid");
            RelayedRequest request = stand.get("stop");

            assertEquals(504, request.answer().status());
            assertTrue(String.valueOf(request.outcome().problem()).startsWith("request_timeout"));
            long begun = System.nanoTime();
            assertNotEquals(before, stand.body("pid"));
            assertTrue(System.nanoTime() - begun < Settings.seconds(5), "it took too long");
        }
    }

    @Test
    void countsTheTimeOfBothTriesTogether() throws Exception {
        Settings hasty = Settings.USUAL.requestTimeout(Settings.seconds(1));
        try (WorkerStand stand = new WorkerStand(folder, hasty)) {
            stand.make("died-go");
            FakeExchange exchange = stand.exchange("PUT", "kill_at_once:died", "x");
            exchange.body().unfinished = true;

            assertEquals(504, stand.serve(exchange).answer().status());
        }
    }

    @Test
    void cutsAnAnswerThatStandsStillForIdleTimeout() throws Exception {
        Settings idle = Settings.USUAL.idleTimeout(Settings.millis(400));
        try (WorkerStand stand = new WorkerStand(folder, idle)) {
            RelayedRequest silent = stand.get("wait:never");
            assertEquals(504, silent.answer().status());
            assertTrue(String.valueOf(silent.outcome().problem()).startsWith("idle_timeout"));
            RelayedRequest pausing = stand.get("pause:never");
            assertEquals(End.CUT, pausing.answer().end());
            assertEquals("first ", pausing.answer().body());
            assertEquals(Ending.TIMEOUT, pausing.ending);
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void doesNotTakeAWorkerForIdleWhileItsReaderIsSlow() throws Exception {
        Settings idle = Settings.USUAL.requestTimeout(Settings.millis(900)).idleTimeout(Settings.seconds(20));
        try (WorkerStand stand = new WorkerStand(folder, idle)) {
            FakeExchange exchange = stand.exchange("GET", "big:3000000", "");
            exchange.stalled = true;
            RelayedRequest request = stand.serve(exchange);

            assertEquals(End.CUT, request.answer().end());
            assertTrue(String.valueOf(request.outcome().problem()).startsWith("request_timeout"));
        }
    }

    @Test
    void endsOneRequestForAnOperator() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.workers(2))) {
            RelayedRequest request = stand.get("wait:go");
            RelayedRequest other = stand.get("wait:go");
            stand.awaitLogged("waiting", 2);
            int pid = pid(request);

            assertTrue(stand.running.call(() -> stand.backend.terminate(request.exchange.id())));
            assertFalse(stand.running.call(() -> stand.backend.terminate(request.exchange.id())));
            assertEquals(500, request.answer().status());
            assertEquals(Ending.CUT, request.ending);
            WorkerStand.await(() -> assertFalse(stand.alive().contains(pid)));
            stand.make("go");
            assertEquals("waited", other.ok());
        }
    }

    @Test
    void endsAWaitingRequestForAnOperator() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL, "after=go")) {
            RelayedRequest request = stand.get("hello");
            stand.awaitLogged("start", 1);

            assertTrue(stand.running.call(() -> stand.backend.terminate(request.exchange.id())));
            assertEquals(500, request.answer().status());
            stand.make("go");
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void endsAllWorkersOfAUser() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.workers(3))) {
            RelayedRequest first = stand.get("wait:go");
            RelayedRequest second = stand.get("wait:go");
            stand.awaitLogged("waiting", 2);
            stand.body("hello");

            assertEquals(0, stand.running.call(() -> stand.backend.terminateUser(4711)));
            assertEquals(2, stand.running.call(() -> stand.backend.terminateUser(0)));
            assertEquals(500, first.answer().status());
            assertEquals(500, second.answer().status());
            WorkerStand.await(() -> assertEquals(Set.of(), stand.alive()));
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void letsBusyWorkersFinishWhenTheDaemonStops() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.always(3))) {
            stand.open();
            RelayedRequest request = stand.get("wait:go");
            stand.awaitLogged("waiting", 1);
            WorkerStand.await(() -> assertEquals(2, stand.group().idle()));

            stand.onLoop(stand.backend::stop);
            WorkerStand.await(() -> assertEquals(1, stand.alive().size()));
            assertFalse(stand.running.call(stand.backend::idle));
            stand.make("go");
            assertEquals("waited", request.ok());
            stand.awaitNothingLeft();
            assertEquals(3, stand.logged("start"));
        }
    }

    @Test
    void servesWhatWaitsWhenTheDaemonStops() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest first = stand.get("wait:go");
            stand.awaitLogged("waiting", 1);
            RelayedRequest second = stand.get("hello");
            stand.onLoop(stand.backend::stop);
            stand.make("go");

            assertEquals("waited", first.ok());
            assertEquals("hello ", second.ok());
            stand.awaitNothingLeft();
        }
    }

    @Test
    void handsOnToASuccessorAlsoWhileTheDaemonStops() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.concurrency(4), "close", "max=1")) {
            RelayedRequest first = stand.post("wait:go", "");
            stand.awaitLogged("waiting", 1);
            RelayedRequest second = stand.post("count", "22");
            stand.onLoop(stand.backend::stop);
            stand.make("go");

            assertEquals("waited", first.ok());
            assertEquals("2", second.ok());
            stand.awaitNothingLeft();
        }
    }

    @Test
    void endsEverythingByTermAndThenByKill() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.workers(2), "deaf")) {
            RelayedRequest first = stand.get("pause:go");
            RelayedRequest second = stand.get("wait:go");
            stand.awaitLogged("request", 2);
            RelayedRequest waiting = stand.get("hello");
            stand.onLoop(stand.backend::terminateAll);

            assertEquals(503, waiting.answer().status());
            assertFalse(second.over());
            stand.onLoop(stand.backend::killAll);
            assertEquals(End.CUT, first.answer().end());
            assertTrue(second.answer().status() >= 500);
            assertEquals(503, stand.get("hello").answer().status(), "one that comes too late");
            stand.awaitNothingLeft();
            assertEquals(2, stand.logged("start"));
        }
    }

    @Test
    void startsNobodyForWhatAKilledWorkerHadNotAccepted() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.concurrency(4), "close")) {
            RelayedRequest first = stand.post("wait:go", "");
            stand.awaitLogged("waiting", 1);
            RelayedRequest second = stand.post("count", "22");
            stand.onLoop(stand.backend::killAll);

            assertTrue(first.answer().status() >= 500);
            assertEquals(503, second.answer().status());
            stand.awaitNothingLeft();
            assertEquals(1, stand.logged("start"));
        }
    }

    @Test
    void endsAWorkerThatIsBeingStartedWhenTheDaemonIsKilled() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL, "never")) {
            RelayedRequest request = stand.get("hello");
            stand.onLoop(stand.backend::killAll);

            assertEquals(503, request.answer().status());
            stand.awaitNothingLeft();
        }
    }

    static int pid(RelayedRequest request) {
        return Objects.requireNonNull(request.started, "it has no worker").pid();
    }

    /** Sends it, if there is still such a process. */
    static void signal(String name, int pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Integer.toString(pid))
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }
}
