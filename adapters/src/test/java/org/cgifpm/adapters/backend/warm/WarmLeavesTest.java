package org.cgifpm.adapters.backend.warm;

import static org.cgifpm.adapters.backend.warm.WarmStand.HEAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.cgifpm.adapters.os.Processes;
import org.cgifpm.adapters.os.SignalName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keepers in control groups, and requests that get one of their own. As root, with a writable cgroup v2 tree. */
class WarmLeavesTest {
    /** Waits until it is in another group than its parent. */
    private static final String JOINED = """
            import os, sys, time
            def group(pid):
                return [line for line in open('/proc/%s/cgroup' % pid) if line.startswith('0::')][0].strip()
            until = time.monotonic() + 10
            while group('self') == group(os.getppid()) and time.monotonic() < until:
                time.sleep(0.01)
            """;
    /** Twice forked, in a session of its own, deaf to TERM, without any descriptor that was there before. */
    private static final String ESCAPE = """
            import os, signal, sys, time
            def escape():
                sys.stdout.flush()
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        signal.signal(signal.SIGTERM, signal.SIG_IGN)
                        os.closerange(0, 256)
                        open('escaped', 'w').write('x')
                        while not os.path.exists('go'):
                            time.sleep(0.02)
                    os._exit(0)
                os.wait()
                while not os.path.exists('escaped'):
                    time.sleep(0.01)
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private WarmStand stand(Warmth settings) throws Exception {
        return WarmStand.withLeaves(folder, settings);
    }

    @Test
    void givesARequestThatRunsLongAControlGroupOfItsOwn() throws Exception {
        try (WarmStand stand = stand(Warmth.usual())) {
            String[] first = stand.body(HEAD + JOINED + "print(group('self'), group(os.getppid()))\n")
                    .strip()
                    .split(" ", 2);
            String own = "0::" + within(stand) + "/pool-stand/r-";

            assertTrue(first[0].startsWith(own), first[0]);
            assertTrue(first[1].startsWith(own), first[1]);
            assertNotEquals(first[0], first[1]);
        }
    }

    @Test
    void leavesAShortRequestInTheGroupOfItsKeeper() throws Exception {
        try (WarmStand stand = stand(Warmth.usual())) {
            String group = "print([line for line in open('/proc/self/cgroup') if line.startswith('0::')][0])\n";
            assertTrue(stand.body(HEAD + group).startsWith("0::" + within(stand) + "/pool-stand/r-"));
        }
    }

    @Test
    void leavesNoGroupBehind() throws Exception {
        Path home;
        try (WarmStand stand = stand(Warmth.usual().maxRequests(2))) {
            home = Path.of(stand.tree.orElseThrow().path());
            for (int i = 0; i < 6; i++) {
                assertEquals("joined\n", stand.body(HEAD + JOINED + "print('joined')\n"));
            }
        }
        assertFalse(Files.exists(home), home.toString());
    }

    @Test
    void endsWhatLeftTheSessionWithItsRequest() throws Exception {
        try (WarmStand stand = stand(Warmth.usual().requestTimeout(Warmth.millis(700)))) {
            WarmRequest request = stand.run(JOINED + ESCAPE + "escape()\ntime.sleep(300)\n");

            assertEquals(504, request.answer().status());
            request.outcome();
            assertEquals(1, stand.alive().size(), "its place was free before all of it had ended");
            assertTrue(stand.made("escaped"));
        }
    }

    @Test
    void countsWhatLeftTheSessionForAsLongAsItLives() throws Exception {
        try (WarmStand stand = stand(Warmth.usual())) {
            WarmRequest request = stand.run(HEAD + JOINED + ESCAPE + "escape()\nprint('all')\n");
            assertEquals("all\n", request.ok());
            stand.onLoop(() -> {});
            assertFalse(request.over(), "its place was free before all of it had ended");

            stand.make("go");

            assertNull(request.outcome().problem());
        }
    }

    @Test
    void endsWhatLeftTheSessionWhenTheScriptIsDoneWhereThePoolSaysSo() throws Exception {
        try (WarmStand stand = stand(Warmth.usual().killingBackground())) {
            WarmRequest request = stand.run(HEAD + JOINED + ESCAPE + "escape()\nprint('all')\n");

            assertEquals("all\n", request.ok());
            assertNull(request.outcome().problem());
            assertEquals("exit status 0", request.exit());
            assertEquals(1, stand.alive().size());
        }
    }

    /** That is no moment that could be hit: it is aimed at from all sides. */
    @Test
    void endsWhatARequestHasLeftThatIsOverJustAsItGetsAGroup() throws Exception {
        try (WarmStand stand = stand(Warmth.usual().killingBackground())) {
            String leaves = stand.script("leaves.py", HEAD + """
                    import os, sys, time
                    sys.stdout.flush()
                    if os.fork() == 0:
                        os.setsid()
                        os.closerange(0, 256)
                        time.sleep(300)
                        os._exit(0)
                    time.sleep(int(os.environ['MICROS']) / 1e6)
                    """);
            for (int i = 0; i < 500; i++) {
                WarmRequest request =
                        stand.serve(stand.exchange("GET", ""), stand.keeper(), leaves, "MICROS=" + (i % 100) * 80);
                assertEquals("", request.ok());
                assertEquals("exit status 0", request.exit());
            }
            WarmStand.await(() -> assertEquals(1, stand.alive().size(), "processes beside the keeper"));
        }
    }

    /** It was over before it had a group of its own: what it has started is in that of the keeper. */
    @Test
    void endsInTimeWhatAShortRequestLeftInTheGroupOfItsKeeper() throws Exception {
        try (WarmStand stand = stand(Warmth.usual().requestTimeout(Warmth.millis(700)))) {
            String brief = HEAD + """
                    import os, time
                    print('all', flush=True)
                    if os.fork() == 0:
                        os.setsid()
                        os.closerange(0, 256)
                        open('escaped', 'w').write('x')
                        time.sleep(300)
                    os._exit(0)
                    """;
            for (int i = 0; i < 3; i++) {
                assertEquals("all\n", stand.body(brief));
            }
            stand.awaitFile("escaped");
            int keeper = stand.keeperPid();

            stand.awaitOnlyKeepers(1);
            assertTrue(stand.alive().contains(keeper));
        }
    }

    @Test
    void endsAllThatAKeeperHasForkedWhenThatIsKilled() throws Exception {
        try (WarmStand stand = stand(Warmth.usual())) {
            int keeper = stand.keeperPid();
            WarmRequest joined = stand.run(JOINED + ESCAPE + "escape()\ntime.sleep(300)\n");
            stand.awaitFile("escaped");

            Processes.signal(keeper, SignalName.SIGKILL);

            assertEquals(502, joined.answer().status());
            joined.outcome();
            stand.awaitNothingLeft();
        }
    }

    @Test
    void tellsThoseThatLeftTheSessionToEndBeforeItKills() throws Exception {
        try (WarmStand stand = stand(Warmth.usual())) {
            WarmRequest request = stand.run(JOINED + """
                    import signal
                    def end(number, frame):
                        open('told', 'w')
                        os._exit(0)
                    if os.fork() == 0:
                        os.setsid()
                        signal.signal(signal.SIGTERM, end)
                        open('ready', 'w')
                        time.sleep(300)
                    time.sleep(300)
                    """);
            stand.awaitFile("ready");

            stand.onLoop(() -> request.exchange.abort("the client went"));

            assertEquals("killed by SIGTERM", request.exit());
            assertTrue(stand.made("told"));
        }
    }

    @Test
    void endsWhatAKeeperHasNotEndedInTime() throws Exception {
        try (WarmStand stand = stand(Warmth.usual().requestTimeout(Warmth.millis(500)))) {
            // It forks as it should, and hears no word of ending anything.
            WarmRequest request = stand.run(stand.liar("""
                            say('ready 3')
                            while True:
                                number, fds = request()
                                pid = os.fork()
                                if pid == 0:
                                    os.setsid()
                                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                                    open('forked', 'w')
                                    nap()
                                say('forked %s %d' % (number, pid))
                                close(fds)
                                os.waitpid(pid, 0)
                                say('ended %s %d 9 0 0 0' % (number, pid))
                            """), HEAD);

            assertEquals(504, request.answer().status());
            assertEquals("killed by SIGKILL", request.exit());
            assertEquals(0, stand.warnings.size(), stand.warnings::toString);
            assertEquals(1, stand.alive().size(), "the keeper may stay");
            assertNotEquals(Set.of(), stand.alive());
        }
    }

    /** The tree's path as /proc/PID/cgroup shows it. */
    private static String within(WarmStand stand) {
        String path = stand.tree.orElseThrow().path();
        return path.substring(path.indexOf("/cgi-fpm-"));
    }
}
