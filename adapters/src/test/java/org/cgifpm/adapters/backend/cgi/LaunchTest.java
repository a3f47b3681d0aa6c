package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.WarmPlan;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchTest {
    private static final String HEAD = "printf 'Content-Type: text/plain\\n\\n'\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private CgiStand stand;

    @BeforeEach
    void start() throws Exception {
        stand = new CgiStand(folder);
    }

    @AfterEach
    void stop() {
        stand.close();
    }

    /** A raised limit starts programs through a link, which must not hide what is wrong with them. */
    @ParameterizedTest(name = "with the daemon''s own limit raised: {0}")
    @ValueSource(booleans = {false, true})
    void saysWhatIsWrongWithAScriptThatCannotBeStarted(boolean raised) throws Exception {
        if (raised) {
            raiseLimit();
        }
        refuses("absent", "#!/nowhere/python2\n", 500, "its interpreter /nowhere/python2 does not exist");
        refuses("absent-with-option", "#! /nowhere/perl -w\n", 500, "its interpreter /nowhere/perl does not exist");
        refuses(
                "crlf",
                "#!/bin/sh\r\necho\r\n",
                500,
                "its #! line ends with CR LF, so the kernel looks for an interpreter named \"/bin/sh\\r\": save it with"
                        + " LF line ends");
        refuses(
                "no-head",
                "echo hello\n",
                500,
                "exec format error: it has no #! line and is no program of this machine");
        stand.file("plain-interpreter", "", "rw-r--r--");
        refuses(
                "not-executable",
                "#!" + folder + "/plain-interpreter\n",
                500,
                "the kernel refuses to execute it: is " + folder
                        + "/plain-interpreter executable, and its file system not mounted noexec?");
    }

    @Test
    void saysThatAScriptIsGone() throws Exception {
        var served = stand.serve(stand.get(), "never-was");

        assertEquals(500, served.answer().status());
        assertEquals(
                "it, or the loader it was linked for, does not exist (any more)",
                served.outcome().problem());
    }

    @Test
    void answersFourHundredAndThirtyOneForMoreParamsThanTheKernelPasses() throws Exception {
        var served = stand.serve(stand.get(), stand.shell(HEAD), "HTTP_COOKIE=" + "x".repeat(200_000));

        assertEquals(431, served.answer().status());
        assertTrue(String.valueOf(served.outcome().problem()).contains("more than the kernel passes"));
    }

    @Test
    void answersFiveHundredAndThreeWhileSomebodyWritesTheScript() throws Exception {
        String script = stand.shell(HEAD);
        try (OutputStream upload = Files.newOutputStream(folder.resolve(script), StandardOpenOption.APPEND)) {
            upload.write('\n');
            var served = stand.serve(stand.get(), script);

            assertEquals(503, served.answer().status());
            assertEquals(End.OVERLOADED, served.answer().end());
            assertTrue(String.valueOf(served.outcome().problem()).startsWith("somebody has it open for writing"));
        }
    }

    @ParameterizedTest(name = "with the daemon''s own limit raised: {0}")
    @ValueSource(booleans = {false, true})
    void startsAScriptWithItsFolderItsEnvironmentAndTheUsualLimitOfDescriptors(boolean raised) throws Exception {
        if (raised) {
            raiseLimit();
        }
        var served = stand.serve(
                stand.get(),
                stand.shell(HEAD + "echo $0; pwd; echo $WANTED; ulimit -n; ls /proc/$$/fd"),
                "WANTED=caf\u00e9");

        String[] lines = served.answer().body().split("\n", -1);
        assertTrue(lines[0].startsWith("./script"), lines[0]);
        assertEquals(folder.toRealPath().toString(), lines[1]);
        assertEquals("caf\u00e9", lines[2]);
        assertEquals("1024", lines[3]);
        assertEquals(
                List.of("0", "1", "10", "2", ""), List.of(lines).subList(4, lines.length), "10 is the shell's script");
        assertEquals(200, served.outcome().status());
    }

    private void raiseLimit() throws Exception {
        stand.onLoop(() -> stand.descriptors.opened(1_000));
        assertTrue(stand.descriptors.raised());
    }

    private void refuses(String name, String text, int status, String problem) throws Exception {
        var served = stand.serve(stand.get(), stand.file(name, text, "rwxr-xr-x"));

        assertEquals(status, served.answer().status(), name);
        Outcome outcome = served.outcome();
        assertEquals(problem, outcome.problem());
        assertEquals(folder.resolve(name).toString(), outcome.script());
    }

    @Test
    void refusesAPlanForAKeeperWhereThereAreNone() throws Exception {
        String script = stand.file("script.py", "", "rw-r--r--");
        Application keeper = new Application() {
            @Override
            public Key key() {
                return new Key("python", 0);
            }

            @Override
            public LaunchPlan plan() {
                throw new AssertionError("there is nobody to start it");
            }

            @Override
            public String version() {
                return "";
            }
        };

        var served = stand.serve(stand.get(), () -> new WarmPlan(stand.plan(script), keeper));

        assertEquals(500, served.answer().status());
        assertEquals("a keeper where there are none", served.outcome().problem());
    }
}
