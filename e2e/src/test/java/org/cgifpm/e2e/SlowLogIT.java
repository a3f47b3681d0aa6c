package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A request that takes long is looked at once: what its processes are and what they wait for. */
@SuppressWarnings("NullAway.Init")
class SlowLogIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Holds a file open, has a child that reads from a pipe, and waits for its gate. */
    private static final String SLOW = """
            #!/usr/bin/python3
            import os, subprocess, time
            held = open(os.environ["SCRATCH"] + "/held by slow.txt", "w")
            child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
            print("Content-Type: text/plain\\n\\nfirst", flush=True)
            while not os.path.exists(os.environ["SCRATCH"] + "/" + os.environ["QUERY_STRING"]):
                time.sleep(0.02)
            child.stdin.close()
            child.wait()
            """;

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Pool toFile;
    private static Pool toDaemon;
    private static Daemon daemon;

    @BeforeAll
    static void start() throws IOException {
        Path script = LAB.site().script("slow.py");
        Files.writeString(script, SLOW);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        toFile = LAB.unixPool("file").set("slow_after", "500ms").set("slowlog", file().toString());
        toDaemon = LAB.unixPool("daemon").set("slow_after", "500ms");
        daemon = LAB.daemon(toFile, toDaemon);
    }

    private static Path file() {
        return LAB.folder().resolve("slow.log");
    }

    private static Caller caller(Pool pool) {
        return new Caller(pool.address(), LAB.site().root());
    }

    /** The blocks of the slow log that hold {@code text}. */
    private static List<String> blocks(String text) {
        try {
            return Arrays.stream(Files.readString(file()).split("\n\n", -1))
                    .filter(block -> block.contains(text))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String awaitBlock(String text) {
        Awaitility.await("a block about " + text)
                .atMost(LIMIT)
                .until(() -> !blocks(text).isEmpty());
        return blocks(text).get(0);
    }

    private static RawClient open(Pool pool, String gate) throws IOException {
        RawClient client = caller(pool).connect();
        client.send(Wire.request(1, false, caller(pool).params("/slow.py", gate), new byte[0]));
        client.awaitStdout(1, "first");
        return client;
    }

    @Test
    void tellsOnceWhatEveryProcessOfARequestIsDoing() throws IOException {
        try (RawClient slow = open(toFile, "gate-once")) {
            String block = awaitBlock("gate-once");

            List<String> lines = block.lines().toList();
            Matcher first = Pattern.compile("[0-9-]{10} [0-9:.]{12} pool file: request \\d+: slow: running for"
                            + " (\\d+\\.\\d{3}) s: GET /slow\\.py\\?gate-once for 192\\.0\\.2\\.7, script (\\S+) as (\\S+),"
                            + " pid (\\d+), 2 processes")
                    .matcher(lines.get(0));
            assertTrue(first.matches(), lines.get(0));
            assertTrue(Double.parseDouble(first.group(1)) >= 0.49, lines.get(0));
            assertEquals(LAB.site().script("slow.py").toString(), first.group(2));
            assertEquals(System.getProperty("user.name"), first.group(3));
            String pid = first.group(4);
            assertTrue(
                    lines.get(1).startsWith("  pid " + pid + " (slow.py), parent " + daemon.pid() + ": "),
                    lines.get(1));
            assertTrue(
                    lines.get(1)
                            .matches(
                                    ".* \\([RS]\\).*; cpu \\d+\\.\\d\\d s user, \\d+\\.\\d\\d s system; 1 thread, \\d+ pages resident"),
                    lines.get(1));
            assertTrue(block.contains("    command: /usr/bin/python3 ./slow.py\n"), block);
            assertTrue(block.contains(": " + LAB.site().scratch() + "/held by slow.txt\n"), block);
            assertTrue(block.contains(" (cat), parent " + pid + ": sleeping (S)"), block);
            assertTrue(block.contains("    command: cat\n"), block);
            assertTrue(block.contains("    file 0: pipe:["), block);
            assertTrue(block.contains("    file 1: /dev/null"), block);

            // Looked at once: another one that comes later is told while the first still runs.
            try (RawClient later = open(toFile, "gate-later")) {
                awaitBlock("gate-later");
                assertEquals(1, blocks("gate-once").size());
                LAB.site().open("gate-later");
                later.awaitEnd(1);
            }
            LAB.site().open("gate-once");
            slow.awaitEnd(1);
        }
    }

    @Test
    void aQuickRequestIsNotLookedAt() throws IOException {
        assertEquals(
                "hello\n", caller(toFile).get("/hello.sh", "quick").answer().text());
        // Later than the quick one's time would have come.
        try (RawClient slow = open(toFile, "gate-after-quick")) {
            awaitBlock("gate-after-quick");
            assertEquals(List.of(), blocks("?quick"));
            LAB.site().open("gate-after-quick");
            slow.awaitEnd(1);
        }
    }

    @Test
    void severalAtOnceAreAllTold() throws IOException {
        List<String> gates = List.of("gate-a", "gate-b", "gate-c", "gate-d");
        RawClient[] clients = new RawClient[gates.size()];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = open(toFile, gates.get(i));
        }
        for (int i = 0; i < clients.length; i++) {
            awaitBlock(gates.get(i));
            LAB.site().open(gates.get(i));
            clients[i].awaitEnd(1);
            clients[i].close();
            assertEquals(1, blocks(gates.get(i)).size());
        }
    }

    @Test
    void withoutAFileItGoesToTheDaemonsLogLineByLine() throws IOException {
        try (RawClient slow = open(toDaemon, "gate-daemon")) {
            Awaitility.await("the slow request in the daemon's log")
                    .atMost(LIMIT)
                    .until(() -> daemon.log().contains("pool daemon: request ")
                            && daemon.log().contains("file 0: pipe:["));
            String line = daemon.log()
                    .lines()
                    .filter(text -> text.contains("slow: running for"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(line.contains("GET /slow.py?gate-daemon for 192.0.2.7"), line);
            assertTrue(daemon.log().lines().noneMatch(String::isBlank), daemon::log);
            LAB.site().open("gate-daemon");
            slow.awaitEnd(1);
        }
    }
}
