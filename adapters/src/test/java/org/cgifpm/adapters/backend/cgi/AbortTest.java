package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AbortTest {
    private static final String HEAD = "printf 'Content-Type: text/plain\\n\\n'\n";
    private static final String NOWHERE = " </dev/null >/dev/null 2>&1 ";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void endsTheScriptAndItsChildrenWithTerm() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            var served = stand.run("sleep 300 & touch ready; wait");
            stand.awaitFile("ready");

            stand.onLoop(() -> served.exchange.abort("the client went"));

            Outcome outcome = served.outcome();
            assertEquals(Outcome.CLIENT_GONE, outcome.status());
            assertEquals("the client went", outcome.problem());
            assertFalse(outcome.complete());
            assertEquals("killed by SIGTERM", PumpsTest.exitWords(outcome));
            assertEquals(Set.of(), stand.alive());
        }
    }

    @Test
    void killsAScriptThatIgnoresTerm() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            var served = stand.run(HEAD + "trap '' TERM; touch ready; while :; do sleep 300; done");
            stand.awaitFile("ready");

            stand.onLoop(() -> served.exchange.abort("the client went"));

            Outcome outcome = served.outcome();
            assertEquals(200, outcome.status(), "the head that went out");
            assertEquals("killed by SIGKILL", PumpsTest.exitWords(outcome));
        }
    }

    @Test
    void killsChildrenThatIgnoreTermAndHoldNoneOfItsPipes() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            // Two of them: the group is searched again when the first that was found has ended.
            String deaf = "(trap '' TERM; touch $1; while :; do sleep 300; done)" + NOWHERE + "&\n";
            var served = stand.run("set -- deaf1\n" + deaf + "set -- deaf2\n" + deaf
                    + "while [ ! -e deaf1 ] || [ ! -e deaf2 ]; do sleep 0.02; done\n" + "touch ready; exec sleep 300");
            stand.awaitFile("ready");

            stand.onLoop(() -> served.exchange.abort("the client went"));

            assertEquals("killed by SIGTERM", PumpsTest.exitWords(served.outcome()));
            assertEquals(Set.of(), stand.alive(), "its place was free before its children had ended");
        }
    }

    @ParameterizedTest(name = "KILL: {0}")
    @ValueSource(booleans = {false, true})
    void signalsWhomItFindsWhenTheSearchWasUnderWay(boolean kill) throws Exception {
        CgiSettings patient = new CgiSettings(
                "test", CgiStand.seconds(30), CgiStand.seconds(30), CgiStand.seconds(20), CgiStand.USUAL.killOnAbort());
        try (CgiStand stand = new CgiStand(folder, patient)) {
            String trap = kill ? "trap '' TERM" : "trap 'touch termed; exit' TERM";
            var served = stand.run(HEAD + "(" + trap + "; touch ready; while :; do sleep 0.05; done)" + NOWHERE
                    + "& while [ ! -e ready ] || [ ! -e planning ]; do sleep 0.02; done");
            // Planners that block keep all the threads that this pool may have, so the search has to wait.
            String script = stand.shell(HEAD);
            for (int i = 0; i < 2; i++) {
                stand.serve(stand.get(), () -> {
                    stand.awaitFile("go");
                    return stand.plan(script);
                });
            }
            stand.awaitFile("ready");
            stand.make("planning");
            assertEquals(End.COMPLETE, served.answer().end());

            stand.onLoop(kill ? stand.backend::killAll : stand.backend::terminateAll);
            stand.make("go");

            assertEquals(200, served.outcome().status());
            assertEquals(!kill, Files.exists(folder.resolve("termed")));
        }
    }

    @Test
    void countsAChildThatOutlivesItsScriptAsLongAsItLives() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            var served = stand.run(HEAD + "(while [ ! -e release ]; do sleep 0.02; done)" + NOWHERE + "&");
            assertEquals(End.COMPLETE, served.answer().end());

            stand.onLoop(() -> {});
            assertFalse(served.over());
            stand.make("release");
            assertTrue(served.outcome().complete());
        }
    }

    @Test
    void cannotYetReachWhatLeftTheSession() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            var served = stand.run("setsid sh -c 'touch ready; while [ ! -e release ]; do sleep 0.02; done; touch end'"
                    + NOWHERE + "& exec sleep 300");
            stand.awaitFile("ready");

            stand.onLoop(() -> served.exchange.abort("the client went"));

            served.outcome();
            assertFalse(stand.alive().isEmpty(), "that takes a cgroup");
            stand.make("release");
            stand.awaitFile("end");
            Awaitility.await().until(() -> stand.alive().isEmpty());
        }
    }

    @Test
    void doesNotWaitForPipesThatSomebodyHoldsWhoLeftTheSession() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            var served = stand.run(
                    "setsid sh -c 'touch ready; while [ ! -e release ]; do sleep 0.02; done' & exec sleep 300");
            stand.awaitFile("ready");

            stand.onLoop(() -> served.exchange.abort("the client went"));

            assertEquals("killed by SIGTERM", PumpsTest.exitWords(served.outcome()));
            stand.make("release");
            Awaitility.await().until(() -> stand.alive().isEmpty());
        }
    }

    @Test
    void letsAScriptFinishWhereThePoolSaysSo() throws Exception {
        try (CgiStand stand = new CgiStand(folder, CgiStand.with(CgiStand.seconds(5), CgiStand.seconds(30), false))) {
            var served = stand.run(HEAD + "touch ready; while [ ! -e release ]; do sleep 0.02; done\n"
                    + "head -c 300000 /dev/zero; touch finished");
            stand.awaitFile("ready");

            stand.onLoop(() -> served.exchange.abort("the client went"));
            stand.make("release");

            Outcome outcome = served.outcome();
            assertTrue(Files.exists(folder.resolve("finished")));
            assertEquals("exit status 0", PumpsTest.exitWords(outcome));
            assertFalse(outcome.complete());
        }
    }

    @Test
    void letsNoScriptFinishThatGotHalfOfItsInput() throws Exception {
        try (CgiStand stand = new CgiStand(folder, CgiStand.with(CgiStand.seconds(5), CgiStand.seconds(30), false))) {
            FakeExchange exchange = stand.exchange("POST", "half");
            exchange.body().unfinished = true;
            var served = stand.serve(exchange, stand.shell("touch ready; cat; sleep 300"));
            stand.awaitFile("ready");

            stand.onLoop(() -> exchange.abort("the client went"));

            assertEquals("killed by SIGTERM", PumpsTest.exitWords(served.outcome()));
        }
    }

    @Test
    void endsAScriptWhoseClientWentWhileItWasBeingStarted() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            String script = stand.shell("sleep 300");
            FakeExchange exchange = stand.get();
            var served = stand.serve(exchange, () -> {
                stand.awaitFile("go");
                return stand.plan(script);
            });

            stand.onLoop(() -> exchange.abort("the client went"));
            stand.make("go");

            Outcome outcome = served.outcome();
            assertEquals(Outcome.CLIENT_GONE, outcome.status());
            assertEquals("killed by SIGTERM", PumpsTest.exitWords(outcome));
        }
    }

    @Test
    void answersATooLargeBodyAndEndsTheScript() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            FakeExchange exchange = stand.exchange("POST", "much");
            exchange.body().unfinished = true;
            var served = stand.serve(exchange, stand.shell("touch ready; cat >/dev/null; " + HEAD + "sleep 300"));
            stand.awaitFile("ready");

            stand.onLoop(exchange::bodyTooLarge);

            assertEquals(413, served.answer().status());
            assertEquals(413, served.outcome().status());
        }
    }

    @Test
    void endsAllRequestsWhenTheDaemonStops() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            String willing = stand.shell("touch ready1; exec sleep 300");
            String deaf = stand.shell(HEAD + "trap '' TERM; touch ready2; while :; do sleep 300; done");
            var first = stand.serve(stand.get(), willing);
            var second = stand.serve(stand.get(), deaf);
            stand.awaitFile("ready1");
            stand.awaitFile("ready2");

            stand.onLoop(stand.backend::terminateAll);
            assertEquals("killed by SIGTERM", PumpsTest.exitWords(first.outcome()));
            assertEquals(500, first.answer().status());
            stand.onLoop(stand.backend::killAll);
            assertEquals("killed by SIGKILL", PumpsTest.exitWords(second.outcome()));
            assertEquals(End.CUT, second.answer().end());

            var late = stand.serve(stand.get(), willing);
            assertEquals("killed by SIGTERM", PumpsTest.exitWords(late.outcome()), "one that was being started");
        }
    }
}
