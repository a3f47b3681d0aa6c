package org.cgifpm.adapters.backend.warm;

import static org.cgifpm.adapters.backend.warm.WarmStand.HEAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.os.Processes;
import org.cgifpm.adapters.os.SignalName;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A keeper may be ended, stopped or broken by the user whose scripts it runs. */
class KeeperLossTest {
    private static final int SIGSTOP = 19;
    private static final String SLEEP =
            "import os, time\nopen('ready', 'w')\nwhile not os.path.exists('go'): time.sleep(0.02)\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest(name = "with control groups: {0}")
    @ValueSource(booleans = {false, true})
    void answersFiveHundredAndTwoWhenItIsKilledWhileRequestsRun(boolean leaves) throws Exception {
        try (WarmStand stand = new WarmStand(folder, new Syscalls(), Warmth.usual(), leaves)) {
            int before = stand.keeperPid();
            WarmRequest silent = stand.run(SLEEP);
            stand.awaitFile("ready");
            WarmRequest begun = stand.run(HEAD + "print('begun', flush=True)\n" + SLEEP.replace("ready", "begun"));
            stand.awaitFile("begun");

            Processes.signal(before, SignalName.SIGKILL);

            assertEquals(502, silent.answer().status());
            assertEquals("its keeper has ended: killed by SIGKILL", silent.problem());
            assertEquals(End.CUT, begun.answer().end());
            assertEquals("begun\n", begun.answer().body());
            assertNotEquals(before, stand.keeperPid());
            stand.awaitWarning("has ended: killed by SIGKILL");
            stand.make("go"); // without control groups, nobody can end them
            stand.awaitOnlyKeepers(1);
        }
    }

    @Test
    void getsAnotherWhenItIsKilledWhileItHasNothingToDo() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            int before = stand.keeperPid();
            Processes.signal(before, SignalName.SIGKILL);
            WarmStand.await(() -> assertFalse(Processes.lives(before)));

            assertNotEquals(before, stand.keeperPid());
            assertNotEquals(before, stand.view().pid());
        }
    }

    @Test
    void losesNoRequestThatWaitsForItWhenItIsKilled() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            // It takes nothing from its socket, so the second waits on this side.
            Application deaf = stand.liar("say('ready 3', 'ended 0 4000000 0 0 0 0')\nnap()");
            String large = "X=" + "x".repeat(120_000);
            List<WarmRequest> requests = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                requests.add(stand.serve(
                        stand.get(),
                        deaf,
                        stand.script("hello" + i + ".py", HEAD + "print('hello')\n"),
                        large,
                        large.replace("X=", "Y="),
                        large.replace("X=", "Z=")));
            }
            WarmStand.await(() -> assertTrue(stand.view().pid() > 0));
            int pid = stand.view().pid();
            int waiting = stand.view().waiting();
            int sent = 6 - waiting;
            assertTrue(sent > 0 && waiting > 0, () -> waiting + " wait");

            Processes.signal(pid, SignalName.SIGKILL);
            WarmStand.await(() -> assertTrue(requests.get(sent - 1).exchange.answered()));
            for (int i = 0; i < sent; i++) {
                assertEquals(502, requests.get(i).answer().status());
            }
            // Another of its kind takes them, and they are as badly off with it.
            WarmStand.await(() -> assertTrue(stand.view().pid() > 0));
            stand.onLoop(stand.warm::end);
            for (WarmRequest request : requests) {
                int status = request.answer().status();
                assertTrue(status == 502 || status == 200, () -> "status " + status);
            }
        }
    }

    @Test
    void answersFiveHundredAndTwoWithinASecondWhenItIsStopped() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            int before = stand.keeperPid();
            Processes.signal(before, SIGSTOP);
            long begin = System.nanoTime();
            WarmRequest request = stand.run(HEAD);

            assertEquals(502, request.answer().status());
            assertEquals("its keeper has been stopped", request.problem());
            // Within a second where the machine has time, and long before launch_timeout.
            assertTrue(System.nanoTime() - begin < 3_000_000_000L, "it took too long");
            assertNotEquals(before, stand.keeperPid());
            WarmStand.await(() -> assertFalse(Processes.lives(before)));
        }
    }

    @Test
    void doesNotTakeOneForStoppedThatMerelyTakesLong() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application slow = stand.liar("""
                    say('ready 3')
                    while True:
                        number, fds = request()
                        time.sleep(0.8)
                        answer(fds)
                        say('ended %s 4000000 0 0 0 0' % number)
                    """);

            assertEquals("lied\n", stand.run(slow, HEAD).ok());
        }
    }

    @Test
    void givesUpOneThatSaysNothingOfARequest() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().silence(Warmth.millis(600)))) {
            Application silent = stand.liar("say('ready 3')\nnap()");
            WarmRequest request = stand.run(silent, HEAD);

            assertEquals(502, request.answer().status());
            assertEquals("its keeper has said nothing of a request within launch_timeout", request.problem());
        }
    }

    /** The same answer as with a keeper, though not as soon. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "says nothing|nap()|is not ready within startup_timeout",
                "exits|sys.exit(3)|has ended: exit status 3",
                "closes its socket|channel.close(); os.close(0); nap()|has closed its socket",
                "fails|say('failed no module named x'); sys.exit(1)|cannot do its work: no module named x",
                "says nonsense|say('hello'); nap()|says what no keeper says",
            })
    void runsScriptsColdWhereAKeeper(String what, String text, String why) throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().startupTimeout(Warmth.millis(400)))) {
            Application broken = stand.liar(text);

            WarmRequest first = stand.run(broken, HEAD + "import sys\nprint('cold', sys.argv)\n");

            assertEquals("cold ['./script0.py']\n", first.ok());
            assertEquals("exit status 0", first.exit());
            assertEquals(
                    1, stand.infos("script0.py runs cold: its keeper fails: the keeper " + why), stand.infos::toString);
            assertEquals(1, stand.warnings(why), stand.warnings::toString);
            assertEquals(1, first.started.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nonexistent/python3", "/etc/passwd", "/bin/false"})
    void runsScriptsColdWhereTheInterpreterIsNone(String program) throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application broken = stand.keeperOfProgram(program);

            assertEquals("cold\n", stand.run(broken, HEAD + "print('cold')\n").ok());
            assertEquals(1, stand.warnings.size(), stand.warnings::toString);
            assertEquals(1, stand.infos("runs cold: its keeper"), stand.infos::toString);
        }
    }

    @Test
    void runsScriptsColdWhereAPreloadIsMissing() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application broken = stand.keeper("--preload=json,no_such_module");

            assertEquals("cold\n", stand.run(broken, HEAD + "print('cold')\n").ok());
            assertEquals(
                    1, stand.warnings("cannot do its work: cannot import no_such_module"), stand.warnings::toString);
        }
    }

    @Test
    void passesTheBodyToAScriptThatTurnsOutToRunCold() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application broken = stand.liar("sys.exit(1)");
            String body = "x".repeat(300_000);
            String script = stand.script("echo.py", HEAD + "import sys\nprint(sys.stdin.read(), end='')\n");

            assertEquals(
                    body,
                    stand.serve(stand.exchange("POST", body), broken, script).ok());
        }
    }

    @Test
    void triesABrokenOneAgainThoughNotAtOnceAndTellsTheLogOnce() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application mends = stand.liar("""
                    open('tried', 'a').write('x')
                    if not os.path.exists('mended'):
                        sys.exit(1)
                    say('ready 3')
                    while True:
                        number, fds = request()
                        answer(fds, 'warm\\n')
                        say('ended %s 4000000 0 0 0 0' % number)
                    """);
            String script = stand.script("hello.py", HEAD + "print('cold')\n");
            long begin = System.nanoTime();
            int requests = 0;
            while (System.nanoTime() - begin < 1_500_000_000L) {
                assertEquals("cold\n", stand.serve(stand.get(), mends, script).ok());
                requests++;
            }
            int tries = stand.written("tried").length();
            // At once, and after 0, 100, 200, 400, 800 ms.
            assertTrue(tries >= 3 && tries <= 6, tries + " tries");
            assertTrue(requests > tries, requests + " requests");
            assertEquals(1, stand.warnings("has ended: exit status 1") - stand.warnings("emergency"));
            assertTrue(stand.infos("hello.py runs cold") == 1, stand.infos::toString);

            stand.make("mended");
            WarmStand.await(() -> assertEquals(
                    "warm\n", stand.serve(stand.get(), mends, script).ok()));
            WarmStand.await(() -> assertEquals(1, stand.infos("forks again"), stand.infos::toString));
        }
    }

    @Test
    void runsAScriptThatEndsItsKeeperNoOftenerThanOneThatIsBroken() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            // Run cold, its parent would be these tests.
            String script = stand.script("murder.py", """
                    import os
                    parent = os.getppid()
                    if parent > 1 and b'/proc/self/fd/1\\0' in open('/proc/%d/cmdline' % parent, 'rb').read():
                        os.kill(parent, 9)
                    os._exit(1)
                    """);
            int lost = 0;
            for (int i = 0; i < 40; i++) {
                int status = stand.serve(stand.get(), script).answer().status();
                assertTrue(status == 502 || status == 500, "status " + status);
                lost += status == 502 ? 1 : 0;
            }
            int keepers = (int) stand.infos("is ready");
            assertTrue(keepers < 30, keepers + " keepers for 40 requests, " + lost + " answers of 502");
        }
    }
}
