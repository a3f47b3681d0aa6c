package org.cgifpm.adapters.backend.warm;

import static org.cgifpm.adapters.backend.warm.WarmStand.HEAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.FakeExchange.Answer;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How forked processes end before their time: the keeper is told to signal them, and lives on. Without control groups. */
class WarmEndTest {
    private static final String DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n";
    private static final String SLEEP = "import time\nopen('ready', 'w')\ntime.sleep(300)\n";
    /** A child that holds none of the script's pipes, in its group. */
    private static final String CHILD = """
            import os, time, sys
            sys.stdout.flush()
            if os.fork() == 0:
                null = os.open('/dev/null', os.O_RDWR)
                for fd in range(3):
                    os.dup2(null, fd)
                open('ready', 'w')
                while not os.path.exists('go'):
                    time.sleep(0.02)
                os._exit(0)
            while not os.path.exists('ready'):
                time.sleep(0.02)
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void tellsAProcessToEndWhoseClientWent() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            int keeper = stand.keeperPid();
            WarmRequest request = stand.run(SLEEP);
            stand.awaitFile("ready");

            stand.onLoop(() -> request.exchange.abort("the client went"));

            Outcome outcome = request.outcome();
            assertEquals(Outcome.CLIENT_GONE, outcome.status());
            assertEquals("the client went", outcome.problem());
            assertFalse(outcome.complete());
            assertEquals("killed by SIGTERM", request.exit());
            stand.awaitOnlyKeepers(1);
            assertEquals(keeper, stand.keeperPid());
        }
    }

    @Test
    void killsAProcessThatIgnoresThat() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            WarmRequest request = stand.run(HEAD + DEAF + "import sys\nsys.stdout.flush()\n" + SLEEP);
            stand.awaitFile("ready");

            stand.onLoop(() -> request.exchange.abort("the client went"));

            assertEquals(200, request.outcome().status(), "the head that went out");
            assertEquals("killed by SIGKILL", request.exit());
            stand.awaitOnlyKeepers(1);
        }
    }

    @Test
    void letsAProcessFinishWhereThePoolSaysSo() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().finishing())) {
            WarmRequest request = stand.run(HEAD + """
                    import os, time
                    open('ready', 'w')
                    while not os.path.exists('go'):
                        time.sleep(0.02)
                    print('x' * 300000, flush=True)
                    open('finished', 'w')
                    """);
            stand.awaitFile("ready");

            stand.onLoop(() -> request.exchange.abort("the client went"));
            stand.make("go");

            assertEquals("exit status 0", request.exit());
            assertTrue(stand.made("finished"));
        }
    }

    @ParameterizedTest(name = "deaf to TERM: {0}")
    @ValueSource(booleans = {false, true})
    void answersFiveHundredAndFourAndEndsTheProcessWithItsChildren(boolean deaf) throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().requestTimeout(Warmth.millis(500)))) {
            int keeper = stand.keeperPid();
            WarmRequest request = stand.run((deaf ? DEAF : "") + CHILD + "time.sleep(300)\n");

            assertEquals(504, request.answer().status());
            assertEquals(Ending.TIMEOUT, request.ending);
            assertEquals("request_timeout: it ran for 0.5 s", request.problem());
            assertEquals(deaf ? "killed by SIGKILL" : "killed by SIGTERM", request.exit());
            assertEquals(1, stand.alive().size(), "its place was free before its child had ended");
            assertEquals(keeper, stand.keeperPid());
        }
    }

    @Test
    void cutsAnAnswerThatHasBegun() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().requestTimeout(Warmth.millis(300)))) {
            WarmRequest request = stand.run(HEAD + "print('begun', flush=True)\n" + SLEEP);

            assertEquals(new Answer(End.CUT, 200, "begun\n", 1), request.answer());
            assertEquals("killed by SIGTERM", request.exit());
        }
    }

    @Test
    void countsAChildThatOutlivesItsScriptForAsLongAsItLives() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            WarmRequest request = stand.run(HEAD + CHILD + "print('all')\n");
            assertEquals("all\n", request.ok());
            WarmStand.await(() -> assertEquals(1, request.started.size()));

            stand.onLoop(() -> {});
            assertFalse(request.over(), "its place was free before its child had ended");
            stand.onLoop(() -> assertEquals(1, stand.backend.running().size()));
            stand.make("go");

            assertNull(request.outcome().problem());
            assertEquals("exit status 0", request.exit());
            assertEquals(1, stand.alive().size());
        }
    }

    @Test
    void endsWhatAnAnsweredScriptLeftRunningWhenItsTimeIsOver() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().requestTimeout(Warmth.millis(500)))) {
            WarmRequest request = stand.run(HEAD + DEAF + CHILD + "print('all')\n");

            assertEquals("all\n", request.ok());
            assertTrue(request.outcome().complete());
            assertEquals("request_timeout: what it left running was ended", request.problem());
            stand.awaitOnlyKeepers(1);
        }
    }

    @Test
    void endsWhatAScriptLeavesRunningWhereThePoolSaysSo() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().killingBackground())) {
            WarmRequest request = stand.run(HEAD + CHILD + "print('all')\n");

            assertEquals("all\n", request.ok());
            assertNull(request.outcome().problem());
            assertEquals("exit status 0", request.exit());
            stand.awaitOnlyKeepers(1);
        }
    }

    @Test
    void endsTheAnswerThoughAChildHoldsStandardOutput() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            WarmRequest request = stand.run(HEAD + """
                    import os, time, sys
                    print('all', flush=True)
                    if os.fork() == 0:
                        while not os.path.exists('go'):
                            time.sleep(0.02)
                    os._exit(0)
                    """);

            assertEquals("all\n", request.ok());
            assertFalse(request.over());
            stand.make("go");
            assertEquals("exit status 0", request.exit());
        }
    }

    @Test
    void endsOneRequestWhoseNumberAnOperatorNames() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            WarmRequest meant = stand.run(SLEEP);
            WarmRequest other = stand.run(HEAD + "import os, time\nopen('other', 'w')\n"
                    + "while not os.path.exists('go'): time.sleep(0.02)\n");
            stand.awaitFile("ready");
            stand.awaitFile("other");

            stand.onLoop(() -> assertTrue(stand.backend.terminate(meant.exchange.id())));

            assertEquals(500, meant.answer().status());
            assertEquals("killed by SIGTERM", meant.exit());
            stand.make("go");
            other.ok();
        }
    }

    @Test
    void endsARequestWhoseClientWentWhileTheKeeperWasStarting() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            var slow = stand.liar("""
                    while not os.path.exists('go'):
                        time.sleep(0.02)
                    say('ready 3')
                    while True:
                        number, fds = request()
                        open('asked' + number, 'w')
                        answer(fds)
                        say('ended %s 4000000 0 0 0 0' % number)
                    """);
            WarmRequest gone = stand.run(slow, HEAD);
            WarmRequest stays = stand.run(slow, HEAD);
            stand.onLoop(() -> gone.exchange.abort("the client went"));
            stand.make("go");

            assertEquals("lied\n", stays.ok());
            assertEquals(Outcome.CLIENT_GONE, gone.outcome().status());
            assertNull(gone.outcome().exit());
            assertFalse(stand.made("asked" + gone.exchange.id()), "nobody wants it any more");
        }
    }

    @Test
    void answersFiveHundredAndThreeWhenTheKeeperStartsForTooLong() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().launchTimeout(Warmth.millis(200)))) {
            var slow = stand.liar("""
                    while not os.path.exists('go'):
                        time.sleep(0.02)
                    say('ready 3')
                    nap()
                    """);
            WarmRequest request = stand.run(slow, HEAD);

            assertEquals(503, request.answer().status());
            stand.make("go");
            assertTrue(request.problem().startsWith("launch_timeout"), request.problem());
        }
    }

    @Test
    void endsTheProcessWhenTheBodyIsTooLarge() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            FakeExchange exchange = stand.exchange("POST", "much");
            exchange.body().unfinished = true;
            WarmRequest request = stand.serve(exchange, stand.script("a.py", SLEEP));
            stand.awaitFile("ready");

            stand.onLoop(exchange::bodyTooLarge);

            assertEquals(413, request.answer().status());
            assertEquals("killed by SIGTERM", request.exit());
        }
    }

    @Test
    void endsAllRequestsWhenTheDaemonStops() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            WarmRequest willing = stand.run(SLEEP);
            stand.awaitFile("ready");
            WarmRequest deaf = stand.run(DEAF + SLEEP.replace("ready", "deaf"));
            stand.awaitFile("deaf");

            stand.onLoop(stand.warm::stop);
            stand.onLoop(stand.backend::terminateAll);
            assertEquals("killed by SIGTERM", willing.exit());
            stand.onLoop(stand.backend::killAll);
            assertEquals("killed by SIGKILL", deaf.exit());
            stand.onLoop(stand.warm::end);
            stand.awaitNothingLeft();
        }
    }
}
