package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.KeptClient;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.Neighbour;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Repository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a hostile script of one user can do with the interpreter that it was forked from: harm that user's own pool for a
 * moment. Bob's pool is asked all the time, and neither fails nor waits; his interpreter lives through all of it.
 */
@Timeout(300)
class WarmIsolationIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final String CUT = "cut";
    private static final Set<String> ALL_BUT_SILENCE = Set.of("200", "500", "502", "503", "504", CUT);
    /** So long may bob wait on a machine that does other things, too; by itself it is a few milliseconds. */
    private static final Duration SLOW = Duration.ofMillis(1500);

    private static final Duration RECOVERED = Duration.ofSeconds(6);
    /** An attack that needs its time to take effect has this much of it. */
    private static final String REQUEST_TIMEOUT = "1500ms";

    private static final LocalUsers USERS = new LocalUsers();
    private static Path scripts;
    private static Daemon daemon;
    private static Pool alices;
    private static Pool small;
    private static Pool bobs;
    private Neighbour bob;
    private String bobsKeeper;

    @BeforeAll
    static void start() throws Exception {
        LocalUsers.User alice = USERS.user("cgifpmwarma");
        LocalUsers.User other = USERS.user("cgifpmwarmb");
        scripts = LAB.newFolder("cgi");
        Files.setPosixFilePermissions(scripts, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path attack = Repository.ROOT.resolve("e2e/src/test/resources/attack/hostile.py");
        install("hostile.py", Files.readString(attack));
        install("hello.py", "#!/usr/bin/python3\nprint('Content-Type: text/plain\\n\\nhello')\n");
        install(
                "keeper.py",
                "#!/usr/bin/python3\nimport os\nprint('Content-Type: text/plain\\n\\n%d' % os.getppid())\n");
        alices = pool("alice", alice.name())
                .set("max_children", 8)
                .set("request_timeout", REQUEST_TIMEOUT)
                .table("limits", "processes = 60", "memory = \"512M\"", "files = 64");
        small = pool("small", alice.name()).set("max_children", 1).set("request_timeout", "500ms");
        // His interpreter is to live through all of it.
        bobs = pool("bob", other.name()).table("python", "max_requests = 0", "max_age = \"0s\"");
        daemon = LAB.daemon(alices, small, bobs);
    }

    @AfterAll
    static void removeUsers() {
        try {
            // No user can be removed that has processes, such as an interpreter.
            if (daemon.alive()) {
                daemon.stopCleanly(Duration.ofSeconds(20));
            }
        } finally {
            USERS.close();
        }
    }

    private static Pool pool(String name, String user) {
        return Pool.unix(name, LAB.folder(), scripts)
                .set("mode", "warm")
                .set("user", user)
                .list("allowed_users", "root")
                .set("kill_grace", "200ms");
    }

    private static void install(String name, String text) throws IOException {
        Path script = scripts.resolve(name);
        Files.writeString(script, text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @BeforeEach
    void letBobWork() throws IOException {
        bobsKeeper = ask(bobs, "/keeper.py", "").text();
        bob = Neighbour.asking(() -> {
            String outcome = outcome(bobs, "/hello.py", "");
            return outcome.equals("200") ? null : outcome;
        });
    }

    @AfterEach
    void bobHasNotNoticed() throws IOException {
        Neighbour.Seen seen = bob.seen();
        bob.close();
        assertEquals(List.of(), seen.failures());
        assertTrue(seen.slowest().compareTo(SLOW) < 0, seen::toString);
        assertEquals(bobsKeeper, ask(bobs, "/keeper.py", "").text(), "bob's keeper");
        assertTrue(daemon.alive());
    }

    /** Whatever it does, its client gets an answer, and a moment later the pool serves again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "signal:1",
                "signal:2",
                "signal:9",
                "signal:10",
                "signal:15",
                "signal:19",
                "stop-and-stay",
                "trace-and-stay",
                "overwrite",
                "shout",
                "bomb",
                "exhaust",
                "core",
                "steal",
                "noise",
                "no-end",
                "claim-and-stay",
                "flood:gone+1",
                "flood:cold+1+a+b",
                "flood:lacks+a,b,c+/x",
                "say:ended+1+1+0+0+0+0%n",
                "say:forked+1+0%n",
                "say:failed+as+I+say%n",
                "say:stale+json%n",
                "say:ready+9.9%nready+9.9%n",
                "say:modules+%n",
                "say:%n",
                "say:hello%n",
                "say:busy+1%n",
            })
    void harmsNobodyElse(String deed) throws Exception {
        String outcome = outcome(alices, "/hostile.py", deed);

        assertTrue(ALL_BUT_SILENCE.contains(outcome), outcome);
        Duration took = untilServed(alices);
        System.out.println("hostile: " + deed + ": " + outcome + ", serves again after " + took.toMillis() + " ms");
        // A bomb's processes are alice's, and she may have no more while they end.
        assertTrue(took.compareTo(RECOVERED) < 0, took::toString);
    }

    /** The promise of a second, for the worst: one that is gone, and one that is there and does nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"signal:9", "signal:19"})
    void servesAgainWithinASecond(String deed) throws Exception {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            outcome(alices, "/hostile.py", deed);
            times.add(untilServed(alices));
        }
        Collections.sort(times);
        System.out.println("hostile: " + deed + ": serves again after " + times);
        assertTrue(times.get(2).toMillis() < 1000, times::toString);
    }

    /** It holds the only place, and what it was forked from cannot tell of its end. */
    @ParameterizedTest
    @ValueSource(strings = {"stop-and-stay", "trace-and-stay", "claim-and-stay", "steal"})
    void keepsNoPlaceForEver(String deed) throws Exception {
        String outcome = outcome(small, "/hostile.py", deed);

        assertTrue(ALL_BUT_SILENCE.contains(outcome), outcome);
        Duration took = untilServed(small);
        System.out.println("hostile: the only place: " + deed + ": " + outcome + ", " + took.toMillis() + " ms");
        assertTrue(took.compareTo(RECOVERED) < 0, took::toString);
    }

    /** The numbers are those of the daemon, of bob's interpreter, and of a process that there is not. */
    @Test
    void hasNobodySignalledWhoseNumberItNames() throws Exception {
        for (String victim : List.of(Long.toString(daemon.pid()), bobsKeeper, "1", "4000000")) {
            StringBuilder lies = new StringBuilder();
            for (int request = 1; request < 400; request++) {
                lies.append("forked+" + request + "+" + victim + "%n");
            }
            String outcome = outcome(alices, "/hostile.py", "say-and-stay:" + lies);
            assertTrue(ALL_BUT_SILENCE.contains(outcome), outcome);
            untilServed(alices);
            assertTrue(daemon.alive());
        }
    }

    @Test
    void leavesNothingForTheNextRequestToSee() throws Exception {
        String before = ask(alices, "/hostile.py", "probe").text();
        String keeper = ask(alices, "/keeper.py", "").text();

        assertEquals("200", outcome(alices, "/hostile.py", "poison"));

        assertEquals(before, ask(alices, "/hostile.py", "probe").text());
        assertEquals(keeper, ask(alices, "/keeper.py", "").text(), "another keeper proves nothing");
    }

    @Test
    void inheritsNothingButItsStandardStreams() throws Exception {
        assertEquals("written to []\n", ask(alices, "/hostile.py", "shout").text());
    }

    /** From now until a request is served. */
    private static Duration untilServed(Pool pool) {
        long begin = System.nanoTime();
        long limit = begin + Duration.ofSeconds(25).toNanos();
        while (!outcome(pool, "/hello.py", "").equals("200")) {
            assertTrue(System.nanoTime() < limit, () -> pool.name() + " serves nobody any more");
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static String outcome(Pool pool, String script, String query) {
        try {
            Answer answer = ask(pool, script, query);
            return answer.complete() ? Integer.toString(answer.status()) : CUT;
        } catch (IOException cut) {
            return CUT;
        }
    }

    private static Answer ask(Pool pool, String script, String query) throws IOException {
        try (KeptClient client = new KeptClient(pool.address())) {
            return client.ask(CgiParams.get(scripts, script, query), new byte[0]);
        }
    }
}
