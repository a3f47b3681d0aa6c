package org.cgifpm.adapters.backend.warm;

import static org.cgifpm.adapters.backend.warm.WarmStand.HEAD;
import static org.cgifpm.adapters.backend.warm.WarmStand.PID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.os.Processes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keepers are replaced, let go and stopped, and no request notices. */
class KeeperChangeTest {
    private static final String WAIT = HEAD + """
            import os, time
            open('ready', 'w')
            while not os.path.exists('go'):
                time.sleep(0.02)
            print(os.getppid())
            """;
    /** Answers, and tells who it is; after the first request one of its modules is stale. */
    private static final String STALE = """
            say('ready 3')
            while True:
                number, fds = request()
                answer(fds, '%d\\n' % os.getpid())
                say('ended %s 4000000 0 0 0 0' % number, 'stale json')
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void replacesAKeeperThatHasForkedEnoughWithoutFailingARequestUnderLoad() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().maxRequests(10))) {
            String script = stand.script("pid.py", PID);
            Set<String> keepers = new HashSet<>();
            ArrayDeque<WarmRequest> running = new ArrayDeque<>();
            for (int i = 0; i < 200; i++) {
                if (running.size() == 8) {
                    keepers.add(running.remove().ok().strip().split(" ", 2)[1]);
                }
                running.add(stand.serve(stand.get(), script));
            }
            for (WarmRequest request : running) {
                keepers.add(request.ok().strip().split(" ", 2)[1]);
            }

            assertTrue(keepers.size() >= 3, () -> keepers.size() + " keepers");
            assertEquals(0, stand.warnings.size(), stand.warnings::toString);
            assertTrue(stand.infos("(max_requests)") >= 2, stand.infos::toString);
            assertEquals(0, stand.infos("runs cold"), stand.infos::toString);
            WarmStand.await(() -> assertEquals(1, stand.alive().size(), "the others have ended"));
        }
    }

    @Test
    void replacesAKeeperThatIsOldEnough() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().maxAge(Warmth.millis(300)))) {
            int first = stand.keeperPid();
            WarmStand.await(() -> assertNotEquals(first, stand.keeperPid()));

            assertTrue(stand.infos("(max_age)") >= 1, stand.infos::toString);
            assertEquals(0, stand.warnings.size(), stand.warnings::toString);
        }
    }

    @Test
    void replacesAKeeperWhoseModulesHaveChanged() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application stale = stand.liar(STALE);
            String first = stand.run(stale, HEAD).ok();
            WarmStand.await(() -> assertNotEquals(first, stand.run(stale, HEAD).ok()));

            assertTrue(stand.infos("is replaced: the file of its module json has changed") >= 1);
            WarmStand.await(() -> assertFalse(Processes.lives(Integer.parseInt(first.strip()))));
        }
    }

    @Test
    void letsAReplacedKeeperEndWithItsLastRequest() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().maxRequests(1))) {
            WarmRequest last = stand.run(WAIT);
            stand.awaitFile("ready");
            WarmStand.await(() -> assertEquals(2, stand.infos("is ready"), stand.infos::toString));
            int successor = stand.view().pid();
            stand.make("go");

            int old = Integer.parseInt(last.ok().strip());
            assertNotEquals(old, successor);
            assertEquals("exit status 0", last.exit());
            WarmStand.await(() -> assertFalse(Processes.lives(old)));
            assertEquals(successor, stand.keeperPid());
        }
    }

    @Test
    void goesOnWithATiredKeeperWhoseSuccessorFails() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application stale = stand.liar("""
                    if os.path.exists('first'):
                        open('tries', 'a').write('x')
                        sys.exit(1)
                    open('first', 'w')
                    """ + STALE);
            String first = stand.run(stale, HEAD).ok();
            WarmStand.await(() -> {
                assertEquals(first, stand.run(stale, HEAD).ok());
                assertTrue(stand.made("tries"));
            });

            for (int i = 0; i < 30; i++) {
                assertEquals(first, stand.run(stale, HEAD).ok());
            }
            assertTrue(stand.written("tries").length() < 10, stand.written("tries"));
            assertEquals(0, stand.infos("runs cold"), stand.infos::toString);
            assertEquals(0, stand.infos("forks again"), "the tired one's work is no proof of its successor");
        }
    }

    @Test
    void letsAnIdleKeeperGoAndStartsAnother() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().idleTimeout(Warmth.millis(200)))) {
            int first = stand.keeperPid();
            stand.awaitNothingLeft();
            assertEquals(List.of(), stand.views());

            assertNotEquals(first, stand.keeperPid());
            assertEquals(0, stand.warnings.size(), stand.warnings::toString);
        }
    }

    @Test
    void keepsAKeeperThatHasSomethingToDo() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().idleTimeout(Warmth.millis(100)))) {
            WarmRequest request = stand.run(WAIT);
            stand.awaitFile("ready");
            long begin = System.nanoTime();
            WarmStand.await(() -> assertTrue(System.nanoTime() - begin > 400_000_000L));

            assertEquals(1, stand.view().running());
            stand.make("go");
            assertEquals(200, request.answer().status());
            stand.awaitNothingLeft();
        }
    }

    @Test
    void letsAKeeperGoThatWasOpenedAndNeverUsed() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().idleTimeout(Warmth.millis(200)))) {
            stand.onLoop(() -> stand.warm.open(stand.keeper()));
            WarmStand.await(() -> assertEquals(1, stand.infos("is ready")));

            stand.awaitNothingLeft();
        }
    }

    @Test
    void letsTheOneGoThatIsIdleForLongestWhereTheyAreTooMany() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().maxKeepers(2))) {
            Application a = stand.keeperNamed("a");
            Application b = stand.keeperNamed("b");
            Application c = stand.keeperNamed("c");
            int first = stand.keeperPid(a);
            int second = stand.keeperPid(b);
            assertEquals(first, stand.keeperPid(a), "used after the other");

            stand.keeperPid(c);

            assertEquals(first, stand.keeperPid(a), "the other made way");
            WarmStand.await(() -> assertFalse(Processes.lives(second)));
            assertEquals(0, stand.infos("runs cold"), stand.infos::toString);
        }
    }

    @Test
    void runsAScriptColdWhereNoKeeperCanMakeWay() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().maxKeepers(1))) {
            WarmRequest busy = stand.run(stand.keeperNamed("a"), WAIT);
            stand.awaitFile("ready");

            assertEquals(
                    "cold\n",
                    stand.run(stand.keeperNamed("b"), HEAD + "print('cold')\n").ok());

            assertEquals(1, stand.infos("script1.py runs cold: no room for a keeper"), stand.infos::toString);
            stand.make("go");
            busy.ok();
            busy.outcome();
            assertEquals(
                    "warm\n",
                    stand.run(stand.keeperNamed("b"), HEAD + "print('warm')\n").ok());
            assertEquals(1, stand.infos("runs cold"), stand.infos::toString);
        }
    }

    @Test
    void replacesAKeeperAlsoWhereThereAreNoMoreThanThat() throws Exception {
        try (WarmStand stand =
                new WarmStand(folder, Warmth.usual().maxKeepers(1).maxRequests(1))) {
            int first = stand.keeperPid();
            WarmStand.await(() -> assertNotEquals(first, stand.keeperPid()));
        }
    }

    @Test
    void keepsNoMoreKeepersThanItMayWhereManyAreAskedForAtOnce() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual().maxKeepers(3))) {
            List<WarmRequest> requests = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                requests.add(stand.run(stand.keeperNamed("k" + i % 8), HEAD + "print('here')\n"));
            }
            for (WarmRequest request : requests) {
                assertEquals("here\n", request.ok());
                request.outcome();
            }
            WarmStand.await(() -> assertTrue(stand.alive().size() <= 3, () -> "living: " + stand.alive()));
        }
    }

    @Test
    void endsItsKeepersAfterTheirLastRequestWhenItStops() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            WarmRequest request = stand.run(WAIT);
            stand.awaitFile("ready");
            stand.keeperPid(stand.keeperNamed("idle"));
            stand.onLoop(stand.warm::stop);
            stand.onLoop(() -> assertFalse(stand.warm.idle()));

            // Whoever comes now is not turned away.
            assertEquals("late\n", stand.body(HEAD + "print('late')\n"));
            stand.make("go");
            assertEquals(200, request.answer().status());
            stand.awaitNothingLeft();
            stand.onLoop(() -> assertTrue(stand.warm.idle()));
        }
    }

    @Test
    void answersRequestsThatWaitForAKeeperWhenItStops() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application slow = stand.liar("""
                    open('starting', 'w')
                    while not os.path.exists('go'):
                        time.sleep(0.02)
                    """ + STALE);
            WarmRequest request = stand.run(slow, HEAD);
            stand.awaitFile("starting");
            stand.onLoop(stand.warm::stop);
            stand.make("go");

            request.ok();
            stand.awaitNothingLeft();
        }
    }

    @Test
    void endsAKeeperThatIsStartingWhenItStops() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            stand.onLoop(() -> stand.warm.open(stand.liar("nap()")));
            WarmStand.await(() -> assertEquals(1, stand.alive().size()));

            stand.onLoop(stand.warm::stop);

            stand.awaitNothingLeft();
            assertEquals(0, stand.warnings.size(), stand.warnings::toString);
        }
    }

    @Test
    void killsAKeeperThatDoesNotEndByItself() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            stand.onLoop(() -> stand.warm.open(
                    stand.liar("signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsay('ready 3')\nnap()")));
            WarmStand.await(() -> assertEquals(1, stand.infos("is ready")));

            stand.onLoop(stand.warm::stop);

            stand.awaitNothingLeft();
            assertEquals(0, stand.warnings.size(), stand.warnings::toString);
        }
    }

    @Test
    void startsScriptsByThemselvesOnceAllHasEnded() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            stand.keeperPid();
            stand.onLoop(stand.warm::end);
            stand.awaitNothingLeft();

            assertEquals("cold\n", stand.body(HEAD + "print('cold')\n"));
        }
    }

    @Test
    void namesTheModulesOnceThatScriptsImportAndAKeeperHasNot() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application lacking = stand.liar("""
                    say('ready 3')
                    while True:
                        number, fds = request()
                        answer(fds)
                        say('ended %s 4000000 0 0 0 0' % number, 'lacks sqlite3,csv /srv/a.py', 'lacks csv /srv/b.py')
                    """);
            stand.run(lacking, HEAD).ok();
            stand.run(lacking, HEAD).ok();

            WarmStand.await(() -> assertEquals("csv,sqlite3", stand.view().lacks()));
            assertEquals(
                    List.of("/srv/a.py imports sqlite3, csv, which preload in [pool.test.python] does not name"),
                    stand.infos.stream()
                            .filter(line -> line.contains("imports"))
                            .toList());
        }
    }

    @Test
    void remembersNoMoreModulesThanAnAdministratorReads() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            Application lacking = stand.liar("say('ready 3')\nfor i in range(3000):\n    say('lacks m%d /a' % i)\n"
                    + "open('said', 'w')\nnap()");
            stand.onLoop(() -> stand.warm.open(lacking));
            stand.awaitFile("said");
            WarmStand.await(() -> assertEquals(64, stand.view().lacks().split(",", -1).length));

            assertEquals(64, stand.infos("imports"));
        }
    }
}
