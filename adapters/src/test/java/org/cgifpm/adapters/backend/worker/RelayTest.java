package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.testing.FakeBody;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.cgifpm.protocol.fastcgi.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What passes between a request and its worker when neither does anything wrong. */
class RelayTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void startsAWorkerForTheFirstRequestAndRelaysIt() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest request = stand.get("hello:you");

            assertEquals("hello you", request.ok());
            Outcome outcome = request.outcome();
            assertEquals(200, outcome.status());
            assertTrue(outcome.complete());
            assertEquals("/app.py", outcome.script());
            assertEquals(Ending.DONE, request.ending);
            var started = request.started;
            assertTrue(started != null && stand.alive().contains(started.pid()), () -> "told of " + started);
        }
    }

    @Test
    void keepsTheProcessAndItsConnection() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            String first = stand.body("pid");
            for (int i = 0; i < 20; i++) {
                assertEquals(first, stand.body("pid"));
            }

            assertEquals(1, stand.logged("start"));
            assertEquals(1, stand.logged("accept"));
        }
    }

    @Test
    void passesParamsOnHoweverLargeTheyAre() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            String large = "\u00e9".repeat(200_000);
            FakeExchange exchange = stand.exchange("GET", "param:HTTP_COOKIE", "");
            exchange.params().add("HTTP_COOKIE", large);

            assertEquals(large, stand.serve(exchange).ok());
        }
    }

    @Test
    void echoesALargeBodyToAReaderThatTakesLittleAtATime() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            String body = "0123456789abcde\n".repeat(100_000);
            FakeExchange exchange = stand.exchange("POST", "echo", body);
            exchange.window = 5_000;

            assertEquals(body, stand.serve(exchange).ok());
        }
    }

    @Test
    void sendsAnEmptyBodyWhereThereIsNone() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            assertEquals("0", stand.body("count"));
            assertEquals("5", stand.post("count", "right").ok());
        }
    }

    @Test
    void streamsABodyThatIsStillComing() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            FakeExchange exchange = stand.exchange("POST", "echo", "first,");
            exchange.body().unfinished = true;
            RelayedRequest request = stand.serve(exchange);
            WorkerStand.await(() -> assertEquals(6, exchange.bytesWritten()));

            stand.onLoop(() -> exchange.body().arrive("second".getBytes(StandardCharsets.ISO_8859_1), true));

            assertEquals("first,second", request.ok());
        }
    }

    @Test
    void takesNoMoreOfABodyThanTheWorkerReads() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            FakeExchange exchange = stand.exchange("POST", "slowly:go", "x".repeat(4_000_000));
            RelayedRequest request = stand.serve(exchange);
            stand.awaitLogged("request", 1);

            int taken = stand.running.call(() -> exchange.body().given());
            assertTrue(taken < 1_000_000, () -> taken + " bytes taken");
            stand.make("go");
            assertEquals("4000000", request.ok());
        }
    }

    @Test
    void readsNoMoreOfAnEndlessAnswerThanItsReaderTakes() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.workers(2))) {
            FakeExchange exchange = stand.exchange("GET", "big:3000000", "");
            exchange.stalled = true;
            RelayedRequest request = stand.serve(exchange);
            WorkerStand.await(() -> assertEquals(exchange.window, exchange.bytesWritten()));

            assertEquals("hello ", stand.body("hello"), "another request meanwhile");
            assertEquals(exchange.window, exchange.bytesWritten());
            assertEquals(0, stand.logged("all sent"));
            stand.onLoop(() -> {
                exchange.stalled = false;
                exchange.drain();
            });
            assertEquals(3_000_000, request.ok().length());
        }
    }

    @Test
    void doesNotLookAtAPausedConnectionAgainAndAgain() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            FakeExchange exchange = stand.exchange("GET", "big:3000000", "");
            exchange.stalled = true;
            RelayedRequest request = stand.serve(exchange);
            WorkerStand.await(() -> assertEquals(exchange.window, exchange.bytesWritten()));

            long before = stand.running.call(() -> stand.loop().turns());
            for (int i = 0; i < 20; i++) {
                stand.onLoop(() -> {});
            }
            long turns = stand.running.call(() -> stand.loop().turns()) - before;
            assertTrue(turns <= 60, () -> turns + " turns of the loop");
            stand.onLoop(() -> {
                exchange.stalled = false;
                exchange.drain();
            });
            request.ok();
        }
    }

    @Test
    void answersRequestsOneAfterTheOtherWhereOneWorkerIsAllThereMayBe() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest first = stand.get("wait:go");
            stand.awaitLogged("waiting", 1);
            RelayedRequest second = stand.get("hello");

            assertEquals(1, stand.group().waiting());
            assertFalse(second.exchange.answered());
            stand.make("go");
            assertEquals("waited", first.ok());
            assertEquals("hello ", second.ok());
        }
    }

    @Test
    void logsWhatARequestAndWhatAWorkerSayOfTheirErrors() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            assertEquals("said", stand.body("stderr:2"));
            assertEquals("said", stand.body("own_stderr"));

            WorkerStand.await(() -> assertEquals(
                    List.of("line 0", "line 1", "to its output", "to its error"), List.copyOf(stand.stderr)));
        }
    }

    @Test
    void countsTheErrorBytesOfARequestAndLogsABoundedNumberOfItsLines() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest request = stand.get("stderr:1000");

            assertEquals("said", request.ok());
            assertEquals(8890, request.outcome().stderrBytes());
            assertTrue(stand.stderr.size() < 210, () -> stand.stderr.size() + " lines");
        }
    }

    @Test
    void passesTheApplicationsStatusOn() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest request = stand.get("status:3");

            assertEquals("with status", request.ok());
            assertEquals(3, request.answer().appStatus());
        }
    }

    @Test
    void givesAnAuthorizerNoBodyAndNoSecondRequestOnItsConnection() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            for (int i = 0; i < 2; i++) {
                FakeExchange exchange = stand.exchange("POST", "role", "body");
                exchange.role(Role.AUTHORIZER, null);
                assertEquals("2  ", stand.serve(exchange).ok());
            }
            assertEquals("1 body ", stand.post("role", "body").ok());
        }
    }

    @Test
    void givesAFilterItsFileBehindTheBody() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            for (String body : List.of("body", "")) {
                FakeExchange exchange = stand.exchange("POST", "role", body);
                exchange.role(Role.FILTER, new FakeBody("file".repeat(50_000).getBytes(StandardCharsets.ISO_8859_1)));
                assertEquals(
                        "3 " + body + " " + "file".repeat(50_000),
                        stand.serve(exchange).ok());
            }
            assertEquals("1 body ", stand.post("role", "body").ok());
        }
    }

    @Test
    void takesAnAnswerThatComesBeforeTheBodyWasRead() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            FakeExchange exchange = stand.exchange("POST", "early", "x".repeat(1_000_000));
            assertEquals("early", stand.serve(exchange).ok());

            assertTrue(exchange.body().discarded);
            assertEquals("hello ", stand.body("hello"));
            assertEquals(List.of(), stand.warnings);
        }
    }

    @Test
    void takesAWorkerThatClosesEachConnectionAsItIs() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL, "close")) {
            for (int i = 0; i < 60; i++) {
                assertEquals("hello ", stand.body("hello"));
            }
            assertEquals(1, stand.logged("start"));
            assertEquals(List.of(), stand.warnings);
        }
    }

    @Test
    void tellsThatAWorkerIsOverloadedByA503() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest overloaded = stand.get("refuse:2");
            RelayedRequest other = stand.get("refuse:3");

            assertEquals(503, overloaded.answer().status());
            assertEquals(502, other.answer().status());
            assertEquals(End.COMPLETE, other.answer().end());
            assertEquals("hello ", stand.body("hello"));
        }
    }
}
