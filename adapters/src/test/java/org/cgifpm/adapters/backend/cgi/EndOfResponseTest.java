package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.FakeExchange.Answer;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndOfResponseTest {
    private static final String HEAD = "printf 'Content-Type: text/plain\\n\\n'\n";
    private static final String UNTIL_RELEASED = "while [ ! -e release ]; do sleep 0.02; done";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private CgiStand stand;

    @BeforeEach
    void start() throws Exception {
        stand = new CgiStand(folder);
    }

    @AfterEach
    void stop() {
        stand.close();
    }

    @Test
    void endsTheResponseWhenAScriptClosesItsOutputAndLivesOn() throws Exception {
        var served = stand.run(HEAD + "echo all\nexec >&-\n" + UNTIL_RELEASED + "; echo late >&2; exit 4");

        assertEquals(new Answer(End.COMPLETE, 200, "all\n", 0), served.answer());
        assertFalse(served.over(), "its place is not free before it has ended");

        stand.make("release");
        Outcome outcome = served.outcome();
        assertEquals("exit status 4", PumpsTest.exitWords(outcome));
        assertEquals(List.of("late"), stand.stderr);
        assertTrue(outcome.complete());
        assertNull(outcome.problem());
    }

    @Test
    void endsTheResponseSoonAfterAScriptThatLeavesItsOutputToAChild() throws Exception {
        var served = stand.run(HEAD + "echo all\n(" + UNTIL_RELEASED + "; echo lost) &");

        assertEquals(new Answer(End.COMPLETE, 200, "all\n", 0), served.answer());
        assertFalse(served.over());

        stand.make("release");
        assertTrue(served.outcome().complete());
    }

    @Test
    void takesWhatAChildStillWritesWithinTheGrace() throws Exception {
        var served = stand.run(HEAD + "(sleep 0.1; echo from the child) &");

        assertEquals(new Answer(End.COMPLETE, 200, "from the child\n", 0), served.answer());
    }

    @Test
    void losesNothingOfAPipeThatASlowFrontEndHasNotEmptiedYet() throws Exception {
        FakeExchange exchange = stand.get();
        exchange.window = 1_000;
        exchange.stalled = true;
        var served = stand.serve(
                exchange,
                stand.shell(HEAD + "head -c 60000 /dev/zero | tr '\\0' x\n(" + UNTIL_RELEASED + ") & touch exited"));
        stand.awaitFile("exited");
        long wellAfterTheGrace = 2 * CgiSettings.GRANDCHILD_GRACE_MILLIS * EventLoop.MILLIS;
        stand.onLoop(() -> stand.loop().schedule(wellAfterTheGrace, () -> {
            assertFalse(exchange.answered());
            exchange.stalled = false;
            exchange.drain();
        }));

        assertEquals(new Answer(End.COMPLETE, 200, "x".repeat(60_000), 0), served.answer());
        stand.make("release");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "before its head    | kill -KILL $$                            | 500 | killed by SIGKILL",
                "in its head        | printf 'Content-Type: te'; kill -SEGV $$ | 500 | killed by SIGSEGV",
            })
    void answersFiveHundredForAScriptKilled(String when, String script, int status, String words) throws Exception {
        var served = stand.run(script);

        assertEquals(status, served.answer().status(), when);
        assertEquals(End.COMPLETE, served.answer().end());
        Outcome outcome = served.outcome();
        assertEquals(500, outcome.status());
        assertTrue(String.valueOf(outcome.problem()).contains(words), outcome.problem());
        assertEquals(words, PumpsTest.exitWords(outcome));
    }

    @Test
    void cutsTheResponseOfAScriptKilledAfterItsHead() throws Exception {
        var served = stand.run(HEAD + "echo half\nkill -ABRT $$");

        assertEquals(new Answer(End.CUT, 200, "half\n", 1), served.answer());
        Outcome outcome = served.outcome();
        assertFalse(outcome.complete());
        assertEquals("it was killed by SIGABRT before its response was complete", outcome.problem());
    }

    @Test
    void thinksNothingOfASignalAfterACompleteBody() throws Exception {
        var served = stand.run("printf 'Content-Type: a/b\\nContent-Length: 4\\n\\nfour'\nkill -ABRT $$");

        assertEquals(new Answer(End.COMPLETE, 200, "four", 0), served.answer());
        assertTrue(served.outcome().complete());
    }

    @Test
    void cutsBytesPastTheContentLengthOffAndDoesNotWaitForMore() throws Exception {
        var served = stand.run(
                "printf 'Content-Type: a/b\\nContent-Length: 4\\n\\nfour and more'\n" + UNTIL_RELEASED + "; echo more");

        assertEquals(new Answer(End.COMPLETE, 200, "four", 0), served.answer());
        assertFalse(served.over());
        stand.make("release");
        assertEquals("exit status 0", PumpsTest.exitWords(served.outcome()));
    }

    @Test
    void cutsAResponseThatIsShorterThanItsContentLengthVisibly() throws Exception {
        var served = stand.run("printf 'Content-Type: a/b\\nContent-Length: 10\\n\\nfour'");

        assertEquals(new Answer(End.CUT, 200, "four", 1), served.answer());
        Outcome outcome = served.outcome();
        assertFalse(outcome.complete());
        assertTrue(String.valueOf(outcome.problem()).startsWith("its body is 6 bytes shorter"), outcome.problem());
    }

    @Test
    void sendsNoBodyForHead() throws Exception {
        var served = stand.serve(
                stand.exchange("HEAD", ""),
                stand.shell("printf 'Content-Type: a/b\\nContent-Length: 10\\n\\n0123456789'; exit 2"));

        Answer answer = served.answer();
        assertEquals(End.COMPLETE, answer.end());
        assertEquals("", answer.body());
        assertTrue(served.outcome().complete());
        assertEquals(10, headLength(served));
    }

    @Test
    void sendsNoBodyForAStatusThatHasNone() throws Exception {
        var served = stand.run("printf 'Status: 204 No Content\\n\\nnothing to see'");

        assertEquals(new Answer(End.COMPLETE, 204, "", 0), served.answer());
        assertTrue(served.outcome().complete());
    }

    @Test
    void answersFiveHundredForAScriptThatSaysNothing() throws Exception {
        var served = stand.run("echo 'no module named cgi' >&2; exit 1");

        assertEquals(500, served.answer().status());
        assertFalse(served.answer().body().contains("cgi"), "none of a visitor's business");
        Outcome outcome = served.outcome();
        assertTrue(String.valueOf(outcome.problem()).contains("exit status 1"), outcome.problem());
        assertEquals(List.of("no module named cgi"), stand.stderr);
    }

    @Test
    void answersFiveHundredForAHeadWithoutAnEnd() throws Exception {
        var served = stand.run("head -c 200000 /dev/zero | tr '\\0' a; " + UNTIL_RELEASED);

        assertEquals(500, served.answer().status());
        stand.make("release");
        assertEquals(500, served.outcome().status());
    }

    private static long headLength(CgiStand.Served served) {
        var head = served.exchange.responded();
        return head == null ? -1 : head.contentLength();
    }
}
