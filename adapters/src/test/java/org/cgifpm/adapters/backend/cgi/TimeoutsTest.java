package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.testing.FakeExchange.Answer;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeoutsTest {
    private static final String HEAD = "printf 'Content-Type: text/plain\\n\\n'\n";
    private static final long SHORT = 300 * EventLoop.MILLIS;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void answersFiveHundredAndFourAndEndsTheGroup() throws Exception {
        try (CgiStand stand = new CgiStand(folder, CgiStand.with(CgiStand.seconds(5), SHORT, true))) {
            var served = stand.run("sleep 300 & sleep 300");

            assertEquals(504, served.answer().status());
            assertEquals(End.COMPLETE, served.answer().end());
            Outcome outcome = served.outcome();
            assertEquals(504, outcome.status());
            assertEquals("request_timeout: it ran for 0.3 s", outcome.problem());
            assertEquals(Set.of(), stand.alive());
        }
    }

    @Test
    void cutsAResponseThatHasBegun() throws Exception {
        try (CgiStand stand = new CgiStand(folder, CgiStand.with(CgiStand.seconds(5), SHORT, true))) {
            var served = stand.run(HEAD + "echo begun; sleep 300");

            assertEquals(new Answer(End.CUT, 200, "begun\n", 1), served.answer());
            Outcome outcome = served.outcome();
            assertFalse(outcome.complete());
            assertEquals("request_timeout: it ran for 0.3 s", outcome.problem());
        }
    }

    @Test
    void endsAScriptThatSaysNothingForTooLong() throws Exception {
        try (CgiStand stand = new CgiStand(folder, idle(SHORT))) {
            var silent = stand.run("sleep 300");
            var begun = stand.run(HEAD + "echo begun; sleep 300");

            assertEquals(504, silent.answer().status());
            assertEquals(
                    "idle_timeout: no byte either way for 0.3 s",
                    silent.outcome().problem());
            assertEquals(new Answer(End.CUT, 200, "begun\n", 1), begun.answer());
            assertEquals(
                    "idle_timeout: no byte either way for 0.3 s",
                    begun.outcome().problem());
            assertEquals(Set.of(), stand.alive());
        }
    }

    @Test
    void letsAScriptRunThatSaysSomethingNowAndThen() throws Exception {
        try (CgiStand stand = new CgiStand(folder, idle(SHORT))) {
            String slowly = "for i in 1 2 3 4 5 6 7 8; do sleep 0.1; echo $i; done";
            var out = stand.run(HEAD + slowly);
            var err = stand.run("(" + slowly + ") >&2; " + HEAD);
            var in = stand.serve(
                    stand.exchange("POST", "x".repeat(600_000)),
                    stand.shell(
                            "for i in 1 2 3 4 5 6 7 8; do sleep 0.1; head -c 70000 >/dev/null; done; cat >/dev/null; "
                                    + HEAD));

            assertEquals("1\n2\n3\n4\n5\n6\n7\n8\n", out.answer().body());
            assertEquals(200, err.answer().status());
            assertEquals(200, in.answer().status());
        }
    }

    @Test
    void asksForNoBytesOfAScriptThatHasAnswered() throws Exception {
        try (CgiStand stand = new CgiStand(folder, idle(SHORT))) {
            var served = stand.run(HEAD + "exec >&- 2>&-; sleep 0.6; touch worked");

            assertNull(served.outcome().problem());
            assertTrue(Files.exists(folder.resolve("worked")));
        }
    }

    private static CgiSettings idle(long nanos) {
        return new CgiSettings(
                "test", CgiStand.seconds(5), CgiStand.seconds(30), CgiStand.USUAL.killGraceNanos(), true, nanos, false);
    }

    @Test
    void endsWhatAnAnsweredScriptLeftRunning() throws Exception {
        try (CgiStand stand = new CgiStand(folder, CgiStand.with(CgiStand.seconds(5), SHORT, true))) {
            var served =
                    stand.run(HEAD + "echo all; (trap '' TERM; sleep 300; sleep 300) </dev/null >/dev/null 2>&1 &");

            assertEquals(new Answer(End.COMPLETE, 200, "all\n", 0), served.answer());
            Outcome outcome = served.outcome();
            assertTrue(outcome.complete());
            assertEquals("request_timeout: what it left running was ended", outcome.problem());
            assertEquals(Set.of(), stand.alive());
        }
    }

    @Test
    void answersFiveHundredAndThreeWhenAPlannerBlocksAndFreesThePlaceWhenItReturns() throws Exception {
        try (CgiStand stand = new CgiStand(folder, CgiStand.with(SHORT, CgiStand.seconds(30), true))) {
            String script = stand.shell("touch ran; sleep 300");
            var served = stand.serve(stand.get(), () -> {
                stand.awaitFile("nfs-answers");
                return stand.plan(script);
            });

            assertEquals(503, served.answer().status());
            assertEquals(End.OVERLOADED, served.answer().end());
            assertFalse(served.over(), "the launch thread is still taken");

            stand.make("nfs-answers");
            Outcome outcome = served.outcome();
            assertEquals(503, outcome.status());
            assertNull(outcome.exit());
            assertTrue(String.valueOf(outcome.problem()).startsWith("launch_timeout"), outcome.problem());
            assertEquals(Set.of(), stand.alive(), "what was started too late is ended");
        }
    }

    @Test
    void tellsOnceOfAPlannerThatBlocksAndThenRefuses() throws Exception {
        try (CgiStand stand = new CgiStand(folder, CgiStand.with(SHORT, CgiStand.seconds(30), true))) {
            var served = stand.serve(stand.get(), () -> {
                stand.awaitFile("nfs-answers");
                throw new RefusedException(404, "gone", "not there");
            });

            assertEquals(503, served.answer().status());
            stand.make("nfs-answers");
            assertEquals(503, served.outcome().status());
        }
    }

    @Test
    void answersWhatAPlannerRefusesAndWhatItThrows() throws Exception {
        try (CgiStand stand = new CgiStand(folder)) {
            var refused = stand.serve(stand.get(), () -> {
                throw new RefusedException(403, "/srv/x", "symlink to elsewhere");
            });
            var broken = stand.serve(stand.get(), () -> {
                throw new IllegalStateException("a bug");
            });

            assertEquals(403, refused.answer().status());
            assertEquals(new Outcome(403, "/srv/x", "symlink to elsewhere", true, null, "", -1, 0), refused.outcome());
            assertEquals(500, broken.answer().status());
            assertTrue(String.valueOf(broken.outcome().problem()).contains("a bug"));
            assertFalse(Files.exists(folder.resolve("x")));
        }
    }
}
