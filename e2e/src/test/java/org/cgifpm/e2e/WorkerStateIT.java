package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.lab.Crew;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.cgifpm.e2e.lab.WorkerSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a worker is and has beside its environment, in a daemon that is root and was started from a shell with bad
 * habits: ignored signals, open descriptors, an odd umask.
 */
class WorkerStateIT {
    private static final int NON_BLOCKING = 04000;
    private static final int WORKERS = 2;
    private static final String LISTENS = "00010000";

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final LocalUsers USERS = new LocalUsers();
    private static LocalUsers.User user;
    private static WorkerSite site;
    private static Daemon daemon;
    private static Crew crew;
    private static Caller caller;

    @BeforeAll
    static void start() {
        user = USERS.user("cgifpmwrka");
        site = WorkerSite.in(LAB.newFolder("workers"));
        Pool pool = Pool.unix("state", LAB.folder(), site.root())
                .set("mode", "worker")
                .list("command", site.file("app").toString(), "1")
                .set("user", user.name())
                .set("pm", "static")
                .set("max_children", WORKERS)
                .set("umask", "027")
                .environment("OF_THE_POOL", "1");
        daemon = LAB.start(LAB.starter()
                .pool(pool)
                .environment("SECRET_OF_THE_DAEMON", "leaked")
                .through(
                        "/bin/sh",
                        "-c",
                        "trap '' HUP INT QUIT PIPE USR1 CHLD; exec 7</dev/null 8>/dev/null; umask 0; exec \"$@\"",
                        "sh"));
        crew = new Crew(daemon, site.file("app"));
        caller = new Caller(pool.address(), site.root());
        Awaitility.await("the workers of a static pool")
                .atMost(Duration.ofSeconds(10))
                .until(() -> crew.pids().size() == WORKERS);
    }

    @AfterAll
    static void removeUsers() {
        USERS.close();
    }

    @Test
    void hasAListeningSocketOnDescriptor0AndTheLogOn1And2AndNothingElse() throws IOException {
        // As many requests as there are workers and more: each has its connection open now.
        for (int i = 0; i < 3 * WORKERS; i++) {
            assertEquals(200, caller.get("/app").answer().status());
        }
        for (long pid : crew.pids()) {
            Map<Integer, String> open = new TreeMap<>(Proc.descriptors(pid));

            assertTrue(isListening(open.remove(0)), () -> "0 of " + open);
            String log = String.valueOf(open.remove(1));
            assertTrue(log.startsWith("pipe:"), () -> "1 is " + log);
            assertEquals(log, open.remove(2), "1 and 2 lead to the same log");
            // What it has accepted itself: the daemon's one connection.
            open.values().removeIf(target -> target.startsWith("socket:") && !isListening(target));
            assertEquals(Map.of(), open);
            assertTrue(Proc.descriptors(pid).size() <= 4, () -> "of " + Proc.descriptors(pid));
        }
    }

    @Test
    void getsDescriptorsThatBlock() throws IOException {
        for (long pid : crew.pids()) {
            for (int fd = 0; fd <= 2; fd++) {
                Path info = Path.of("/proc/" + pid + "/fdinfo/" + fd);
                String flags = Files.readAllLines(info).stream()
                        .filter(line -> line.startsWith("flags:"))
                        .findFirst()
                        .orElseThrow();

                assertEquals(0, Integer.parseInt(flags.replaceAll("[^0-7]", ""), 8) & NON_BLOCKING, fd + ": " + flags);
            }
        }
    }

    @Test
    void eachHasASocketOfItsOwn() {
        List<Long> pids = crew.pids();

        assertNotEquals(
                Proc.descriptors(pids.get(0)).get(0),
                Proc.descriptors(pids.get(1)).get(0));
    }

    @Test
    void isTheUserOfThePoolAndNothingMore() {
        for (long pid : crew.pids()) {
            assertEquals(times4(user.uid()), Proc.status(pid, "Uid"));
            assertEquals(times4(user.gid()), Proc.status(pid, "Gid"));
            assertEquals(Integer.toString(user.gid()), Proc.status(pid, "Groups"));
            assertEquals("1", Proc.status(pid, "NoNewPrivs"));
            assertEquals("0027", Proc.status(pid, "Umask"));
            for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
                assertEquals("0000000000000000", Proc.status(pid, set), set);
            }
        }
    }

    @Test
    void hasNoBlockedAndNoIgnoredSignals() {
        for (long pid : crew.pids()) {
            assertEquals("0000000000000000", Proc.status(pid, "SigBlk"));
            assertEquals("0000000000000000", Proc.status(pid, "SigIgn"));
        }
    }

    @Test
    void leadsASessionOfItsOwn() {
        for (long pid : crew.pids()) {
            assertEquals(Long.toString(pid), Proc.stat(pid, 5), "process group");
            assertEquals(Long.toString(pid), Proc.stat(pid, 6), "session");
        }
    }

    @Test
    void standsInTheFolderOfThePool() throws IOException {
        for (long pid : crew.pids()) {
            assertEquals(site.root(), Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")));
        }
    }

    @Test
    void hasTheVariablesOfThePoolAndNotOneOfTheDaemon() {
        for (long pid : crew.pids()) {
            Map<String, String> environment = Proc.environment(pid);

            assertEquals("1", environment.get("OF_THE_POOL"), environment::toString);
            assertEquals("/usr/local/bin:/usr/bin:/bin", environment.get("PATH"), environment::toString);
            assertEquals(3, environment.size(), () -> "PATH, E2E_MARK and that of the pool: " + environment);
        }
    }

    @Test
    void itsSocketLiesWhereOnlyTheDaemonMayLook() throws IOException {
        List<Path> folders = daemon.workerFolders();

        assertEquals(1, folders.size(), folders::toString);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folders.get(0))));
        assertEquals("root", Files.getOwner(folders.get(0)).getName());
        try (var sockets = Files.list(folders.get(0))) {
            assertEquals(WORKERS, sockets.count());
        }
    }

    @Test
    void aRequestChangesNothingOfIt() throws IOException {
        List<Long> before = crew.pids();
        Answer answer = caller.get("/app", "length").answer();

        assertEquals(200, answer.status(), answer::toString);
        assertEquals(before, crew.pids());
    }

    /** proc_net_unix: Num RefCount Protocol Flags Type St Inode Path. */
    private static boolean isListening(Object target) {
        String inode = String.valueOf(target).replaceAll("[^0-9]", "");
        try {
            return Files.readAllLines(Path.of("/proc/net/unix")).stream()
                    .map(line -> line.strip().split(" +", -1))
                    .anyMatch(fields -> fields.length > 6 && fields[6].equals(inode) && fields[3].equals(LISTENS));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String times4(int id) {
        return String.join("\t", List.of("" + id, "" + id, "" + id, "" + id));
    }
}
