package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.backend.process.Confined;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.os.EventLoop;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with a control group each. As root, with a writable cgroup v2 tree. */
class LeavesTest {
    private static final String HEAD = "printf 'Content-Type: text/plain\\n\\n'\n";
    private static final String NOWHERE = " </dev/null >/dev/null 2>&1 ";
    /** Twice forked, in a session of its own, deaf to TERM, without any descriptor that was there before. */
    private static final String ESCAPED =
            "setsid sh -c '(trap \"\" TERM; touch ready; while :; do sleep 300; done)" + NOWHERE + "&' & ";

    private static final CgiSettings BRIEF = CgiStand.with(CgiStand.seconds(5), 500 * EventLoop.MILLIS, true);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @BeforeEach
    void letOthersIn() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @ParameterizedTest(name = "through a chain: {0}")
    @ValueSource(booleans = {false, true})
    void everyRequestHasOneOfItsOwn(boolean chained) throws Exception {
        try (CgiStand stand = stand(CgiStand.USUAL, chained)) {
            String group = HEAD + "sleep 0.1; grep ^0:: /proc/self/cgroup; while [ ! -e release ]; do sleep 0.02; done";
            var first = stand.run(group);
            var second = stand.run(group);
            stand.make("release");

            String own = "0::" + within(stand) + "/pool-stand/r-";
            assertTrue(first.answer().body().startsWith(own), first.answer().body());
            assertTrue(second.answer().body().startsWith(own), second.answer().body());
            assertNotEquals(first.answer().body(), second.answer().body());
        }
    }

    @Test
    void usesEmptyOnesAgainAndLeavesNoneBehind() throws Exception {
        Path home;
        try (CgiStand stand = stand(CgiStand.USUAL, false)) {
            home = Path.of(stand.tree.orElseThrow().path());
            for (int i = 0; i < 5; i++) {
                assertEquals(200, stand.run(HEAD + "sleep 0.1").outcome().status());
            }
            try (var leaves = Files.list(home.resolve("pool-stand"))) {
                assertEquals(1, leaves.filter(Files::isDirectory).count());
            }
        }
        assertFalse(Files.exists(home), home.toString());
    }

    @ParameterizedTest(name = "through a chain: {0}")
    @ValueSource(booleans = {false, true})
    void endsWhatLeftTheSessionWhenItsTimeIsOver(boolean chained) throws Exception {
        try (CgiStand stand = stand(BRIEF, chained)) {
            // Without a chain it runs for a moment before it is in its group; what it starts then stays outside.
            var served = stand.run((chained ? "" : "sleep 0.2; ") + ESCAPED + "exec sleep 300");

            assertEquals(504, served.answer().status());
            assertEquals("request_timeout: it ran for 0.5 s", served.outcome().problem());
            assertEquals(Set.of(), stand.alive());
        }
    }

    @Test
    void countsWhatLeftTheSessionUntilItsTimeIsOver() throws Exception {
        try (CgiStand stand = stand(BRIEF, false)) {
            var served = stand.run(HEAD + "sleep 0.1; " + ESCAPED + " while [ ! -e ready ]; do sleep 0.02; done");

            assertEquals(200, served.answer().status());
            assertFalse(served.over(), "its place was free before all of it had ended");
            Outcome outcome = served.outcome();
            assertEquals("request_timeout: what it left running was ended", outcome.problem());
            assertTrue(outcome.complete());
            assertEquals(Set.of(), stand.alive());
        }
    }

    @Test
    void waitsForThoseThatLeftTheSessionAndEndByThemselves() throws Exception {
        try (CgiStand stand = stand(CgiStand.USUAL, false)) {
            var served = stand.run(HEAD + "sleep 0.1; setsid sh -c 'touch ready; while [ ! -e release ]; do sleep 0.02;"
                    + " done; touch end'" + NOWHERE + "& while [ ! -e ready ]; do sleep 0.02; done");
            assertEquals(200, served.answer().status());
            stand.onLoop(() -> {});
            assertFalse(served.over());

            stand.make("release");

            assertEquals(null, served.outcome().problem());
            assertTrue(Files.exists(folder.resolve("end")));
        }
    }

    @Test
    void tellsThoseThatLeftTheSessionToEndBeforeItKills() throws Exception {
        try (CgiStand stand = stand(CgiStand.USUAL, false)) {
            var served = stand.run("sleep 0.1; setsid sh -c 'trap \"touch termed; exit\" TERM; touch ready;"
                    + " while :; do sleep 0.02; done'" + NOWHERE + "& exec sleep 300");
            stand.awaitFile("ready");

            stand.onLoop(() -> served.exchange.abort("the client went"));

            assertEquals("killed by SIGTERM", PumpsTest.exitWords(served.outcome()));
            assertTrue(Files.exists(folder.resolve("termed")));
        }
    }

    @ParameterizedTest(name = "with control groups: {0}")
    @ValueSource(booleans = {false, true})
    void endsWhatAScriptLeavesRunningWhereThePoolSaysSo(boolean leaves) throws Exception {
        CgiSettings settings = new CgiSettings(
                "test", CgiStand.seconds(5), CgiStand.seconds(30), CgiStand.USUAL.killGraceNanos(), true, 0, true);
        try (CgiStand stand = new CgiStand(folder, settings, leaves)) {
            String left =
                    leaves ? ESCAPED : "(trap '' TERM; touch ready; while :; do sleep 300; done)" + NOWHERE + "& ";
            var served =
                    stand.run(HEAD + "sleep 0.1; " + left + " while [ ! -e ready ]; do sleep 0.02; done; echo all");

            assertEquals("all\n", served.answer().body());
            Outcome outcome = served.outcome();
            assertEquals(null, outcome.problem());
            assertEquals("exit status 0", PumpsTest.exitWords(outcome));
            assertEquals(Set.of(), stand.alive());
        }
    }

    @Test
    void endsAForkBombInOneStroke() throws Exception {
        try (CgiStand stand = stand(BRIEF, true)) {
            stand.confinement = Confined.somebody(Confined.limits(-1, -1, -1, 60, -1, -1, -1));
            var served =
                    stand.run("trap '' TERM\n" + "while :; do setsid sleep 300 & setsid \"$0\" & done 2>/dev/null");

            assertEquals(504, served.answer().status());
            assertEquals(504, served.outcome().status());
            assertEquals(Set.of(), stand.alive());
        }
    }

    @Test
    void endsARequestAlsoWhenItsControlGroupBreaks() throws Exception {
        LeafSource broken = confinement -> {
            throw new IllegalStateException("thrown on purpose");
        };
        try (CgiStand stand = new CgiStand(folder, CgiStand.USUAL, broken)) {
            assertEquals(200, stand.run(HEAD + "sleep 0.1").outcome().status());
        }
    }

    private CgiStand stand(CgiSettings settings, boolean chained) throws Exception {
        CgiStand stand = new CgiStand(folder, settings, true);
        if (chained) {
            stand.confinement = Confined.somebody();
        }
        return stand;
    }

    /** The tree's path as /proc/PID/cgroup shows it. */
    private static String within(CgiStand stand) {
        String path = stand.tree.orElseThrow().path();
        return path.substring(path.indexOf("/cgi-fpm-"));
    }
}
