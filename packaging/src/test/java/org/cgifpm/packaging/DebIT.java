package org.cgifpm.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package installed, used, upgraded and removed, in a root that is thrown away, without a service manager. */
class DebIT {
    private static final String ARCHIVE = "/var/cache/cgi-fpm/classes.jsa";
    private static final String CONFIGURATION = "/etc/cgi-fpm/cgi-fpm.toml";
    private static final String SOCKET = "/run/cgi-fpm/web.sock";

    private final ThrowAwayRoot root = new ThrowAwayRoot();

    DebIT() throws IOException {}

    @BeforeEach
    void install() throws IOException, InterruptedException {
        assertEquals("", leftOvers());
        install(Deb.file());
    }

    @AfterEach
    void throwAway() throws IOException {
        root.close();
    }

    @Test
    void saysItsVersionAndThatItHasNoPoolYet() throws IOException, InterruptedException {
        String version = root.run("cgi-fpm", "--version").expect(0).strip();
        String problem = root.run("cgi-fpm", "check").expect(2);

        assertEquals("cgi-fpm " + Deb.version(), version);
        assertTrue(problem.contains("no pool is configured"), problem);
    }

    @Test
    void theExampleIsAPoolOnceItIsSwitchedOn() throws IOException, InterruptedException {
        root.sh("useradd -m example && mkdir -p /srv/example/cgi-bin /run/cgi-fpm")
                .expect(0);
        root.sh("cd /etc/cgi-fpm/pools.d && cp example.toml.off example.toml").expect(0);

        String right = root.run("cgi-fpm", "check").expect(0);

        assertTrue(right.contains("right (1 pools)"), right);
    }

    @Test
    void runsAScriptAsAnotherUserAndStops() throws IOException, InterruptedException {
        Process daemon = start();

        String answer = request();
        root.sh("kill $(cat /run/pid)").expect(0);

        assertTrue(answer.endsWith("\n\ndbweb\n") || answer.endsWith("\r\n\r\ndbweb\n"), answer);
        assertTrue(daemon.waitFor(60, TimeUnit.SECONDS), "it did not stop");
    }

    @Test
    void anUpgradeKeepsWhatWasChangedAndLetsTheDaemonServeOn(@TempDir Path folder)
            throws IOException, InterruptedException {
        start();
        String changed = Files.readString(root.path(CONFIGURATION)) + "max_children = 99\n";
        Files.writeString(root.path(CONFIGURATION), changed);

        install(Deb.next(folder, Deb.version() + "+next"));

        assertEquals(changed, Files.readString(root.path(CONFIGURATION)));
        String rotation = Files.readString(root.path("/etc/logrotate.d/cgi-fpm"));
        assertTrue(rotation.startsWith("# new\n"), rotation);
        assertTrue(Files.exists(root.path(ARCHIVE)), "no new archive");
        String answer = request();
        assertTrue(answer.endsWith("dbweb\n"), answer);
    }

    @Test
    void makesTheArchiveAnewWhenAJavaComesOrGoes() throws IOException, InterruptedException {
        assertTrue(Files.size(root.path(ARCHIVE)) > 1_000_000, "no archive was made at install");
        Files.delete(root.path(ARCHIVE));

        root.sh("dpkg-trigger --by-package=dpkg /usr/lib/jvm/another && dpkg --triggers-only cgi-fpm")
                .expect(0);

        assertTrue(Files.size(root.path(ARCHIVE)) > 1_000_000, "no archive was made anew");
    }

    @Test
    void leavesTheConfigurationWhenItIsRemovedAndOnlyThePoolsWhenItIsPurged() throws IOException, InterruptedException {
        addPool();
        root.write("/var/log/cgi-fpm/web.log", "a line\n");

        root.run("dpkg", "--remove", "cgi-fpm").expect(0);

        assertTrue(Files.exists(root.path("/etc/cgi-fpm/pools.d/web.toml")));
        assertFalse(Files.exists(root.path("/usr/share/cgi-fpm")));
        assertFalse(Files.exists(root.path(ARCHIVE)));

        root.run("dpkg", "--purge", "cgi-fpm").expect(0);

        assertEquals("", leftOvers());
        assertTrue(Files.exists(root.path("/srv/web/who.sh")), "a script of a pool is gone");
    }

    @Test
    void saysWhatIsMissingWhereThereIsNoJava() throws IOException, InterruptedException {
        String wrong = root.sh("CGI_FPM_JAVA_HOME=/nowhere cgi-fpm --version").expect(1);
        root.run("mount", "-t", "tmpfs", "none", "/usr/lib/jvm").expect(0);
        String none = root.sh("PATH=/usr/bin:/bin cgi-fpm --version").expect(1);

        assertEquals("cgi-fpm: CGI_FPM_JAVA_HOME=/nowhere is no Java 17 or later\n", wrong);
        assertTrue(none.startsWith("cgi-fpm: there is no Java 17 or later in /usr/lib/jvm or on the PATH"), none);
        assertTrue(none.contains("apt-get install default-jre-headless"), none);
    }

    @Test
    void completesCommandsInBash() throws IOException, InterruptedException {
        String offered = root.run(
                        "bash",
                        "-c",
                        ". /usr/share/bash-completion/completions/cgi-fpm; COMP_WORDS=(cgi-fpm ex); COMP_CWORD=1;"
                                + " _complete_cgi-fpm; echo ${COMPREPLY[@]}")
                .expect(0);

        assertEquals("explain", offered.strip());
    }

    private void install(Path file) throws IOException, InterruptedException {
        Files.copy(file, root.path("/root/new.deb"), StandardCopyOption.REPLACE_EXISTING);
        root.run("dpkg", "--install", "/root/new.deb").expect(0);
    }

    /** What the package has made, and what points at it. */
    private String leftOvers() throws IOException, InterruptedException {
        return root.sh("find /etc /usr /var /run -xdev '(' -name '*cgi-fpm*' -o -lname '*cgi-fpm*' ')' -print")
                .expect(0);
    }

    private void addPool() throws IOException, InterruptedException {
        root.sh("useradd dbweb && mkdir -p /srv/web /run/cgi-fpm").expect(0);
        root.write("/srv/web/who.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\nid -un\n");
        root.sh("chmod 755 /srv/web/who.sh && chown -R dbweb: /srv/web").expect(0);
        root.write("/etc/cgi-fpm/pools.d/web.toml", """
                [pool.web]
                listen = "%s"
                allowed_users = ["root"]
                root = "/srv/web"
                user = "dbweb"
                """.formatted(SOCKET));
    }

    private Process start() throws IOException, InterruptedException {
        addPool();
        Process daemon = root.inside("sh", "-c", "echo $$ >/run/pid; exec cgi-fpm run -c " + CONFIGURATION)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(root.path("/run/log").toFile())
                .start();
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!Files.exists(root.path(SOCKET))) {
            String log = Files.readString(root.path("/run/log"));
            assertTrue(daemon.isAlive() && System.nanoTime() < limit, () -> "it does not listen: " + log);
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return daemon;
    }

    private String request() throws IOException, InterruptedException {
        return root.sh("REQUEST_METHOD=GET SCRIPT_NAME=/who.sh SCRIPT_FILENAME=/srv/web/who.sh"
                        + " cgi-fcgi -bind -connect " + SOCKET)
                .expect(0);
    }
}
