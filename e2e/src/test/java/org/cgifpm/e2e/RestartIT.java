package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Crew;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.WorkerSite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of a daemon with workers: whatever they do, no process, no descriptor and no socket file is left. */
class RestartIT {
    private static final int WORKERS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static WorkerSite site;

    @BeforeAll
    static void makeApplications() {
        site = WorkerSite.in(LAB.newFolder("workers"));
    }

    @Test
    void idleWorkersEndAtOnce() throws IOException {
        Pool pool = pool("idle");
        Daemon daemon = LAB.daemon(pool);
        Crew crew = crew(daemon);
        assertTrue(hello(pool));
        List<Long> pids = crew.pids();

        daemon.stopCleanly(Duration.ofSeconds(5));

        assertEquals(WORKERS, pids.size());
        assertFalse(pids.stream().anyMatch(RestartIT::lives));
    }

    @Test
    void aBusyWorkerFinishesFirst() throws IOException {
        Pool pool = pool("busy");
        Daemon daemon = LAB.daemon(pool);
        try (RawClient client = busy(pool, 1500)) {
            daemon.terminate();

            assertTrue(client.awaitEnd(1).answer().text().startsWith("first\nsecond "), client::toString);
        }
        assertEquals(0, daemon.awaitExit(LIMIT));
        daemon.assertNothingLeft();
    }

    @Test
    void workersThatNeverFinishAreEndedAfterStopTimeout() throws IOException {
        Pool pool = pool("stuck");
        Daemon daemon = stopsQuickly(pool);
        try (RawClient first = busy(pool, 100_000);
                RawClient second = busy(pool, 100_000)) {
            daemon.stopCleanly(LIMIT);

            first.awaitClosed(LIMIT);
            second.awaitClosed(LIMIT);
        }
    }

    @Test
    void aFrozenWorkerIsEndedWhetherItHasARequestOrNot() throws IOException {
        Pool pool = pool("frozen");
        Daemon daemon = stopsQuickly(pool);
        Crew crew = crew(daemon);
        try (RawClient client = busy(pool, 100_000)) {
            crew.pids().forEach(pid -> Crew.signal(pid, "STOP"));
            Awaitility.await("all are frozen")
                    .atMost(LIMIT)
                    .until(() -> crew.moving().isEmpty());

            daemon.stopCleanly(LIMIT);

            client.awaitClosed(LIMIT);
        }
    }

    @Test
    void aRequestThatWaitsForAWorkerIsAnsweredOrCut() throws IOException {
        Pool pool = pool("waits").set("max_children", 1).set("pm", "static");
        Daemon daemon = stopsQuickly(pool);
        try (RawClient first = busy(pool, 100_000);
                RawClient second = sent(pool, "sleep=0")) {
            daemon.stopCleanly(LIMIT);

            first.awaitClosed(LIMIT);
            second.awaitClosed(LIMIT);
        }
    }

    @Test
    void anApplicationThatForkedItselfIsEndedWithItsChildren() throws IOException {
        String php = Program.find("php-cgi", "php8.2-cgi").toString();
        Pool pool = Pool.unix("family", LAB.folder(), site.file("php"))
                .set("mode", "worker")
                .list("command", php)
                .set("pm", "static")
                .set("max_children", 1)
                .set("worker_concurrency", 2)
                .environment("PHP_FCGI_CHILDREN", "2");
        Daemon daemon = LAB.daemon(pool);
        Awaitility.await("its family")
                .atMost(LIMIT)
                .until(() -> daemon.scripts().size() >= 3);

        daemon.stopCleanly(LIMIT);
    }

    @Test
    void theNextDaemonClearsAwayTheSocketsOfOneThatWasKilled() throws IOException {
        Pool pool = pool("killed");
        Daemon killed = LAB.daemon(pool);
        Crew crew = crew(killed);
        List<Long> orphans = crew.pids();
        ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
        killed.awaitExit(LIMIT);
        // Nobody ends them but whoever killed the daemon: a service manager does.
        orphans.forEach(pid -> Crew.signal(pid, "KILL"));
        assertEquals(1, killed.workerFolders().size());

        Daemon next = LAB.start(LAB.starterInPlaceOf(killed).pool(pool));
        assertTrue(hello(pool));
        next.stopCleanly(LIMIT);
    }

    private static Pool pool(String name) {
        return Pool.unix(name, LAB.folder(), site.root())
                .set("mode", "worker")
                .list("command", site.file("app").toString())
                .set("pm", "static")
                .set("max_children", WORKERS)
                .set("kill_grace", "500ms");
    }

    private static Daemon stopsQuickly(Pool pool) {
        return LAB.start(LAB.starter().pool(pool).setting("stop_timeout", "\"1s\""));
    }

    private static Crew crew(Daemon daemon) {
        Crew crew = new Crew(daemon, site.file("app"));
        Awaitility.await("the workers of a static pool")
                .atMost(LIMIT)
                .until(() -> crew.pids().size() == WORKERS);
        return crew;
    }

    private static boolean hello(Pool pool) throws IOException {
        return caller(pool).get("/app").answer().text().startsWith("hello ");
    }

    /** A request that a worker has begun to answer, and goes on with for so many milliseconds. */
    private static RawClient busy(Pool pool, int milliseconds) throws IOException {
        RawClient client = sent(pool, "begin=" + milliseconds);
        client.awaitStdout(1, "first");
        return client;
    }

    private static RawClient sent(Pool pool, String query) throws IOException {
        RawClient client = caller(pool).connect();
        client.send(Wire.request(1, false, caller(pool).params("/app", query), new byte[0]));
        return client;
    }

    private static Caller caller(Pool pool) {
        return new Caller(pool.address(), site.root());
    }

    private static boolean lives(long pid) {
        String state = Proc.stat(pid, 3);
        return !state.isEmpty() && !state.equals("Z");
    }
}
