package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of the daemon: what runs may finish in its time, what does not is ended, and nothing is left. */
class StopIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @RegisterExtension
    static final Lab LAB = new Lab();

    @Test
    void anIdleDaemonEndsAtOnce() throws IOException {
        Pool unix = LAB.unixPool("idle");
        Pool tcp = LAB.tcpPool("idle-tcp");
        Daemon daemon = LAB.daemon(unix, tcp);
        try (RawClient kept = caller(unix).connect()) {
            kept.send(Wire.request(1, true, caller(unix).params("/hello.sh"), new byte[0]));
            kept.awaitEnd(1);

            // Much less than the 30 s of stop_timeout: an idle kept connection is nothing to wait for.
            daemon.stopCleanly(Duration.ofSeconds(5));
        }

        assertThrows(IOException.class, () -> caller(unix).connect());
        assertThrows(IOException.class, () -> caller(tcp).connect());
    }

    @Test
    void aRunningRequestFinishesAndNoNewOneIsTaken() throws IOException {
        Pool unix = LAB.unixPool("finish");
        Pool tcp = LAB.tcpPool("finish-tcp");
        Daemon daemon = LAB.daemon(unix, tcp);
        try (RawClient client = caller(unix).connect()) {
            client.send(Wire.request(1, true, caller(unix).params("/gate.sh", "finish"), new byte[0]));
            client.awaitStdout(1, "first");

            daemon.terminate();

            for (Pool pool : new Pool[] {unix, tcp}) {
                Awaitility.await("no connection to " + pool.name())
                        .atMost(LIMIT)
                        .until(() -> refuses(pool));
            }
            LAB.site().open("finish");
            assertEquals("first\nsecond\n", client.awaitEnd(1).answer().text());
        }
        assertEquals(0, daemon.awaitExit(LIMIT));
        daemon.assertNothingLeft();
    }

    @Test
    void aDeafScriptIsEndedAfterStopTimeoutWithItsGrandchildren() throws IOException {
        Pool pool = LAB.unixPool("deaf").set("kill_grace", "500ms");
        Daemon daemon = LAB.start(LAB.starter().pool(pool).setting("stop_timeout", "\"1s\""));
        try (RawClient client = caller(pool).connect()) {
            client.send(Wire.request(1, false, caller(pool).params("/deaf.sh", "deaf-stop"), new byte[0]));
            client.awaitStdout(1, "first");
            Awaitility.await("its family")
                    .atMost(LIMIT)
                    .until(() -> daemon.scripts().size() >= 4);

            daemon.stopCleanly(LIMIT);

            client.awaitClosed(LIMIT);
            assertTrue(
                    client.response(1).end() == null || client.response(1).end().appStatus() != 0, client::toString);
        }
    }

    @Test
    void aRequestInTheQueueIsAnsweredOrCutAtTheEnd() throws IOException {
        Pool pool = LAB.unixPool("queue").set("max_children", 1).set("kill_grace", "500ms");
        Daemon daemon = LAB.start(LAB.starter().pool(pool).setting("stop_timeout", "\"1s\""));
        try (RawClient client = caller(pool).connect()) {
            client.send(Wire.request(1, true, caller(pool).params("/gate.sh", "never"), new byte[0]));
            client.awaitStdout(1, "first");
            client.send(Wire.request(2, true, caller(pool).params("/gate.sh", "queued"), new byte[0]));

            daemon.stopCleanly(LIMIT);

            client.awaitClosed(LIMIT);
        }
        assertFalse(LAB.site().has("never.finished"));
        assertFalse(LAB.site().has("queued.finished"));
    }

    @Test
    void whatAScriptLeftRunningIsEndedToo() throws IOException {
        Pool pool = LAB.unixPool("left").set("kill_grace", "500ms");
        Daemon daemon = LAB.start(LAB.starter().pool(pool).setting("stop_timeout", "\"1s\""));

        assertEquals(
                "parent says bye\n",
                caller(pool).get("/leaves-a-child.sh").answer().text());
        assertFalse(daemon.scripts().isEmpty(), "the child that was left");

        daemon.stopCleanly(LIMIT);
    }

    @Test
    void aDaemonThatWasKilledLeavesASocketFileThatTheNextOneReplaces() throws IOException {
        Pool pool = LAB.unixPool("stale");
        Daemon killed = LAB.daemon(pool);
        ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
        killed.awaitExit(LIMIT);
        assertTrue(Files.exists(pool.socket()), "a stale socket file");

        LAB.daemon(pool);

        assertEquals("hello\n", caller(pool).get("/hello.sh").answer().text());
    }

    private static Caller caller(Pool pool) {
        return new Caller(pool.address(), LAB.site().root());
    }

    private static boolean refuses(Pool pool) {
        try (RawClient client = caller(pool).connect()) {
            return client.closed();
        } catch (IOException refused) {
            return true;
        }
    }
}
