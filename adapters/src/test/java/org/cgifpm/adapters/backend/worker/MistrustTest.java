package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker may send whatever it likes. */
class MistrustTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"id", "id0", "version", "no-record", "short-end", "long-end", "begin", "stdin", "values"})
    void answersWith502AndReplacesAWorkerThatSends(String wrong) throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.workers(2))) {
            RelayedRequest other = stand.get("wait:go");
            stand.awaitLogged("waiting", 1);
            String before = stand.body("pid");
            RelayedRequest request = stand.post("wrong:" + wrong, "body");

            boolean said = wrong.endsWith("-end"); // a head has gone out by then
            assertEquals(said ? 200 : 502, request.answer().status());
            assertEquals(said ? End.CUT : End.COMPLETE, request.answer().end());
            assertTrue(
                    String.valueOf(request.outcome().problem()).contains("protocol"),
                    String.valueOf(request.outcome().problem()));
            assertNotEquals(before, stand.body("pid"));
            WorkerStand.await(() -> assertEquals(
                    1,
                    stand.warnings.stream()
                            .filter(line -> line.contains("is replaced"))
                            .count()));
            stand.make("go");
            assertEquals("waited", other.ok());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"after-end", "end-twice"})
    void keepsTheAnswerThatWasWholeAndReplacesAWorkerThatSendsMore(String wrong) throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            String before = stand.body("pid");

            assertEquals("good", stand.post("wrong:" + wrong, "body").ok());
            assertNotEquals(before, stand.body("pid"));
        }
    }

    @Test
    void cutsAnAnswerInWhoseMiddleTheWorkerBreaksTheProtocol() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest request = stand.post("wrong:middle", "body");

            assertEquals(End.CUT, request.answer().end());
            assertEquals("some", request.answer().body());
            assertEquals(Ending.CUT, request.ending);
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void triesAWorkerThatSendsGarbageUnaskedNoMoreThanOneThatDies() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL.always(1), "garbage")) {
            stand.open();
            WorkerStand.await(
                    () -> assertEquals(GroupView.Health.EMERGENCY, stand.group().health()));

            assertTrue(stand.logged("start") <= 6, () -> stand.warnings.toString());
            assertEquals(502, stand.get("hello").answer().status());
        }
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource({
        "no head at all, 502, COMPLETE",
        "Content-Type, 502, COMPLETE",
        "'', 502, COMPLETE",
        "Status: 99 Low__, 502, COMPLETE",
        "Status: 404 Not Found__, 404, COMPLETE",
    })
    void judgesTheHeadOfAnAnswerAsThatOfAScript(String head, int status, String end) throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            FakeExchange.Answer answer = stand.get("head:" + head).answer();

            assertEquals(status, answer.status());
            assertEquals(end, answer.end().name());
            assertEquals("hello ", stand.body("hello"));
            assertEquals(1, stand.logged("start"), "the worker is as good as before");
        }
    }

    @Test
    void cutsABodyThatIsShorterThanItsContentLength() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            RelayedRequest request = stand.get("length:10-5");

            assertEquals(End.CUT, request.answer().end());
            assertEquals(
                    "its body is 5 bytes shorter than its Content-Length",
                    request.outcome().problem());
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void sendsNoMoreThanTheContentLength() throws Exception {
        try (WorkerStand stand = new WorkerStand(folder, Settings.USUAL)) {
            assertEquals("x".repeat(5), stand.get("length:5-100000").ok());
            assertEquals("", stand.get("length:0-10").ok());
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void endsOneWhoseStandardErrorHasNoEnd() throws Exception {
        Settings hasty = Settings.USUAL.requestTimeout(Settings.millis(500));
        try (WorkerStand stand = new WorkerStand(folder, hasty)) {
            stand.body("hello");
            RelayedRequest request = stand.get("murmur");

            assertEquals(504, request.answer().status());
            assertTrue(request.outcome().stderrBytes() > 10_000);
            assertTrue(stand.stderr.size() < 210, () -> stand.stderr.size() + " lines");
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @Test
    void endsOneWhoseAnswerHasNoEndAndNoReader() throws Exception {
        Settings hasty = Settings.USUAL.requestTimeout(Settings.millis(500));
        try (WorkerStand stand = new WorkerStand(folder, hasty)) {
            FakeExchange exchange = stand.exchange("GET", "endless", "");
            exchange.stalled = true;
            RelayedRequest request = stand.serve(exchange);

            assertEquals(End.CUT, request.answer().end());
            assertEquals(Ending.TIMEOUT, request.ending);
            assertEquals(exchange.window, exchange.bytesWritten());
            assertEquals("hello ", stand.body("hello"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "sleep:600", "stop"})
    void endsOneThatNeverAnswers(String action) throws Exception {
        Settings hasty = Settings.USUAL.requestTimeout(Settings.millis(500));
        try (WorkerStand stand = new WorkerStand(folder, hasty)) {
            String before = stand.body("pid");
            RelayedRequest request = stand.get(action);

            assertEquals(504, request.answer().status());
            assertEquals(Ending.TIMEOUT, request.ending);
            request.outcome();
            assertNotEquals(before, stand.body("pid"));
        }
    }

    @Test
    void givesNothingMoreToAWorkerThatDoesNotReadItsBody() throws Exception {
        Settings hasty = Settings.USUAL.requestTimeout(Settings.millis(700));
        try (WorkerStand stand = new WorkerStand(folder, hasty)) {
            FakeExchange exchange = stand.exchange("POST", "slowly:never", "x".repeat(4_000_000));
            assertEquals(504, stand.serve(exchange).answer().status());
            assertTrue(exchange.body().discarded);
            assertEquals(
                    "early",
                    stand.serve(stand.exchange("POST", "never_reads", "x".repeat(4_000_000)))
                            .ok());
            assertEquals("hello ", stand.body("hello"));
        }
    }
}
