package org.cgifpm.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.backend.worker.GroupView;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.control.FakeDaemon;
import org.cgifpm.daemon.control.ReloadResult;
import org.cgifpm.daemon.status.RunningReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the commands print that speak to a daemon, and which codes they end with. */
@SuppressWarnings("NullAway.Init")
@Timeout(180)
class ControlCommandsTest {
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private Path socket;
    private FakeDaemon daemon;

    @BeforeEach
    void start() throws SyscallException {
        socket = folder.resolve("control.sock");
        daemon = new FakeDaemon(socket);
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        return new CommandLine(new CgiFpmCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private int ask(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--control";
        all[arguments.length + 1] = socket.toString();
        return run(all);
    }

    @Test
    void pingIsAnsweredWithPong() {
        assertEquals(0, ask("ping"), err::toString);
        assertEquals("pong\n", out.toString());
    }

    @Test
    void whereNobodyListensEveryCommandEndsWithThree() throws IOException {
        for (String command : List.of("status", "list", "ping", "reload", "stop", "reopen-logs", "drain a", "kill 1")) {
            String[] words = (command + " --control " + folder.resolve("nobody.sock")).split(" ");
            assertEquals(3, run(words), command);
            assertEquals("no cgi-fpm daemon at " + folder.resolve("nobody.sock") + "\n", err.toString());
            assertEquals("", out.toString());
        }
        Path dead = folder.resolve("dead.sock");
        try (var listener = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            listener.bind(java.net.UnixDomainSocketAddress.of(dead));
        }
        assertEquals(3, run("ping", "--control", dead.toString()), err::toString);
        assertEquals("no cgi-fpm daemon at " + dead + "\n", err.toString());
    }

    @Test
    void theControlSocketIsFoundInAFileWhoseRestIsBroken() throws IOException {
        Path file = folder.resolve("cgi-fpm.toml");
        for (String broken : List.of(
                "[daemon]\ncontrol = \"" + socket + "\"\n[pool.a]\nlisten = nowhere at all\n",
                "[pool.a\n[daemon] # here\n  control = \"" + socket + "\" # there\n[[[\n",
                "[daemon]\ncontrol = \"" + socket + "\"\nno_such_key = 3\n")) {
            Files.writeString(file, broken);
            assertEquals(0, run("ping", "-c", file.toString()), () -> broken + err);
        }
        Files.writeString(file, "[daemon]\ncontrol = 17\n");
        assertEquals(2, run("ping", "-c", file.toString()));
        assertTrue(err.toString().contains("daemon.control is no path of a socket"), err::toString);
        assertEquals(2, run("ping", "-c", folder.resolve("none.toml").toString()));
        assertTrue(err.toString().contains("does not exist"), err::toString);
        assertEquals(2, run("ping", "-c", file.toString(), "--control", socket.toString()));
    }

    @Test
    void statusIsATableOfAtMostEightyColumns() {
        daemon.pools = List.of(
                FakeDaemon.pool("legacy"),
                FakeDaemon.pool(
                        "shop",
                        new GroupView(
                                "/srv/shop/app", 1001, 0, 1, 2, 0, GroupView.Health.EMERGENCY, "exit 3\u001b[2J")));
        assertEquals(0, ask("status"), err::toString);
        List<String> lines = out.toString().lines().toList();
        assertEquals("cgi-fpm 1.2.3, pid 4711, user root, up 1:00, reloads 2", lines.get(0));
        assertEquals("requests 0 (0.0/s), active 3 of 256, connections 9 of 4096", lines.get(1));
        assertEquals("POOL   STATE ACTIVE QUEUE PROC REQS REQ/S P50 P99 REFUSED ERRORS", lines.get(3));
        assertEquals("legacy up      3/16     4    3    0   0.0   -   -       0      0", lines.get(4));
        assertEquals("shop   up      3/16     4    4    0   0.0   -   -       0      0", lines.get(5));
        assertEquals("pool shop: /srv/shop/app (uid 1001) emergency: exit 3\\x1b[2J", lines.get(7));
        assertTrue(lines.stream().allMatch(line -> line.length() <= 80));
    }

    @Test
    void statusOfOnePoolTellsNothingOfOthersAndNamesThoseThatThereAre() {
        assertEquals(0, ask("status", "beta"), err::toString);
        assertFalse(out.toString().contains("alpha"), out::toString);
        assertEquals(1, ask("status", "gamma"));
        assertEquals("there is no pool gamma; there are alpha, beta\n", err.toString());
    }

    @Test
    void statusAsJsonHasTheNamesThatArePromised() {
        assertEquals(0, ask("status", "--json"));
        JsonObject status = JsonParser.parseString(out.toString()).getAsJsonObject();
        assertEquals(List.of("daemon", "bucket_bounds_s", "pools"), List.copyOf(status.keySet()));
        assertEquals(
                "version pid user config since_ms now_ms uptime_s reloads reloaded_ms stopping connections"
                        + " max_connections active max_children pools requests",
                String.join(" ", status.getAsJsonObject("daemon").keySet()));
        JsonObject pool = status.getAsJsonArray("pools").get(0).getAsJsonObject();
        assertEquals(
                "name state listen mode user since_ms accepted connections active max_children waiting queue_length"
                        + " processes peak_active peak_waiting full slow requests endings statuses errors"
                        + " received_bytes sent_bytes cpu_us duration queued workers keepers",
                String.join(" ", pool.keySet()));
    }

    @Test
    void listEscapesWhatUsersHaveNamed() {
        daemon.runs = List.of(new RunningReport(
                12,
                "alpha",
                99,
                1001,
                "ct",
                "/srv/\u001b]0;gotcha\u0007\n.py",
                "POST",
                "/",
                "",
                0,
                125_000_000,
                1_250_000,
                12_900_000));
        assertEquals(0, ask("list"), err::toString);
        List<String> lines = out.toString().lines().toList();
        assertEquals("ID POOL  USER PID  AGE  CPU MEM METHOD SCRIPT", lines.get(0));
        assertEquals("12 alpha ct    99 2:05 1.2s 12M POST   /srv/\\x1b]0;gotcha\\x07\\n.py", lines.get(1));
        assertEquals(2, lines.size());
        assertEquals(0, ask("list", "--json"));
        assertTrue(out.toString().startsWith("{\"running\":[{\"id\":12,\"pool\":\"alpha\","), out::toString);
    }

    @Test
    void reloadTellsWhatHasChangedOrWhatIsWrong() {
        daemon.reloaded = new ReloadResult.Done(
                List.of("new"), List.of("b", "c"), List.of(), List.of("d"), List.of("x.toml:3: daemon.control: later"));
        assertEquals(0, ask("reload"));
        assertEquals(
                "reloaded: 1 added, 2 changed, 0 removed, 1 unchanged\nadded: new\nchanged: b, c\n", out.toString());
        assertEquals("x.toml:3: daemon.control: later\n", err.toString());
        daemon.reloaded = new ReloadResult.Refused(List.of("x.toml:7: pool.a.root: is missing", "x.toml:9: pool.b"));
        assertEquals(2, ask("reload"));
        assertEquals("x.toml:7: pool.a.root: is missing\nx.toml:9: pool.b\n", err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void drainAndKillAndReopenLogsSayWhatTheyDid() {
        assertEquals(0, ask("drain", "beta"));
        assertEquals("pool beta is drained\n", out.toString());
        assertEquals(0, ask("drain", "beta", "--no-wait"));
        assertEquals("pool beta is draining\n", out.toString());
        assertEquals(1, ask("drain", "gamma"));
        assertEquals("there is no pool gamma; there are alpha, beta\n", err.toString());
        assertEquals(0, ask("kill", "17"));
        assertEquals("ended request 17\n", out.toString());
        assertEquals(1, ask("kill", "18"));
        assertEquals(0, ask("kill", "--user", "root"));
        assertEquals("ended 3 requests of root\n", out.toString());
        assertEquals(0, ask("kill", "--user", "4294900001"));
        assertEquals(1, ask("kill", "--user", "nobody-of-that-name"));
        assertEquals("there is no user nobody-of-that-name\n", err.toString());
        assertEquals(0, ask("reopen-logs"));
        assertEquals(
                List.of(
                        "drain beta",
                        "drain beta",
                        "kill 17",
                        "kill 18",
                        "kill uid 0",
                        "kill uid 4294900001",
                        "reopen"),
                daemon.asked);
    }

    @Test
    void wrongUsageEndsWithTwo() {
        for (String wrong : List.of(
                "kill",
                "kill 1 --user root",
                "kill -1",
                "kill x",
                "drain",
                "status --watch 0",
                "status --watch --json",
                "status a b")) {
            assertEquals(2, ask(wrong.split(" ")), wrong);
        }
        assertEquals(List.of(), daemon.asked);
    }

    @Test
    void stopReturnsAtOnceIfItShall() {
        assertEquals(0, ask("stop", "--no-wait", "--now"), err::toString);
        assertEquals("the daemon (pid " + new Syscalls().pid() + ") is stopping\n", out.toString());
        // The daemon answers first, because it may be gone right after it has begun to stop.
        Awaitility.await("the daemon is told to stop").until(() -> daemon.asked, List.of("stop true")::equals);
    }
}
