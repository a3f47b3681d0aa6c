package org.cgifpm.adapters.backend.warm;

import static org.cgifpm.adapters.backend.warm.WarmStand.HEAD;
import static org.cgifpm.adapters.backend.warm.WarmStand.PID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request of a Python script gets a process that is forked from a keeper, and is answered and accounted by it. */
class ForkingTest {
    private static final String BLOCK =
            "import os, time\nopen('ready', 'w')\nwhile not os.path.exists('go'): time.sleep(0.02)\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void answersWithWhatTheScriptPrints() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            WarmRequest request = stand.run(HEAD + "import sys\nprint('hello', __name__, sys.argv)\n");

            assertEquals("hello __main__ ['./script0.py']\n", request.ok());
            Outcome outcome = request.outcome();
            assertEquals(200, outcome.status());
            assertEquals(folder + "/script0.py", outcome.script());
            assertNull(outcome.problem());
            assertTrue(outcome.complete());
            assertEquals("exit status 0", request.exit());
            assertEquals(0, stand.infos("cold"), stand.infos::toString);
        }
    }

    @Test
    void tellsHowTheScriptEndedAndWhatItWroteToStandardError() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            WarmRequest failed = stand.run("import sys\nprint('no', 'head', file=sys.stderr)\nsys.exit(7)\n");
            WarmRequest raised = stand.run("1 / 0\n");
            WarmRequest killed = stand.run(HEAD + "import os, sys\nsys.stdout.flush()\nos.kill(os.getpid(), 9)\n");

            assertEquals(500, failed.answer().status());
            assertEquals("exit status 7", failed.exit());
            assertEquals("no head\n".length(), failed.outcome().stderrBytes());
            assertTrue(stand.stderr.contains("no head"), stand.stderr::toString);
            assertEquals(500, raised.answer().status());
            assertEquals("exit status 1", raised.exit());
            assertTrue(stand.stderr.contains("ZeroDivisionError: division by zero"), stand.stderr::toString);
            assertEquals(End.CUT, killed.answer().end());
            assertEquals("killed by SIGKILL", killed.exit());
        }
    }

    @Test
    void accountsTheProcessorTimeOfTheScript() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            WarmRequest busy = stand.run(HEAD + "import time\nwhile time.process_time() < 0.2: pass\n");
            WarmRequest lazy = stand.run(HEAD + "import time\ntime.sleep(0.2)\n");

            assertTrue(micros(busy) >= 190_000, busy.outcome()::toString);
            assertTrue(micros(lazy) < 100_000, lazy.outcome()::toString);
        }
    }

    private static long micros(WarmRequest request) throws InterruptedException {
        ExitStatus exit = request.outcome().exit();
        return exit == null ? -1 : exit.userMicros() + exit.systemMicros();
    }

    @Test
    void givesEachRequestAProcessOfItsOwnFromTheSameKeeper() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            String[] first = stand.body(PID).strip().split(" ", -1);
            String[] second = stand.body(PID).strip().split(" ", -1);

            assertNotEquals(first[0], second[0]);
            assertEquals(first[1], second[1]);
            KeeperView view = stand.view();
            assertEquals(Integer.parseInt(first[1]), view.pid());
            assertEquals(2, view.forks());
            assertTrue(view.version().matches("3\\.[0-9]+\\.[0-9]+"), view.version());
            assertEquals(1, stand.infos("is ready"));
            assertEquals(0, stand.warnings.size(), stand.warnings::toString);
        }
    }

    @Test
    void tellsTheSupervisorOfTheProcessOnceAndWithItsNumber() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            WarmRequest quick = stand.run(PID);
            String pid = quick.ok().split(" ", -1)[0];
            WarmRequest slow = stand.run(HEAD + "import os\nprint(os.getpid(), flush=True)\n" + BLOCK);
            stand.awaitFile("ready");

            WarmStand.await(() -> assertEquals(1, slow.started.size()));
            stand.onLoop(() -> assertEquals(slow.started, stand.backend.running()));
            stand.make("go");

            assertEquals(slow.ok().strip(), "" + slow.started.get(0).pid());
            assertEquals(folder + "/script1.py", slow.started.get(0).script());
            quick.outcome();
            slow.outcome();
            assertEquals(
                    List.of(pid),
                    quick.started.stream().map(one -> "" + one.pid()).toList());
            assertEquals(1, slow.started.size());
        }
    }

    @Test
    void showsNothingOfOneRequestToTheNext() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            stand.script(
                    "set.py",
                    HEAD + "import os, sys, json\nos.environ['X'] = sys.left = json.left = 'left'\n"
                            + "os.chdir('/')\nprint(os.environ['ONLY_HERE'])\n");
            stand.script(
                    "get.py",
                    HEAD + "import os, sys, json\n"
                            + "print(os.environ.get('X'), os.environ.get('ONLY_HERE'), hasattr(sys, 'left'),"
                            + " hasattr(json, 'left'), os.getcwd())\n");

            assertEquals(
                    "here\n",
                    stand.serve(stand.get(), stand.keeper(), "set.py", "ONLY_HERE=here")
                            .ok());
            assertEquals(
                    "None None False False " + folder.toRealPath() + "\n",
                    stand.serve(stand.get(), "get.py").ok());
        }
    }

    @Test
    void passesEnvironmentBytesAsTheyAre() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            stand.script("bytes.py", HEAD + "import os\nprint(os.environb[b'QUERY'], os.environb[b'EMPTY'])\n");
            String all = "\u0001\t\n =\u007f\u0080\u00ff\u00e4";

            WarmRequest request = stand.serve(stand.get(), stand.keeper(), "bytes.py", "QUERY=" + all, "EMPTY=");

            assertEquals("b'\\x01\\t\\n =\\x7f\\x80\\xff\\xe4' b''\n", request.ok());
        }
    }

    @Test
    void movesThreeMegabytesBothWays() throws Exception {
        long seed = System.nanoTime();
        byte[] bytes = new byte[3_000_000];
        new Random(seed).nextBytes(bytes);
        String body = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            String script = stand.script("echo.py", """
                    import shutil, sys
                    sys.stdout.buffer.write(b'Content-Type: x/y\\n\\n')
                    shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer, 10000)
                    """);

            WarmRequest request = stand.serve(stand.exchange("POST", body), script);

            assertTrue(body.equals(request.ok()), "the body came back changed, seed " + seed);
        }
    }

    @Test
    void givesAnEmptyInputToAScriptWhoseRequestHasNoBody() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            assertEquals("''\n", stand.body(HEAD + "import sys\nprint(repr(sys.stdin.read()))\n"));
        }
    }

    @Test
    void runsAnswersOnWhileOthersWaitForTheirBodies() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            FakeExchange slow = stand.exchange("POST", "some");
            slow.body().unfinished = true;
            WarmRequest waiting =
                    stand.serve(slow, stand.script("read.py", HEAD + "import sys\nprint(sys.stdin.read())\n"));

            assertEquals("hello\n", stand.body(HEAD + "print('hello')\n"));
            assertFalse(waiting.over());
            stand.onLoop(() -> slow.body().arrive(" more".getBytes(java.nio.charset.StandardCharsets.UTF_8), true));
            assertEquals("some more\n", waiting.ok());
        }
    }

    @Test
    void letsAllRequestsWaitThatComeWhileTheKeeperStarts() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            List<WarmRequest> requests = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                requests.add(stand.run(HEAD + "print('number', " + i + ")\n"));
            }
            for (int i = 0; i < 20; i++) {
                assertEquals("number " + i + "\n", requests.get(i).ok());
            }
            assertEquals(20, stand.view().forks());
            assertEquals(1, stand.infos("is ready"));
        }
    }

    @Test
    void startsAKeeperBeforeTheFirstRequestWhereThatIsAskedFor() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            stand.onLoop(() -> stand.warm.open(stand.keeper()));
            stand.onLoop(() -> stand.warm.open(stand.keeper()));
            WarmStand.await(() -> assertTrue(stand.view().pid() > 0));

            int before = stand.view().pid();
            assertEquals(before, stand.keeperPid());
            assertEquals(1, stand.infos("is ready"));
        }
    }

    @Test
    void keepsAKeeperForEachInterpreterAndUser() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            int first = stand.keeperPid(stand.keeperNamed("one"));
            int second = stand.keeperPid(stand.keeperNamed("two"));

            assertNotEquals(first, second);
            assertEquals(first, stand.keeperPid(stand.keeperNamed("one")));
            assertEquals(
                    List.of("one", "two"),
                    stand.views().stream().map(KeeperView::interpreter).toList());
        }
    }

    @Test
    void saysOnceWhyAScriptRunsColdThatTheKeeperCannotRun() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            String script = stand.script("broken.py", "print('never'\n");

            WarmRequest first = stand.serve(stand.get(), script);
            WarmRequest second = stand.serve(stand.get(), script);

            assertEquals(500, first.answer().status());
            assertEquals("exit status 1", first.exit());
            assertEquals("exit status 1", second.exit());
            assertTrue(stand.stderr.stream().anyMatch(line -> line.startsWith("SyntaxError")), stand.stderr::toString);
            assertEquals(1, stand.infos("broken.py runs cold: syntax"), stand.infos::toString);
        }
    }

    @Test
    void answersFourHundredAndThirtyOneWhereTheEnvironmentIsLongerThanAKeeperTakes() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            stand.script(
                    "size.py",
                    HEAD + "import os\nprint(sum(len(v) for n, v in os.environ.items() if n.startswith('BIG')))\n");
            String tenth = "x".repeat(100_000);
            String[] nine = new String[9];
            String[] eleven = new String[11];
            for (int i = 0; i < 11; i++) {
                eleven[i] = "BIG" + i + "=" + tenth;
            }
            System.arraycopy(eleven, 0, nine, 0, 9);

            WarmRequest fits = stand.serve(stand.get(), stand.keeper(), "size.py", nine);
            WarmRequest tooLong = stand.serve(stand.get(), stand.keeper(), "size.py", eleven);

            assertEquals("900000\n", fits.ok());
            assertEquals(431, tooLong.answer().status());
            assertTrue(tooLong.problem().contains("1048576"), tooLong.problem());
        }
    }

    @Test
    void answersFiveHundredForAScriptThatIsGoneWhenItIsForked() throws Exception {
        try (WarmStand stand = new WarmStand(folder, Warmth.usual())) {
            stand.keeperPid();
            String script = stand.script("gone.py", HEAD);
            Files.delete(folder.resolve(script));

            WarmRequest request = stand.serve(stand.get(), script);

            assertEquals(500, request.answer().status());
            assertNotEquals("exit status 0", request.exit());
            assertEquals(1, stand.infos("gone.py runs cold: unreadable"), stand.infos::toString);
        }
    }
}
