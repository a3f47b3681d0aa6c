package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Background;
import org.cgifpm.e2e.client.Http;
import org.cgifpm.e2e.client.Load;
import org.cgifpm.e2e.lab.BootedMachine;
import org.cgifpm.e2e.lab.BootedMachine.Result;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Repository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Debian package as a service of a systemd that really runs, behind nginx in the same machine. */
@SuppressWarnings("NullAway.Init")
class SystemdIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Path PACKAGES = Repository.ROOT.resolve("packaging/target");
    private static final int PORT = Pool.freePort();
    private static BootedMachine machine;

    /** A test that failed says what the machine has logged. */
    @RegisterExtension
    static final AfterTestExecutionCallback JOURNAL = test -> test.getExecutionException()
            .ifPresent(failure -> System.out.println("==== " + test.getDisplayName() + " failed; the journal:\n"
                    + machine.run("journalctl --no-pager -o short-monotonic -n 200")
                            .output()));

    @BeforeAll
    static void boot() throws IOException {
        Path deb = debianPackage();
        machine = BootedMachine.boot(PACKAGES);
        try (InputStream setup = SystemdIT.class.getResourceAsStream("systemd/setup.sh")) {
            // Images of containers often forbid packages to start services.
            machine.get("rm -f /usr/sbin/policy-rc.d; dpkg -i /opt/package/" + deb.getFileName());
            machine.get("PORT=" + PORT + "\n" + new String(setup.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException | Error e) {
            System.out.println(machine.journal("cgi-fpm"));
            machine.close();
            throw e;
        }
    }

    @AfterAll
    static void end() {
        if (machine != null) {
            machine.close();
        }
    }

    @BeforeEach
    void isActive() {
        machine.get("systemctl reset-failed; systemctl start cgi-fpm-bert.socket cgi-fpm.service");
    }

    @Test
    void runsAPythonScriptAsItsUserThroughNginx() throws Exception {
        Answer answer = Http.get(PORT, "/anna/who.py").send();

        assertEquals(200, answer.status(), answer::toString);
        assertTrue(answer.text().startsWith("user syanna\n"), answer::toString);
        assertEquals("syanna", machine.get("stat -c %U /home/syanna/visits"));
    }

    @Test
    void givesEachPoolAControlGroupOfItsOwn() throws Exception {
        String unit = "/system.slice/cgi-fpm.service/";

        assertTrue(
                Http.get(PORT, "/anna/who.py").send().text().contains("group 0::" + unit + "pool-anna/"),
                "anna's script runs in her pool's group");
        assertTrue(
                Http.get(PORT, "/bert/who.py").send().text().contains("group 0::" + unit + "pool-bert/"),
                "bert's script runs in his pool's group");
        assertEquals(200, Http.get(PORT, "/app").send().status());
        List<String> groups =
                machine.get("cd /sys/fs/cgroup" + unit + "; ls -d */").lines().toList();
        assertTrue(groups.containsAll(List.of("pool-anna/", "pool-app/", "pool-bert/")), groups::toString);
    }

    @Test
    void writesItsLinesToTheJournalWithPriorities() throws Exception {
        assertEquals(403, Http.get(PORT, "/anna/data.txt").send().status());

        awaitJournal("-p info", "pools ready, pid");
        awaitJournal("-p warning", "data.txt");
        String warnings = machine.get("journalctl --no-pager -o cat -u cgi-fpm -p warning");
        assertFalse(warnings.contains("pools ready, pid"), warnings);
        assertFalse(warnings.contains("<4>"), warnings);
    }

    @Test
    void losesNoRequestWhenItIsReloadedUnderLoad() {
        try (Background load = load("/anna/hello.sh", "/anna-kept/hello.sh", "/anna/who.py", "/bert-kept/hello.sh")) {
            for (int i = 0; i < 5; i++) {
                // Another one each time, so that there is something to change.
                machine.get("sed -i '/^\\[pool.anna\\]/,/^\\[/ s/^slow_after = .*/slow_after = \"" + (6 + i)
                        + "s\"/' /etc/cgi-fpm/pools.d/sy.toml && systemctl reload cgi-fpm");
                load.awaitMore(20, LIMIT);
            }
            assertEquals(Map.of(), load.stop());
        }
    }

    @Test
    void leavesTheOldConfigurationInForceWhenTheNewOneIsBroken() throws Exception {
        String pid = mainPid();
        machine.get("echo 'nonsense = 1' >/etc/cgi-fpm/pools.d/sz.toml");
        try {
            Result reload = machine.run("systemctl reload cgi-fpm");

            assertNotEquals(0, reload.exit());
            awaitJournal("", "/etc/cgi-fpm/pools.d/sz.toml:1: ");
            assertEquals(pid, mainPid());
            assertEquals("active", machine.get("systemctl is-active cgi-fpm"));
            assertEquals(200, Http.get(PORT, "/anna/hello.sh").send().status());
        } finally {
            machine.get("rm /etc/cgi-fpm/pools.d/sz.toml");
        }
        machine.get("systemctl reload cgi-fpm");
    }

    @Test
    void tellsTheJournalAsAnErrorWhatKeepsItFromStarting() throws Exception {
        machine.get("systemctl stop cgi-fpm && printf '\\nnonsense = 1\\n' >/etc/cgi-fpm/pools.d/sz.toml");
        try {
            assertNotEquals(0, machine.run("systemctl start cgi-fpm").exit());
            awaitJournal("-p err", "/etc/cgi-fpm/pools.d/sz.toml:2: ");
        } finally {
            machine.get("rm /etc/cgi-fpm/pools.d/sz.toml && systemctl start cgi-fpm");
        }
    }

    @Test
    void losesNoRequestOfAnActivatedSocketWhenItIsRestarted() {
        try (Background load = load("/bert/hello.sh", "/bert-kept/hello.sh", "/bert/who.py", "/bert-kept/who.py")) {
            for (int i = 0; i < 2; i++) {
                load.awaitMore(20, LIMIT);
                machine.get("systemctl restart cgi-fpm");
            }
            load.awaitMore(20, LIMIT);
            assertEquals(Map.of(), load.stop());
        }
    }

    @Test
    void isStartedByTheFirstRequestOfAnActivatedSocket() throws Exception {
        machine.get("systemctl stop cgi-fpm");
        assertEquals("active", machine.get("systemctl is-active cgi-fpm-bert.socket"));

        assertEquals("hello\n", Http.get(PORT, "/bert/hello.sh").send().text());

        assertEquals("active", machine.get("systemctl is-active cgi-fpm"));
    }

    @Test
    void leavesNoProcessOfAnyPoolWhenItIsStopped() throws Exception {
        assertEquals("left\n", Http.get(PORT, "/anna/leave.sh").send().text());
        assertEquals("left\n", Http.get(PORT, "/bert/leave.sh").send().text());
        assertEquals(200, Http.get(PORT, "/anna/who.py").send().status());
        assertEquals("application\n", Http.get(PORT, "/app").send().text());
        // What the scripts have left, a keeper, two workers.
        String before = machine.get("pgrep -u syanna,sybert -c");
        assertTrue(Integer.parseInt(before) >= 5, machine.run("ps -ef").output());

        machine.get("systemctl stop cgi-fpm-bert.socket cgi-fpm.service");

        assertEquals("", machine.run("pgrep -u syanna,sybert -a").output());
        assertEquals(
                "inactive", machine.run("systemctl is-active cgi-fpm").output().strip());
        assertEquals("success", machine.get("systemctl show cgi-fpm -p Result --value"));
    }

    /** The gate is opened by the machine itself, once the old daemon has been told to stop. */
    @Test
    void finishesARunningRequestWhenThePackageIsUpgraded() throws Exception {
        String before = mainPid();
        machine.get("cd /root && dpkg-deb -R /opt/package/*_all.deb next"
                + " && sed -i 's/^Version: .*/Version: 99.0/' next/DEBIAN/control"
                + " && dpkg-deb --root-owner-group -Znone -b next next.deb");
        FutureTask<Answer> slow =
                new FutureTask<>(() -> Http.get(PORT, "/anna/slow.sh").send());
        new Thread(slow, "slow").start();
        machine.get("until [ -e /tmp/slow-began ]; do sleep 0.1; done");

        machine.get(
                "(until [ $(systemctl is-active cgi-fpm) = deactivating ]; do sleep 0.1; done; touch /tmp/slow-gate)"
                        + " >/dev/null 2>&1 & dpkg -i /root/next.deb");

        assertEquals("slow\n", slow.get(90, TimeUnit.SECONDS).text());
        assertNotEquals(before, mainPid());
        assertEquals("99.0", machine.get("dpkg-query -W -f '${Version}' cgi-fpm"));
        assertEquals("hello\n", Http.get(PORT, "/anna/hello.sh").send().text());
    }

    /** The daemon has neither CAP_FOWNER nor CAP_DAC_OVERRIDE there: the file is not its own any more. */
    @Test
    void changesASocketFileThatIsTheWebServersAndTakesItsPlaceAfterACrash() throws Exception {
        String look = "stat -c '%U %a' /run/cgi-fpm/anna.sock";
        String pools = "/etc/cgi-fpm/pools.d/sy.toml";
        assertEquals("www-data 660", machine.get(look));
        machine.get("sed -i '0,/^listen_owner/s//listen_mode = \"0600\"\\nlisten_owner/' " + pools);
        try {
            machine.get("systemctl reload cgi-fpm");

            assertEquals("www-data 600", machine.get(look));
            assertEquals(200, Http.get(PORT, "/anna/hello.sh").send().status());

            String before = mainPid();
            machine.get("kill -KILL " + before);
            Awaitility.await("an answer of another daemon")
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> !List.of(before, "0").contains(mainPid())
                            && Http.get(PORT, "/anna/hello.sh").send().status() == 200);
            assertEquals("www-data 600", machine.get(look));
        } finally {
            machine.get("sed -i '/^listen_mode = \"0600\"$/d' " + pools + "; systemctl reload cgi-fpm");
        }
    }

    @Test
    void isStartedAgainByTheWatchdogWhenItIsStuck() throws Exception {
        String dropIn = "/run/systemd/system/cgi-fpm.service.d";
        machine.get("mkdir -p " + dropIn + "; printf '[Service]\\nWatchdogSec=10\\n' >" + dropIn
                + "/watchdog.conf; systemctl daemon-reload; systemctl restart cgi-fpm");
        try {
            String stuck = mainPid();
            assertNotEquals("0", stuck);

            machine.get("kill -STOP " + stuck);

            Awaitility.await("another daemon runs")
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> !List.of(stuck, "0").contains(mainPid())
                            && machine.run("systemctl is-active cgi-fpm")
                                    .output()
                                    .strip()
                                    .equals("active"));
            awaitJournal("", "Failed with result 'watchdog'");
            assertEquals(200, Http.get(PORT, "/anna/hello.sh").send().status());
        } finally {
            machine.get("rm -r " + dropIn + "; systemctl daemon-reload; systemctl restart cgi-fpm");
        }
    }

    @Test
    void runsForOneUserWithoutAnyPrivilege() throws Exception {
        machine.get("systemctl start cgi-fpm@sycarl");

        Answer answer = Http.get(PORT, "/carl/who.py").send();

        assertEquals(200, answer.status(), () -> answer + machine.journal("cgi-fpm@sycarl"));
        assertTrue(answer.text().startsWith("user sycarl\n"), answer::toString);
        assertTrue(answer.text().contains("/cgi-fpm@sycarl.service/"), answer::toString);
        assertEquals("sycarl", machine.get("stat -c %U /home/sycarl/visits"));
        machine.get("systemctl stop cgi-fpm@sycarl");
        assertEquals("", machine.run("pgrep -u sycarl -a").output());
    }

    @Test
    void tellsHowItIsDoing() throws Exception {
        assertEquals(200, Http.get(PORT, "/anna/hello.sh").send().status());

        String status = machine.get("systemctl show cgi-fpm -p StatusText --value");

        assertTrue(status.matches("[0-9.]+ requests/s, [0-9]+ active, [0-9]+ queued"), status);
    }

    private static String mainPid() {
        return machine.get("systemctl show cgi-fpm -p MainPID --value");
    }

    /** Journald may be a moment behind. */
    private static void awaitJournal(String options, String text) {
        Awaitility.await("'" + text + "' in the journal, " + options)
                .atMost(LIMIT)
                .until(() -> machine.get("journalctl --no-pager -o cat -u cgi-fpm " + options)
                        .contains(text));
    }

    /** A client for each target, which asks until it is told to stop. */
    private static Background load(String... targets) {
        return Background.start(Stream.of(targets)
                .map(target -> (Load.Client) number -> {
                    Answer answer = Http.get(PORT, target).send();
                    return answer.status() == 200 && answer.complete() ? Load.GOOD : target + ": " + answer;
                })
                .toList());
    }

    private static Path debianPackage() throws IOException {
        if (Files.isDirectory(PACKAGES)) {
            try (Stream<Path> files = Files.list(PACKAGES)) {
                List<Path> found = files.filter(
                                file -> file.getFileName().toString().endsWith("_all.deb"))
                        .toList();
                if (found.size() == 1) {
                    return found.get(0);
                }
            }
        }
        throw new AssertionError("there is not one Debian package in " + PACKAGES + ": mvn -pl packaging -am package");
    }
}
