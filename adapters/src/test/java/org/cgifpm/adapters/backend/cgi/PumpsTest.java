package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.FakeExchange.Answer;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PumpsTest {
    private static final int THREE_MEGABYTES = 3 << 20;
    private static final String HEAD = "printf 'Content-Type: text/plain\\n\\n'\n";

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
    void pumpsBodyOutputAndErrorsAtOnceToAReaderThatTakesLittleAtATime() throws Exception {
        String body = randomText(THREE_MEGABYTES);
        FakeExchange exchange = stand.exchange("POST", body);
        exchange.window = 5_000;
        var served =
                stand.serve(exchange, stand.shell(HEAD + "head -c 2000000 /dev/zero | tr '\\0' '\\n' >&2 & cat; wait"));

        assertEquals(new Answer(End.COMPLETE, 200, body, 0), served.answer());
        Outcome outcome = served.outcome();
        assertEquals(2_000_000, outcome.stderrBytes());
        assertTrue(outcome.complete());
    }

    @Test
    void readsAllThatAScriptWritesToItsErrorsBeforeItAnswersAndKeepsLittle() throws Exception {
        var served = stand.run("i=0; while [ $i -lt 1000 ]; do echo line $i >&2; i=$((i+1)); done\n"
                + "head -c 8000000 /dev/zero >&2\n" + HEAD + "echo done");

        assertEquals(new Answer(End.COMPLETE, 200, "done\n", 0), served.answer());
        assertTrue(served.outcome().stderrBytes() > 8_000_000);
        assertEquals("line 0", stand.stderr.get(0));
        assertTrue(stand.stderr.size() <= 202, stand.stderr.size() + " lines were kept");
        assertTrue(stand.stderr.stream().allMatch(line -> line.length() <= 1024));
    }

    @Test
    void givesDevNullToAScriptWhoseRequestHasNoBody() throws Exception {
        var served = stand.run(HEAD + "readlink /proc/self/fd/0; cat");

        assertEquals("/dev/null\n", served.answer().body());
        assertTrue(served.exchange.body().discarded);
    }

    @Test
    void givesAPipeThatEndsWithTheBody() throws Exception {
        var served = stand.serve(stand.exchange("POST", "12345"), stand.shell(HEAD + "wc -c"));

        assertEquals("5\n", served.answer().body().strip() + "\n");
    }

    @Test
    void thinksNothingOfAScriptThatDoesNotReadItsBody() throws Exception {
        var served = stand.serve(stand.exchange("POST", "x".repeat(THREE_MEGABYTES)), stand.shell(HEAD + "echo early"));

        assertEquals(new Answer(End.COMPLETE, 200, "early\n", 0), served.answer());
        assertTrue(served.outcome().complete());
    }

    @Test
    void thinksNothingOfAScriptThatClosesItsInput() throws Exception {
        var served = stand.serve(
                stand.exchange("POST", "x".repeat(THREE_MEGABYTES)),
                stand.shell("exec <&-\n" + HEAD + "sleep 0.1; echo early"));

        assertEquals(new Answer(End.COMPLETE, 200, "early\n", 0), served.answer());
        assertTrue(served.exchange.body().discarded);
    }

    @Test
    void passesOnWhatALongScriptWritesAlsoInAPoolOfShortOnes() throws Exception {
        for (int i = 0; i < 30; i++) {
            assertEquals(End.COMPLETE, stand.run(HEAD + "echo short").answer().end());
        }
        FakeExchange exchange = stand.get();
        var served = stand.serve(exchange, stand.shell(HEAD + "echo begun; sleep 300"));

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> exchange.bytesWritten() == "begun\n".length());
        assertFalse(served.over());
        stand.onLoop(() -> exchange.abort("closed"));
        assertEquals("killed by SIGTERM", exitWords(served.outcome()));
    }

    @Test
    void takesNoMoreFromAnEndlessScriptThanItsReaderTakes() throws Exception {
        FakeExchange exchange = stand.get();
        exchange.stalled = true;
        var served = stand.serve(exchange, stand.shell(HEAD + "exec cat /dev/zero"));

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> exchange.bytesWritten() == exchange.window);
        long[] turns = new long[2];
        stand.onLoop(() -> turns[0] = stand.loop().turns());
        stand.onLoop(() -> turns[1] = stand.loop().turns());
        assertTrue(turns[1] - turns[0] <= 3, "the loop spins");
        assertEquals(exchange.window, exchange.bytesWritten());
        assertFalse(served.over());

        stand.onLoop(() -> exchange.abort("closed"));
        assertEquals("killed by SIGTERM", exitWords(served.outcome()));
    }

    @Test
    void passesAnExitStatusOnWithACompleteAnswer() throws Exception {
        var served = stand.run(HEAD + "echo said; exit 3");

        assertEquals("said\n", served.answer().body());
        assertEquals("exit status 3", exitWords(served.outcome()));
    }

    static String exitWords(Outcome outcome) {
        return outcome.exit() == null ? "" : outcome.exit().words();
    }

    private static String randomText(int size) {
        long seed = System.nanoTime();
        System.out.println("PumpsTest seed " + seed);
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(size);
        for (int i = 0; i < size; i++) {
            text.append((char) random.nextInt(256));
        }
        return text.toString();
    }
}
