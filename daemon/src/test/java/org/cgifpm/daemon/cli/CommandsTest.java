package org.cgifpm.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.logging.Level;
import org.cgifpm.daemon.config.LogLevel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What each command prints and which code it ends with, as far as it ends by itself. */
@SuppressWarnings({"NullAway.Init", "SystemOut"})
@Timeout(30)
class CommandsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private Path config;

    @BeforeEach
    void writeConfig() throws IOException {
        config = folder.resolve("cgi-fpm.toml");
        Files.createDirectory(folder.resolve("scripts"));
        write("");
    }

    /** A configuration that is right but for what is added to it. */
    private void write(String more) throws IOException {
        // "user" by name, because these tests may be run by root.
        Files.writeString(
                config,
                "[daemon]\ncontrol = \"" + folder + "/control\"\n[pool.a]\nlisten = \"" + folder + "/s\"\nroot = \""
                        + folder + "/scripts\"\nuser = \"" + System.getProperty("user.name") + "\"\n" + more);
    }

    private int run(String... arguments) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return new CommandLine(new CgiFpmCommand())
                    .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                    .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                    .execute(arguments);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutACommandSaysWhichThereAre() {
        assertEquals(2, run());
        assertTrue(complained().contains("serve, run, check, explain, status, list"), complained());
        assertEquals(2, run("restart"));
        assertEquals(2, run("check", "--no-such-option"));
    }

    @Test
    void helpAndVersionAreNoErrors() {
        assertEquals(0, run("--help"));
        assertTrue(printed().contains("serve") && printed().contains("check"), printed());
        assertEquals(0, run("--version"));
        assertTrue(printed().contains("cgi-fpm "), printed());
        assertEquals("", complained());
    }

    @Test
    void checkSaysThatAConfigurationIsRight() {
        assertEquals(0, run("check", "-c", config.toString()), this::complained);
        assertEquals(config + ": right (1 pools)\n", printed());
        assertEquals("", complained());
    }

    @Test
    void checkListsEveryProblemWithFileAndLine() throws Exception {
        write("max_childen = 4\nrequest_timeout = 5\n");
        assertEquals(2, run("check", "-c", config.toString()));
        assertEquals("", printed());
        assertTrue(complained().contains(config + ":7: pool.a.max_childen: "), complained());
        assertTrue(complained().contains(config + ":8: pool.a.request_timeout: "), complained());
    }

    @Test
    void warningsAreToldAndChangeNothing() throws Exception {
        Files.setPosixFilePermissions(folder.resolve("scripts"), PosixFilePermissions.fromString("rwxrwxrwx"));
        write("checks = {directory_writable = \"warn\"}\n");

        assertEquals(0, run("check", "-c", config.toString()), this::complained);
        assertTrue(complained().contains(config + ":5: pool.a.root: warning: the folder "), complained());
        assertEquals(config + ": right (1 pools)\n", printed());
        out.reset();
        err.reset();
        assertEquals(0, run("check", "--json", "-c", config.toString()));
        assertTrue(printed().contains("\"warnings\": [\n    {"), printed());
        assertEquals("", complained());
    }

    @Test
    void checkPrintsJsonForPrograms() throws Exception {
        assertEquals(0, run("check", "--json", "-c", config.toString()));
        assertTrue(printed().startsWith("{") || printed().startsWith("["), printed());
        out.reset();
        write("max_childen = 4\n");
        assertEquals(2, run("check", "--json", "-c", config.toString()));
        assertTrue(printed().contains("pool.a.max_childen"), printed());
        assertEquals("", complained());
    }

    @Test
    void checkDumpsWhatIsInForceAndThatIsAConfigurationAgain() throws Exception {
        assertEquals(0, run("check", "--dump", "-c", config.toString()));
        String dump = printed();
        assertTrue(dump.contains("max_children = 16"), dump);
        Files.writeString(config, dump);
        out.reset();
        assertEquals(0, run("check", "--dump", "-c", config.toString()), this::complained);
        assertEquals(dump, printed());
    }

    @Test
    void runStartsNothingWithAWrongConfiguration() throws Exception {
        write("max_childen = 4\n");
        assertEquals(2, run("run", "-c", config.toString()));
        assertTrue(complained().contains("pool.a.max_childen"), complained());
        assertFalse(Files.exists(folder.resolve("s")));
        assertEquals(2, run("run", "-c", folder.resolve("missing.toml").toString()));
    }

    @Test
    void runLeavesNothingBehindWhereASocketCannotBeOpened() throws Exception {
        Files.writeString(folder.resolve("t"), "no socket");
        write("[pool.b]\nlisten = \"" + folder + "/t\"\nroot = \"" + folder + "/scripts\"\nuser = \""
                + System.getProperty("user.name") + "\"\n");
        assertEquals(1, run("run", "-c", config.toString()), this::complained);
        assertFalse(Files.exists(folder.resolve("s")), "the other pool's socket file is still there");
        assertEquals("no socket", Files.readString(folder.resolve("t")));
    }

    private Path script(String name, String permissions) throws IOException {
        Path script = Files.writeString(folder.resolve("scripts").resolve(name), "#!/bin/sh\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void explainSaysThatAScriptWouldRunAndWithWhat() throws Exception {
        script("a.cgi", "rwxr-xr-x");
        assertEquals(0, run("explain", "-c", config.toString(), "--pool", "a", "a.cgi/x"), this::complained);
        assertTrue(printed().endsWith("\nIt would run.\n"), printed());
        assertTrue(printed().contains("\n  ok       writable"), printed());
        assertTrue(printed().contains("\n  PATH_INFO=/x\n"), printed());
        assertTrue(printed().contains("\n  ./a.cgi\n"), printed());
    }

    @Test
    void explainSaysWhichCheckRefusesAScript() throws Exception {
        Path script = script("b.cgi", "rwxrwxrwx");
        assertEquals(1, run("explain", "-c", config.toString(), script.toString()), this::complained);
        assertTrue(printed().contains("\nREFUSED, 403: writable: " + script + ": found mode 0777"), printed());
        out.reset();
        assertEquals(1, run("explain", "-c", config.toString(), "--json", "b.cgi"));
        assertTrue(printed().contains("\"refused_by\": \"writable\""), printed());
        out.reset();
        assertEquals(1, run("explain", "-c", config.toString(), "none.cgi"));
        assertTrue(printed().contains("\nREFUSED, 404: "), printed());
    }

    /** The very script is answered with a 500 when it is asked for. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "#!/nowhere/python | its interpreter /nowhere/python does not exist",
                "echo no first line | it has no #! line",
                "#!/bin/sh<CR> | its #! line ends with CR LF",
            })
    void explainSaysOfAScriptThatPassesTheChecksThatItCannotStart(String line, String why) throws Exception {
        Path script = script("d.cgi", "rwxr-xr-x");
        Files.writeString(script, line.replace("<CR>", "\r") + "\n");

        assertEquals(1, run("explain", "-c", config.toString(), "d.cgi"), this::complained);
        assertTrue(printed().contains("\nREFUSED, 500: "), printed());
        assertTrue(printed().contains(why), printed());
        out.reset();
        assertEquals(0, run("explain", "-c", config.toString(), "--all"), this::complained);
        assertTrue(printed().contains("1 would be refused"), printed());
    }

    @Test
    void explainSaysThatNobodyCanExecuteWhatHasNoExecutableBitWhateverIsChecked() throws Exception {
        script("e.cgi", "rw-r--r--");
        write("checks = {executable = \"off\"}\n");

        assertEquals(1, run("explain", "-c", config.toString(), "e.cgi"), this::complained);
        assertTrue(printed().contains("it has no executable bit"), printed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "check", "status", "explain", "run", "serve", "reopen-logs"})
    void everyCommandTellsTheVersion(String command) {
        assertEquals(0, run(command, "--version"));
        assertTrue(printed().startsWith("cgi-fpm "), printed());
    }

    @Test
    void explainLooksAtEveryFileAndFollowsNoLinkOut() throws Exception {
        script("a.cgi", "rwxr-xr-x");
        script("b.cgi", "rwxrwxr-x");
        script("\u00e9\n.cgi", "rwxr-xr-x");
        Files.createSymbolicLink(folder.resolve("scripts/up"), Path.of(".."));
        Files.createSymbolicLink(folder.resolve("scripts/gone"), Path.of("nothing"));
        assertEquals(0, run("explain", "-c", config.toString(), "--all"), this::complained);
        String root = folder.resolve("scripts").toString();
        assertTrue(printed().contains("ok       -                   " + root + "/a.cgi\n"), printed());
        assertTrue(printed().contains("REFUSED  writable            " + root + "/b.cgi\n"), printed());
        assertTrue(printed().contains("REFUSED  control_characters  " + root + "/"), printed());
        assertTrue(printed().contains("\n4 files: 1 would run, 0 would run with a warning, 3 would be refused\n"));
        assertTrue(printed().contains("\nrefused by control_characters 1, writable 1\n"), printed());
        assertTrue(printed().endsWith("\n1 links to folders were not gone through\n"), printed());
    }

    @Test
    void explainSaysWhatIsServedByWorkersAndWhatStartsThem() throws Exception {
        script("a.cgi", "rwxr-xr-x");
        script("b.fcgi", "rwxr-xr-x");
        script("c.fcgi", "rwxrwxrwx");
        assertEquals(0, run("explain", "-c", config.toString(), "b.fcgi"), this::complained);
        assertTrue(printed().contains("\n  ./b.fcgi\n"), printed());
        assertTrue(printed().contains("\nenvironment of a worker\n  PATH="), printed());
        assertFalse(printed().contains("SCRIPT_NAME="), printed());
        assertTrue(printed().endsWith("\nIt would run, in persistent workers.\n"), printed());
        out.reset();
        assertEquals(1, run("explain", "-c", config.toString(), "--json", "c.fcgi"));
        assertTrue(printed().contains("\"workers\": true"), printed());
        assertTrue(printed().contains("\"refused_by\": \"writable\""), printed());
        out.reset();
        assertEquals(0, run("explain", "-c", config.toString(), "--all"), this::complained);
        String root = folder.resolve("scripts").toString();
        assertTrue(printed().contains("ok       -                   " + root + "/a.cgi\n"), printed());
        assertTrue(printed().contains("ok       (workers)           " + root + "/b.fcgi\n"), printed());
        assertTrue(printed().contains("REFUSED  writable (workers)  " + root + "/c.fcgi\n"), printed());
        assertTrue(printed().contains("\n1 of those that would run are served by persistent workers\n"), printed());
    }

    @Test
    void explainSaysWhatRunsWarmAndWhatNotAndWhy() throws Exception {
        write("mode = \"warm\"\n");
        Path python = script("a.py", "rwxr-xr-x");
        Files.writeString(python, "#!/usr/bin/env -S python3 -u\nimport json, yaml, own\n");
        Files.writeString(folder.resolve("scripts/own.py"), "");
        script("b.cgi", "rwxr-xr-x");
        assertEquals(0, run("explain", "-c", config.toString(), "a.py"), this::complained);
        assertTrue(printed().contains("\npython\n  runs warm, forked from /usr/bin/python3 -u\n"), printed());
        assertTrue(printed().contains("\n  imports what preload does not name: yaml\n"), printed());
        assertTrue(
                printed().contains("\ncommand of its keeper, each argument on a line\n")
                        && printed()
                                .contains("\n  /usr/bin/python3\n  -u\n  /proc/self/fd/1\n  --preload-found=base64,"),
                printed());
        assertTrue(printed().contains("\ncommand where it cannot be forked, each argument on a line\n"), printed());
        assertTrue(printed().endsWith("\nIt would run, warm.\n"), printed());
        out.reset();
        assertEquals(0, run("explain", "-c", config.toString(), "b.cgi"), this::complained);
        assertTrue(printed().contains("\n  runs cold: its first line names /bin/sh\n"), printed());
        assertTrue(printed().endsWith("\nIt would run.\n"), printed());
        out.reset();
        assertEquals(0, run("explain", "-c", config.toString(), "--json", "a.py"));
        assertTrue(printed().contains("\"warm\": true"), printed());
        assertTrue(printed().contains("\"interpreter\": \"/usr/bin/python3 -u\""), printed());
        out.reset();
        assertEquals(0, run("explain", "-c", config.toString(), "--json", "b.cgi"));
        assertTrue(printed().contains("\"why\": \"its first line names /bin/sh\""), printed());
    }

    @Test
    void explainCountsWhatRunsWarmAndWhatItLacks() throws Exception {
        write("mode = \"warm\"\n[pool.a.python]\npreload = []\n");
        Files.writeString(script("a.py", "rwxr-xr-x"), "#!/usr/bin/python3\nimport json, html\n");
        Files.writeString(script("b.py", "rwxr-xr-x"), "#!/usr/bin/python3\nimport json\n");
        Files.writeString(script("c.py", "rwxrwxrwx"), "#!/usr/bin/python3\nimport json\n");
        script("d.cgi", "rwxr-xr-x");
        assertEquals(0, run("explain", "-c", config.toString(), "--all"), this::complained);
        String root = folder.resolve("scripts").toString();
        assertTrue(printed().contains("ok       (warm)              " + root + "/a.py\n"), printed());
        assertTrue(printed().contains("REFUSED  writable (warm)     " + root + "/c.py\n"), printed());
        assertTrue(printed().contains("ok       -                   " + root + "/d.cgi\n"), printed());
        assertTrue(printed().endsWith("""

                        2 of those that would run are forked from a keeper
                        1 run cold: its first line names /bin/sh
                        2 import what preload does not name: json
                        1 import what preload does not name: html
                        """), printed());
        out.reset();
        assertEquals(0, run("explain", "-c", config.toString(), "--all", "--json"));
        assertTrue(printed().contains("\"warm\":true,\"lacks\":[\"html\",\"json\"]"), printed());
        assertTrue(printed().contains("\"cold_for\":\"its first line names /bin/sh\""), printed());
        assertTrue(printed().contains("\"lacking\":{\"html\":1,\"json\":2}"), printed());
    }

    @Test
    void explainSaysWhetherThePoolsOwnApplicationWouldStart() throws Exception {
        Path app = script("app", "rwxr-xr-x");
        write("mode = \"worker\"\ncommand = [\"" + app + "\", \"--fast\"]\n");
        assertEquals(0, run("explain", "-c", config.toString()), this::complained);
        assertTrue(printed().startsWith("pool      a\nruns      " + app + "\n"), printed());
        assertTrue(printed().contains("\n  " + app + "\n  --fast\n"), printed());
        assertFalse(printed().contains("\nchecks\n"), printed());
        assertTrue(printed().endsWith("\nIts workers would start.\n"), printed());
        out.reset();
        assertEquals(0, run("explain", "-c", config.toString(), "--json", "whatever"));
        assertTrue(printed().contains("\"runs\": true"), printed());
        out.reset();
        assertEquals(2, run("explain", "-c", config.toString(), "--all"));
        assertTrue(complained().contains("pool a has no scripts"), complained());
    }

    @Test
    void explainWantsAScriptOrAllAndAPoolThatIsThere() {
        assertEquals(2, run("explain", "-c", config.toString()));
        assertEquals(2, run("explain", "-c", config.toString(), "--all", "a.cgi"));
        assertEquals(2, run("explain", "-c", config.toString(), "--pool", "b", "a.cgi"));
        assertTrue(complained().contains("there is no pool b; there are a"), complained());
        assertEquals("", printed());
    }

    @Test
    void serveWantsAFolderAPortAndAnAddress() {
        assertEquals(2, run("serve", folder.resolve("none").toString()));
        assertTrue(complained().contains("none is no folder"), complained());
        assertEquals(2, run("serve", "--port", "65536", folder.toString()));
        assertTrue(complained().contains("--port 65536"), complained());
        assertEquals(2, run("serve", "--port", "http", folder.toString()));
        assertEquals(2, run("serve", "--bind", "300.1.1.1.1", folder.toString()));
        assertTrue(complained().contains("--bind 300.1.1.1.1: no such address"), complained());
    }

    @Test
    void levelsAreThoseOfTheLoggingBelow() {
        assertEquals(Level.SEVERE, RunCommand.level(LogLevel.ERROR));
        assertEquals(Level.WARNING, RunCommand.level(LogLevel.WARN));
        assertEquals(Level.INFO, RunCommand.level(LogLevel.INFO));
        assertEquals(Level.FINE, RunCommand.level(LogLevel.DEBUG));
    }
}
