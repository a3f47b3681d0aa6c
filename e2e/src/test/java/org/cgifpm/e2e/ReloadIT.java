package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a reload does to pools that stay, change, come and go, and what it leaves alone when it is refused. */
class ReloadIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final Lab LAB = new Lab();

    @Test
    void aBrokenConfigurationLeavesEverythingAsItIsAndNamesFileAndLine() throws IOException {
        Pool pool = LAB.unixPool("broken").environment("SETTING", "old");
        Daemon daemon = LAB.daemon(pool);
        Pool unwanted = LAB.unixPool("unwanted");
        daemon.configure(List.of(pool.environment("SETTING", "new").set("max_children", "many"), unwanted));

        String told = daemon.reload();

        assertTrue(told.contains(daemon.configuration() + ":"), told);
        assertTrue(told.contains("pool.broken.max_children: "), told);
        assertTrue(told.contains("reload refused"), told);
        assertEquals("old", setting(pool));
        assertFalse(Files.exists(unwanted.socket()));

        daemon.configure(List.of(pool.set("max_children", 3)));
        assertTrue(daemon.reload().contains("reloaded: 0 added, 1 changed (broken), 0 removed, 0 kept"), daemon::log);
        assertEquals("new", setting(pool));
    }

    @Test
    void aPortThatIsTakenRefusesTheReloadWhole() throws IOException {
        Pool pool = LAB.unixPool("port").environment("SETTING", "old");
        Daemon daemon = LAB.daemon(pool);
        Pool first = LAB.unixPool("port-first");
        try (ServerSocket other = new ServerSocket()) {
            Pool taken = LAB.tcpPool("port-taken");
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.port()));
            daemon.configure(
                    List.of(first, taken, pool.environment("SETTING", "new").set("listen_mode", "0600")));

            String told = daemon.reload();

            assertTrue(told.contains("pool port-taken: listen: "), told);
            assertTrue(told.contains("reload refused"), told);
        }
        assertEquals("old", setting(pool));
        assertEquals("rw-rw-rw-", mode(pool));
        assertFalse(Files.exists(first.socket()));
    }

    @Test
    void aRunningRequestFinishesUnderItsOldSettingsBesideOnesUnderTheNew() throws IOException {
        Pool pool = LAB.unixPool("running").environment("SETTING", "old").set("max_children", 1);
        Daemon daemon = LAB.daemon(pool);
        try (RawClient running = caller(pool).connect();
                RawClient queued = caller(pool).connect()) {
            running.send(Wire.request(1, true, caller(pool).params("/gate.sh", "old-runs"), new byte[0]));
            running.awaitStdout(1, "first");
            queued.send(Wire.request(1, true, caller(pool).params("/environment.py"), new byte[0]));
            daemon.configure(List.of(pool.environment("SETTING", "new").set("request_timeout", "1s")));
            daemon.reload();

            assertEquals("new", setting(pool));
            LAB.site().open("old-runs");

            assertEquals("first\nsecond\n", running.awaitEnd(1).answer().text());
            String environment = queued.awaitEnd(1).answer().text();
            assertTrue(environment.contains("SETTING="), environment);

            running.forget(1);
            running.send(Wire.request(1, true, caller(pool).params("/environment.py"), new byte[0]));
            assertEquals("new", setting(running.awaitEnd(1).answer().text()), "on a connection that was open before");
        }
    }

    @Test
    void aSocketThatStaysGetsItsNewModeAndKeepsItsPlace() throws IOException {
        Pool pool = LAB.unixPool("stays");
        Daemon daemon = LAB.daemon(pool);
        Object before = Files.getAttribute(pool.socket(), "unix:ino");
        daemon.configure(List.of(pool.set("listen_mode", "0600").set("listen_backlog", 7)));

        daemon.reload();

        assertEquals("rw-------", mode(pool));
        assertEquals(before, Files.getAttribute(pool.socket(), "unix:ino"));
        assertEquals("hello\n", caller(pool).get("/hello.sh").answer().text());
    }

    @Test
    void aPoolThatIsCalledOtherwiseKeepsTheSocketAndItsConnections() throws IOException {
        Pool old = LAB.tcpPool("name-old").environment("SETTING", "old");
        Daemon daemon = LAB.daemon(old);
        Pool renamed = LAB.unixPool("name-new")
                .set("listen", "127.0.0.1:" + old.port())
                .unset("listen_mode")
                .unset("allowed_users")
                .list("allowed_clients", "127.0.0.1")
                .environment("SETTING", "new");
        try (RawClient kept = caller(old).connect()) {
            kept.send(Wire.request(1, true, caller(old).params("/hello.sh"), new byte[0]));
            kept.awaitEnd(1);
            daemon.configure(List.of(renamed));

            assertTrue(
                    daemon.reload().contains("reloaded: 1 added (name-new), 0 changed, 1 removed (name-old), 0 kept"),
                    daemon::log);

            kept.forget(1);
            kept.send(Wire.request(1, true, caller(old).params("/environment.py"), new byte[0]));
            assertEquals("new", setting(kept.awaitEnd(1).answer().text()));
        }
        assertEquals("new", setting(old));
    }

    @Test
    void aPoolThatIsRemovedAnswersWhatItHasAndLeavesNothing() throws IOException {
        Pool stays = LAB.unixPool("remains");
        Pool gone = LAB.unixPool("gone");
        Daemon daemon = LAB.daemon(stays, gone);
        try (RawClient idle = caller(gone).connect();
                RawClient busy = caller(gone).connect()) {
            idle.send(Wire.request(1, true, caller(gone).params("/hello.sh"), new byte[0]));
            idle.awaitEnd(1);
            busy.send(Wire.request(1, true, caller(gone).params("/gate.sh", "gone"), new byte[0]));
            busy.awaitStdout(1, "first");
            daemon.configure(List.of(stays));

            daemon.reload();

            idle.awaitClosed(LIMIT);
            assertThrows(IOException.class, () -> caller(gone).connect());
            LAB.site().open("gone");
            assertEquals("first\nsecond\n", busy.awaitEnd(1).answer().text());
            busy.awaitClosed(LIMIT);
        }
        assertEquals("hello\n", caller(stays).get("/hello.sh").answer().text());
        assertFalse(Files.exists(gone.socket()));

        daemon.configure(List.of(gone, stays));
        daemon.reload();
        assertEquals("hello\n", caller(gone).get("/hello.sh").answer().text());
    }

    @Test
    void anAddressThatChangesIsOpenBeforeTheOldOneCloses() throws IOException {
        Pool old = LAB.unixPool("moves-old");
        Daemon daemon = LAB.daemon(old);
        Path before = old.socket();
        Path after = before.resolveSibling("moved.sock");
        daemon.configure(List.of(old.set("listen", after.toString())));

        daemon.reload();

        assertFalse(Files.exists(before));
        assertEquals(
                "hello\n",
                RawClient.exchange(
                                java.net.UnixDomainSocketAddress.of(after),
                                caller(old).params("/hello.sh"),
                                new byte[0])
                        .answer()
                        .text());
        daemon.configure(List.of(old.set("listen", before.toString())));
        daemon.reload();
        assertFalse(Files.exists(after));
    }

    @Test
    void manyReloadsAtOnceAreDoneInTheirTurn() throws IOException {
        Pool pool = LAB.unixPool("turns").environment("SETTING", "old");
        Daemon daemon = LAB.daemon(pool);
        daemon.configure(List.of(pool.environment("SETTING", "new")));
        for (int i = 0; i < 5; i++) {
            daemon.signal("HUP");
        }
        Awaitility.await("the last word of them").atMost(LIMIT).until(() -> "new".equals(setting(pool)));
        assertTrue(daemon.reload().contains("reloaded: 0 added, 0 changed, 0 removed, 1 kept"), daemon::log);
    }

    private static String setting(Pool pool) throws IOException {
        return setting(caller(pool).get("/environment.py").answer().text());
    }

    private static String setting(String environment) {
        for (String entry : environment.split("\0", -1)) {
            if (entry.startsWith("SETTING=")) {
                return entry.substring("SETTING=".length());
            }
        }
        throw new AssertionError("no SETTING: " + environment);
    }

    private static String mode(Pool pool) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(pool.socket()));
    }

    private static Caller caller(Pool pool) {
        return new Caller(pool.address(), LAB.site().root());
    }
}
