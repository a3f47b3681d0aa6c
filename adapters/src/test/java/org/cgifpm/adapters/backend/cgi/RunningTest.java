package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which requests run, what a watcher hears of them, and how an operator ends them. */
@Timeout(60)
class RunningTest {
    private static final String HEAD = "printf 'Content-Type: text/plain\\n\\n'\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static <T> T onLoop(CgiStand stand, Supplier<T> question) throws Exception {
        List<T> answer = new ArrayList<>();
        stand.onLoop(() -> answer.add(question.get()));
        return answer.get(0);
    }

    private static List<RunningRequest> awaitRunning(CgiStand stand, int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> onLoop(stand, stand.backend::running).size() == count);
        try {
            return onLoop(stand, stand.backend::running);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void listsWhatRunsWithItsProcess() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            assertEquals(List.of(), onLoop(stand, stand.backend::running));
            var served = stand.run(HEAD + "echo $$ > pid; sleep 300");
            stand.awaitFile("pid");
            RunningRequest running = awaitRunning(stand, 1).get(0);
            assertEquals(served.exchange.id(), running.id());
            assertTrue(stand.alive().contains(running.pid()), running::toString);
            assertTrue(running.script().startsWith(folder + "/script"), running::toString);
            assertTrue(running.identity().isEmpty());

            assertTrue(onLoop(stand, () -> stand.backend.terminate(running.id())));
            served.outcome();
            assertEquals(List.of(), onLoop(stand, stand.backend::running));
        }
    }

    @Test
    void anOperatorEndsARequestThatHasSaidNothing() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            var served = stand.run("trap '' TERM; sleep 300 & sleep 300; sleep 300");
            RunningRequest running = awaitRunning(stand, 1).get(0);
            assertFalse(onLoop(stand, () -> stand.backend.terminate(running.id() + 1)));
            assertTrue(onLoop(stand, () -> stand.backend.terminate(running.id())));

            assertEquals(500, served.answer().status());
            Outcome outcome = served.outcome();
            assertEquals("kill: an operator ended it", outcome.problem());
            assertEquals(Set.of(), stand.alive());
        }
    }

    @Test
    void anOperatorEndsARequestThatHasBegunToAnswer() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            var served = stand.run(HEAD + "echo begun; : > begun; sleep 300");
            stand.awaitFile("begun");
            RunningRequest running = awaitRunning(stand, 1).get(0);
            assertTrue(onLoop(stand, () -> stand.backend.terminate(running.id())));

            assertEquals(End.CUT, served.answer().end());
            assertFalse(served.outcome().complete());
        }
    }

    @Test
    void anOperatorEndsARequestThatIsStillBeingStarted() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            CountDownLatch planning = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            String script = stand.shell("sleep 300");
            var served = stand.serve(stand.get(), () -> {
                planning.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return stand.plan(script);
            });
            planning.await();
            assertTrue(onLoop(stand, () -> stand.backend.terminate(served.exchange.id())));
            assertEquals(500, served.answer().status());
            assertFalse(served.over(), "told of the end before its process was");
            goOn.countDown();
            assertEquals(500, served.outcome().status());
            assertFalse(onLoop(stand, () -> stand.backend.terminate(served.exchange.id())));
        }
    }

    @Test
    void anOperatorEndsEverythingOfAUserAndNothingOfOthers() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            int self = new Syscalls().effectiveUser();
            var first = stand.run("sleep 300");
            var second = stand.run("sleep 300");
            awaitRunning(stand, 2);
            assertEquals(0, onLoop(stand, () -> stand.backend.terminateUser(self + 1)));
            assertFalse(first.over() || second.over());
            assertEquals(2, onLoop(stand, () -> stand.backend.terminateUser(self)));
            assertEquals(500, first.outcome().status());
            assertEquals(500, second.outcome().status());
        }
    }

    /** Writes down what it hears, in its order. */
    private static final class Heard implements Backend.Watcher {
        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void started(RunningRequest running) {
            events.add("started");
        }

        @Override
        public void answered(Ending how) {
            events.add("answered " + how);
        }

        @Override
        public void finished(Outcome outcome) {
            events.add("finished " + outcome.status());
        }

        List<String> all() {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> events.stream().anyMatch(event -> event.startsWith("finished")));
            return events;
        }
    }

    private static Heard heard(CgiStand stand, FakeExchange exchange, String text) throws Exception {
        Heard heard = new Heard();
        String script = stand.shell(text);
        stand.onLoop(() -> stand.backend.serve(exchange, () -> stand.plan(script), heard));
        return heard;
    }

    @Test
    void aWatcherHearsStartAnswerAndEnd() throws Exception {
        try (CgiStand stand = new CgiStand(folder, CgiStand.with(CgiStand.seconds(5), CgiStand.seconds(1), true))) {
            assertEquals(
                    List.of("started", "answered DONE", "finished 200"),
                    heard(stand, stand.get(), HEAD + "echo all").all());
            assertEquals(
                    List.of("started", "answered DONE", "finished 500"),
                    heard(stand, stand.get(), "exit 1").all());
            assertEquals(
                    List.of("started", "answered CUT", "finished 200"),
                    heard(stand, stand.get(), HEAD + "echo half; sleep 0.1; kill -KILL $$")
                            .all());
            assertEquals(
                    List.of("started", "answered TIMEOUT", "finished 504"),
                    heard(stand, stand.get(), "sleep 300").all());
            assertEquals(
                    List.of("started", "answered TIMEOUT", "finished 200"),
                    heard(stand, stand.get(), HEAD + "echo half; sleep 300").all());
        }
    }

    @Test
    void aWatcherHearsThatTheClientHasGone() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            FakeExchange exchange = stand.get();
            Heard heard = heard(stand, exchange, HEAD + "echo half; : > half; sleep 300");
            stand.awaitFile("half");
            stand.onLoop(() -> exchange.abort("the connection was closed"));
            assertEquals(List.of("started", "answered CLIENT_GONE", "finished 200"), heard.all());
        }
    }
}
