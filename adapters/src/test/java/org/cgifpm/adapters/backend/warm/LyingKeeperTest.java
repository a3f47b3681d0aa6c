package org.cgifpm.adapters.backend.warm;

import static org.cgifpm.adapters.backend.warm.WarmStand.HEAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.os.Processes;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A keeper is a process of its user and may say and do whatever it likes: that costs its own requests an answer. */
class LyingKeeperTest {
    /** A number that no process has. */
    private static final String NOBODY = "4000000";

    private static final String SERVES = """
            while True:
                number, fds = request()
                answer(fds)
                say('ended %s 4000000 0 0 0 0' % number)
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "garbage|say('hello')",
                "a word with half of its fields|say('forked ' + number)",
                "a number of no process|say('forked %s 1' % number)",
                "an empty line|say('')",
                "a line without an end|channel.sendall(b'x' * 70000)",
                "bytes|channel.sendall(os.urandom(100) + bytes([10]))",
                "failed after all|say('failed I do not want to')",
                "nothing, and closes its socket|channel.close(); os.close(0)",
            })
    void answersFiveHundredAndTwoWhereItSays(String what, String text) throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application liar = stand.liar("say('ready 3')\nnumber, fds = request()\n" + text + "\nnap()\n");
            WarmRequest request = stand.run(liar, HEAD);

            assertEquals(502, request.answer().status());
            assertTrue(request.problem().startsWith("its keeper "), request.problem());
            assertEquals("killed by SIGKILL", request.exit(), "of its end nobody has told");
            assertEquals("honest\n", stand.body(HEAD + "print('honest')\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ready 4",
                "modules a,b,c",
                "modules",
                "forked 999999999 " + NOBODY,
                "forked -1 " + NOBODY,
                "ended 999999999 " + NOBODY + " 0 0 0 0",
                "ended 999999999 " + NOBODY + " 0 0 0 1",
                "gone 999999999",
                "busy 999999999 11",
                "cold 999999999 because",
                "lacks a,b /somewhere",
            })
    void hearsWithoutHarmWhatConcernsNoRequest(String word) throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application liar = stand.liar("say('ready 3')\nsay(*['" + word + "'] * 1000)\n" + SERVES);

            assertEquals("lied\n", stand.run(liar, HEAD).ok());
            assertEquals("lied\n", stand.run(liar, HEAD).ok());
            assertEquals(0, stand.warnings.size(), stand.warnings::toString);
            assertEquals("3", stand.view().version());
            assertEquals(1, stand.infos("is ready"));
        }
    }

    @Test
    void hearsWithoutHarmOfARequestMoreThanOnce() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application liar = stand.liar("""
                    say('ready 3')
                    while True:
                        number, fds = request()
                        answer(fds)
                        say(*['forked %s %d' % (number, pid) for pid in range(4000000, 4000100)])
                        say('ended %s 4000000 0 7 8 1' % number)
                        say(*['ended %s 4000000 256 0 0 %d' % (number, left) for left in (0, 1) * 10])
                        say('busy %s 11' % number, 'cold %s why' % number, 'forked %s 4000000' % number)
                        say(*['gone ' + number] * 10)
                        say('ended %s 4000000 0 0 0 1' % number)
                    """);

            for (int i = 0; i < 5; i++) {
                WarmRequest request = stand.run(liar, HEAD);
                assertEquals("lied\n", request.ok());
                assertEquals("exit status 0", request.exit());
                assertEquals(1, request.started.size());
                assertEquals(4_000_000, request.started.get(0).pid());
            }
        }
    }

    @Test
    void answersFiveHundredAndThreeWhereItSaysThatThereIsNoRoomThoughTheScriptHasAnswered() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application liar = stand.liar("""
                    say('ready 3')
                    number, fds = request()
                    say('busy %s 11' % number, 'ended %s 4000000 0 0 0 0' % number, 'busy %s 12' % number)
                    answer(fds)
                    nap()
                    """);
            WarmRequest request = stand.run(liar, HEAD);

            assertEquals(503, request.answer().status());
            assertTrue(request.problem().startsWith("no room for a process"), request.problem());
        }
    }

    /** On a busy machine an honest keeper is as slow. */
    @Test
    void believesOneThatTellsATenthOfASecondLateThatAScriptWasKilled() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application slow = stand.liar("""
                    say('ready 3')
                    number, fds = request()
                    answer(fds)
                    time.sleep(0.12)
                    say('ended %s 4000000 9 0 0 0' % number)
                    nap()
                    """);
            WarmRequest request = stand.run(slow, HEAD);

            assertEquals(End.CUT, request.answer().end());
            assertEquals("killed by SIGKILL", request.exit());
        }
    }

    @Test
    void endsOneThatNeverTellsOfTheEndOfAProcess() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().requestTimeout(Warmth.millis(400)))) {
            Application liar = stand.liar("""
                    say('ready 3')
                    number, fds = request()
                    say('forked %s 4000000' % number)
                    answer(fds)
                    nap()
                    """);
            WarmRequest request = stand.run(liar, HEAD);

            // All that it was asked for is there; then it is told to end it, and has some time for that.
            assertEquals("lied\n", request.ok());
            assertEquals("killed by SIGKILL", request.exit());
            assertEquals("honest\n", stand.body(HEAD + "print('honest')\n"));
            stand.awaitWarning("has not ended the process of");
        }
    }

    @Test
    void endsOneThatSaysForEverThatOthersOfAGroupLive() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().requestTimeout(Warmth.millis(400)))) {
            Application liar = stand.liar("""
                    say('ready 3')
                    number, fds = request()
                    answer(fds)
                    say('ended %s 4000000 0 0 0 1' % number)
                    nap()
                    """);
            WarmRequest request = stand.run(liar, HEAD);

            assertEquals("lied\n", request.ok());
            assertEquals("exit status 0", request.exit());
            assertEquals("request_timeout: what it left running was ended", request.problem());
            stand.awaitWarning("has not ended the process of");
        }
    }

    /** Told of the number of another process, the daemon neither signals it nor puts it into a control group. */
    @ParameterizedTest(name = "with control groups: {0}")
    @ValueSource(booleans = {false, true})
    void endsNobodyElse(boolean leaves) throws Exception {
        Process stranger = new ProcessBuilder("/bin/sleep", "300").start();
        Warmth hasty = Warmth.usual().requestTimeout(Warmth.millis(400));
        try (WarmStand stand = new WarmStand(folder, new Syscalls(), hasty, leaves)) {
            long self = ProcessHandle.current().pid();
            for (long pid : List.of(stranger.pid(), self)) {
                Application liar = stand.liar(
                        "say('ready 3')\nnumber, fds = request()\n" + "say('forked %s " + pid + "' % number)\nnap()\n");
                String before = groups(stranger.pid()) + groups(self);
                WarmRequest request = stand.run(liar, HEAD);
                WarmRequest aborted = stand.run(
                        stand.liar("say('ready 3')\nnumber, fds = request()\nopen('ready" + pid + "', 'w')\n"
                                + "say('ended %s " + pid + " 0 0 0 1' % number)\nnap()\n"),
                        HEAD);
                stand.awaitFile("ready" + pid);
                stand.onLoop(() -> aborted.exchange.abort("the client went"));

                assertEquals(504, request.answer().status());
                request.outcome();
                aborted.outcome();
                assertEquals(before, groups(stranger.pid()) + groups(self));
            }
            assertTrue(stranger.isAlive(), "it was ended");
        } finally {
            stranger.destroyForcibly();
            assertTrue(stranger.waitFor(10, TimeUnit.SECONDS));
        }
    }

    private static String groups(long pid) throws java.io.IOException {
        return java.nio.file.Files.readString(Path.of("/proc/" + pid + "/cgroup"));
    }

    @Test
    void keepsNoDescriptorThatItPushes() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application liar = stand.liar("""
                    say('ready 3')
                    for i in range(500):
                        pipe = os.pipe()
                        socket.send_fds(channel, [b'stale x\\n'], pipe)
                        close(pipe)
                    open('pushed', 'w')
                    """ + SERVES);
            stand.onLoop(() -> stand.warm.open(liar));
            stand.awaitFile("pushed");
            WarmStand.await(() -> assertTrue(stand.view().pid() > 0));
            stand.onLoop(() -> {});

            assertTrue(Processes.openHere() < 100, () -> Processes.openHere() + " open");
            assertEquals("lied\n", stand.run(liar, HEAD).ok());
        }
    }

    @Test
    void startsOneKeeperAfterTheOtherNoFasterThanTheyFail() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application liar = stand.liar("""
                    open('starts', 'a').write('x')
                    say('ready 3')
                    while True:
                        say('stale json')
                        number, fds = request()
                        close(fds)
                        say('nonsense')
                        nap()
                    """);
            for (int i = 0; i < 20; i++) {
                int status = stand.run(liar, HEAD + "print('cold')\n").answer().status();
                assertTrue(status == 502 || status == 200, "status " + status);
            }
            assertNotEquals(20, stand.written("starts").length());
        }
    }

    @Test
    void readsOnThoughItTalksWithoutEnd() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application liar = stand.liar("""
                    say('ready 3')
                    while not os.path.exists('enough'):
                        say(*['modules ' + 'x' * 60000] * 10)
                    """ + SERVES);
            stand.onLoop(() -> stand.warm.open(liar));

            for (int i = 0; i < 5; i++) {
                assertEquals("honest\n", stand.body(HEAD + "print('honest')\n"));
            }
            stand.make("enough");
            assertEquals("lied\n", stand.run(liar, HEAD).ok());
        }
    }

    @Test
    void answersFiveHundredAndTwoWhereOneThatIsBeingReplacedClosesItsSocket() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().maxRequests(1))) {
            Application liar = stand.liar("""
                    say('ready 3')
                    number, fds = request()
                    say('forked %s 4000000' % number)
                    if not os.path.exists('first'):
                        open('first', 'w')
                        while not os.path.exists('go'):
                            time.sleep(0.02)
                        channel.close()
                        os.close(0)
                    else:
                        answer(fds)
                        say('ended %s 4000000 0 0 0 0' % number)
                    nap()
                    """);
            WarmRequest first = stand.run(liar, HEAD);
            stand.awaitFile("first");
            WarmStand.await(() -> assertEquals(2, stand.infos("is ready"), stand.infos::toString));
            stand.make("go");

            assertEquals(502, first.answer().status());
            assertEquals("its keeper has closed its socket", first.problem());
        }
    }
}
