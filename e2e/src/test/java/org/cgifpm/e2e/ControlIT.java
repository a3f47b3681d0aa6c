package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.Repository;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands that speak to a running daemon, as an administrator types them. */
class ControlIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static int asked;

    /** A command that has ended. */
    private record Said(int code, String output) {}

    private static RunningProcess begin(Daemon daemon, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Repository.launcher().toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-c", daemon.configuration().toString()));
        String javaHome = System.getenv("CGI_FPM_JAVA_HOME");
        Map<String, String> environment = javaHome == null ? Map.of() : Map.of("JAVA_HOME", javaHome);
        return RunningProcess.start("command" + asked++, LAB.folder(), environment, command);
    }

    private static Said say(Daemon daemon, String... arguments) {
        RunningProcess command = begin(daemon, arguments);
        int code = command.awaitExit(LIMIT);
        return new Said(code, command.output());
    }

    private static Caller caller(Pool pool) {
        return new Caller(pool.address(), LAB.site().root());
    }

    @Test
    void aRunningRequestIsListedAndEndedByItsNumber() throws IOException {
        Pool pool = LAB.unixPool("listed").set("kill_grace", "500ms");
        Daemon daemon = LAB.daemon(pool);
        assertEquals(new Said(0, "pong\n"), say(daemon, "ping"));
        try (RawClient client = caller(pool).connect()) {
            client.send(Wire.request(1, false, caller(pool).params("/gate.sh", "listed"), new byte[0]));
            client.awaitStdout(1, "first");

            Said status = say(daemon, "status");
            assertEquals(0, status.code(), status::output);
            assertTrue(status.output().contains("pid " + daemon.pid() + ","), status::output);
            assertTrue(status.output().lines().anyMatch(line -> line.matches("listed +up +1/.*")), status::output);
            assertEquals(1, say(daemon, "status", "nosuchpool").code());
            Said list = say(daemon, "list");
            assertTrue(list.output().lines().anyMatch(line -> line.endsWith("/gate.sh")), list::output);

            JsonObject running = JsonParser.parseString(
                            say(daemon, "list", "--json").output())
                    .getAsJsonObject()
                    .getAsJsonArray("running")
                    .get(0)
                    .getAsJsonObject();
            assertEquals("listed", running.get("pool").getAsString());
            Said killed = say(daemon, "kill", running.get("id").getAsString());
            assertEquals(0, killed.code(), killed::output);
            client.awaitClosed(LIMIT);
        }
        assertEquals(1, say(daemon, "kill", "4000000000").code());
        assertEquals(new Said(0, "ended 0 requests of root\n"), say(daemon, "kill", "--user", "root"));
    }

    @Test
    void reloadTellsWhatIsWrongAndWhatHasChanged() throws IOException {
        Pool pool = LAB.unixPool("stays");
        Daemon daemon = LAB.daemon(pool);
        String right = Files.readString(daemon.configuration());

        Files.writeString(daemon.configuration(), right + "\n[pool.more]\nlisten = \"nowhere\"\n");
        Said refused = say(daemon, "reload");
        assertEquals(2, refused.code(), refused::output);
        assertTrue(refused.output().contains(daemon.configuration() + ":"), refused::output);
        assertTrue(refused.output().contains("pool.more.listen"), refused::output);
        assertEquals(new Said(0, "pong\n"), say(daemon, "ping"), "the rest of the file is still broken");

        Files.writeString(daemon.configuration(), right);
        Said nothing = say(daemon, "reload");
        assertEquals(0, nothing.code(), nothing::output);
        assertTrue(nothing.output().contains("reloaded: 0 added, 0 changed, 0 removed, 1 unchanged"), nothing::output);
        assertEquals("hello\n", caller(pool).get("/hello.sh").answer().text());
    }

    @Test
    void aDrainedPoolTakesNoMoreUntilAReload() throws IOException {
        Pool drained = LAB.unixPool("drained");
        Pool other = LAB.unixPool("other");
        Daemon daemon = LAB.daemon(drained, other);

        assertEquals(new Said(0, "pool drained is drained\n"), say(daemon, "drain", "drained"));

        assertFalse(Files.exists(drained.socket()), "its socket");
        assertEquals("hello\n", caller(other).get("/hello.sh").answer().text());
        Said status = say(daemon, "status", "drained");
        assertTrue(status.output().lines().anyMatch(line -> line.startsWith("drained drained ")), status::output);
        Said unknown = say(daemon, "drain", "nosuchpool");
        assertEquals(1, unknown.code());
        assertTrue(unknown.output().contains("there are drained, other"), unknown::output);
        assertEquals(0, say(daemon, "reload").code());
        assertEquals("hello\n", caller(drained).get("/hello.sh").answer().text());
    }

    @Test
    void stopReturnsWhenTheLastRequestIsAnsweredAndTheDaemonGone() throws IOException {
        Pool pool = LAB.unixPool("stopped");
        Daemon daemon = LAB.daemon(pool);
        try (RawClient client = caller(pool).connect()) {
            client.send(Wire.request(1, true, caller(pool).params("/gate.sh", "control-stop"), new byte[0]));
            client.awaitStdout(1, "first");

            RunningProcess stop = begin(daemon, "stop");
            Awaitility.await("the daemon stops")
                    .atMost(LIMIT)
                    .until(() -> say(daemon, "status").output().contains("STOPPING"));
            assertTrue(stop.alive(), stop::output);
            LAB.site().open("control-stop");
            assertEquals("first\nsecond\n", client.awaitEnd(1).answer().text());
            assertEquals(0, stop.awaitExit(LIMIT), stop::output);
            assertEquals("the daemon (pid " + daemon.pid() + ") has stopped\n", stop.output());
        }
        assertEquals(0, daemon.awaitExit(LIMIT));
        daemon.assertNothingLeft();
        assertEquals(
                new Said(3, "no cgi-fpm daemon at " + daemon.folder().resolve("control.sock") + "\n"),
                say(daemon, "stop"));
    }

    @Test
    void stopNowEndsWhatRuns() throws IOException {
        Pool pool = LAB.unixPool("now");
        Daemon daemon = LAB.daemon(pool);
        try (RawClient client = caller(pool).connect()) {
            client.send(Wire.request(1, true, caller(pool).params("/gate.sh", "control-now"), new byte[0]));
            client.awaitStdout(1, "first");

            assertEquals(0, say(daemon, "stop", "--now").code());

            client.awaitClosed(LIMIT);
        }
        assertEquals(0, daemon.awaitExit(LIMIT));
        daemon.assertNothingLeft();
    }

    @Test
    void aSecondDaemonIsRefusedAndTheFirstGoesOn() throws IOException {
        Pool pool = LAB.unixPool("first");
        Daemon daemon = LAB.daemon(pool);

        Said second = say(daemon, "run");

        assertEquals(1, second.code(), second::output);
        assertTrue(
                second.output()
                        .contains("another cgi-fpm is running (pid " + daemon.pid() + ") and has the control socket "
                                + daemon.folder().resolve("control.sock")),
                second::output);
        assertEquals("hello\n", caller(pool).get("/hello.sh").answer().text());
        assertEquals(new Said(0, "pong\n"), say(daemon, "ping"));
    }

    @Test
    void nobodyElseIsHeardWhateverTheModeIs() throws IOException {
        Daemon daemon = LAB.daemon(LAB.unixPool("private"));
        Path socket = daemon.folder().resolve("control.sock");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        try (LocalUsers users = new LocalUsers()) {
            LocalUsers.User foreign = users.user("ctforeign");
            RunningProcess asks = LAB.run(
                    "foreign",
                    LAB.folder(),
                    List.of(
                            Program.find("setpriv", "util-linux").toString(),
                            "--reuid=" + foreign.uid(),
                            "--regid=" + foreign.gid(),
                            "--clear-groups",
                            Program.find("python3", "python3").toString(),
                            "-c",
                            "import socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\n"
                                    + "print(s.makefile().read())",
                            socket.toString()));
            assertEquals(0, asks.awaitExit(LIMIT), asks::output);
            assertTrue(asks.output().contains("only root and the daemon's own user are heard"), asks::output);
            Awaitility.await("the refusal in the log")
                    .atMost(LIMIT)
                    .until(() -> daemon.log().contains("control socket: uid " + foreign.uid() + " pid "));
        }
        assertEquals(new Said(0, "pong\n"), say(daemon, "ping"));
    }

    @Test
    void aWatchWaitsForADaemonThatIsRestartedAndEndsWithASignal() {
        Pool pool = LAB.unixPool("watched");
        Daemon first = LAB.daemon(pool);
        RunningProcess watch = begin(first, "status", "--watch", "1");
        Awaitility.await("a table of the first")
                .atMost(LIMIT)
                .until(() -> watch.output().contains("pid " + first.pid() + ","));

        first.stopCleanly(LIMIT);
        Awaitility.await("that it is gone")
                .atMost(LIMIT)
                .until(() -> watch.output().contains("waiting for the daemon: no cgi-fpm daemon at "));
        Daemon second = LAB.start(LAB.starterInPlaceOf(first).pool(LAB.unixPool("watched")));
        Awaitility.await("a table of the second")
                .atMost(LIMIT)
                .until(() -> watch.output().contains("pid " + second.pid() + ","));

        watch.terminate();
        assertEquals(0, watch.awaitExit(LIMIT), watch::output);
        assertFalse(watch.output().contains("\u001b"), "no control sequences outside a terminal");
    }

    @Test
    void theDaemonsLogIsAFileThatIsOpenedAnewByName() throws IOException {
        Path folder = LAB.newFolder("log");
        Path log = folder.resolve("daemon.log");
        Daemon daemon = LAB.start(LAB.starter().pool(LAB.unixPool("logged")).setting("log", "\"" + log + "\""));
        Awaitility.await("the file")
                .atMost(LIMIT)
                .until(() -> Files.readString(log).contains("pools ready"));
        assertTrue(
                Files.readString(log)
                        .lines()
                        .allMatch(line -> line.matches("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]{12} (info|warn|error) .*")),
                Files.readString(log));
        assertEquals("", daemon.log(), "standard error");

        Files.move(log, folder.resolve("daemon.log.1"));
        assertEquals(new Said(0, ""), say(daemon, "reopen-logs"));
        assertEquals(0, say(daemon, "reload").code());
        Awaitility.await("a line in the new file")
                .atMost(LIMIT)
                .until(() -> Files.exists(log) && Files.readString(log).contains("control socket: reload, by uid 0"));
    }
}
