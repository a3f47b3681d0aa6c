package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a script inherits besides its environment.
 *
 * <p>The daemon of this class is started from a shell with bad habits: it ignores signals, keeps descriptors open and
 * has an odd umask. None of that may reach a script.
 */
class ChildStateIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Daemon daemon;
    private static Caller caller;

    @BeforeAll
    static void start() {
        Pool pool = LAB.unixPool("state");
        daemon = LAB.start(LAB.starter()
                .pool(pool)
                .environment("SECRET_OF_THE_DAEMON", "leaked")
                .through(
                        "/bin/sh",
                        "-c",
                        "trap '' HUP INT QUIT PIPE USR1 CHLD; exec 7</dev/null 8>/dev/null; umask 0; exec \"$@\"",
                        "sh"));
        caller = new Caller(pool.address(), LAB.site().root());
    }

    @Test
    void hasExactlyTheDescriptors0And1And2() throws IOException {
        Map<String, String> state = state(caller.get("/state.bin").answer());

        List<String> descriptors =
                state.keySet().stream().filter(key -> key.startsWith("fd.")).toList();
        assertEquals(List.of("fd.0", "fd.1", "fd.2"), descriptors, state::toString);
        assertTrue(state.getOrDefault("fd.0", "").startsWith("/dev/null"), "no body: " + state);
        assertTrue(state.getOrDefault("fd.1", "").startsWith("pipe:"), state::toString);
        assertTrue(state.getOrDefault("fd.2", "").startsWith("pipe:"), state::toString);
    }

    @Test
    void hasExactlyThoseDescriptorsWhileOtherRequestsAndConnectionsAreOpen() throws IOException {
        try (RawClient other = caller.connect();
                RawClient idle = caller.connect()) {
            other.send(Wire.open(1, true, caller.params("/gate.sh", "descriptors")));
            other.awaitStdout(1, "first");
            idle.send(Wire.begin(1, true));

            Map<String, String> state =
                    state(caller.post("/state.bin", new byte[100]).answer());

            assertEquals(
                    3,
                    state.keySet().stream().filter(key -> key.startsWith("fd.")).count(),
                    state::toString);
            assertTrue(state.getOrDefault("fd.0", "").startsWith("pipe:"), "a body: " + state);
        } finally {
            LAB.site().open("descriptors");
        }
    }

    @Test
    void getsDescriptorsThatBlock() throws IOException {
        int nonBlocking = 04000;
        Map<String, String> state =
                state(caller.post("/state.bin", new byte[100]).answer());

        for (String descriptor : List.of("fd.0", "fd.1", "fd.2")) {
            String flags = state.getOrDefault(descriptor, "flags=0").replaceFirst(".*flags=", "");
            assertEquals(0, Integer.parseInt(flags, 16) & nonBlocking, descriptor + " in " + state);
        }
    }

    @Test
    void hasNoBlockedAndNoIgnoredSignals() throws IOException {
        Map<String, String> state = state(caller.get("/state.bin").answer());

        List<String> odd = state.keySet().stream()
                .filter(key -> key.startsWith("blocked.") || key.startsWith("not-default."))
                .toList();
        assertEquals(List.of(), odd);
    }

    /** Bit 16 of the mask is signal 17, SIGCHLD; a thread without it is woken up by the ends of scripts, for nothing. */
    @Test
    void doesNotSignalItsEndToAnyThreadOfTheDaemon() throws IOException {
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(daemon.pid()), "task"))) {
            for (Path thread : threads) {
                String blocked = Files.readAllLines(thread.resolve("status")).stream()
                        .filter(line -> line.startsWith("SigBlk:"))
                        .findFirst()
                        .orElseThrow()
                        .replaceFirst("SigBlk:\\s*", "");
                assertEquals(1, Long.parseUnsignedLong(blocked, 16) >>> 16 & 1, thread + " blocks " + blocked);
            }
        }
    }

    @Test
    void leadsASessionOfItsOwn() throws IOException {
        Map<String, String> state = state(caller.get("/state.bin").answer());

        assertEquals(state.get("pid"), state.get("sid"));
        assertEquals(state.get("pid"), state.get("pgid"));
        assertNotEquals(Long.toString(daemon.pid()), state.get("pid"));
    }

    @Test
    void standsInTheFolderOfTheScript() throws IOException {
        assertEquals(
                LAB.site().root().toString(),
                state(caller.get("/state.bin").answer()).get("cwd"));
        assertEquals(
                LAB.site().root().resolve("sub").toString(),
                state(caller.get("/sub/state.bin").answer()).get("cwd"));
    }

    @Test
    void isStartedByItsNameWithoutArguments() throws IOException {
        Map<String, String> state =
                state(caller.get("/state.bin", "--version+-c+evil").answer());

        assertEquals("./state.bin", state.get("argv.0"));
        assertEquals("1", state.get("argc"));
    }

    @Test
    void hasASoftLimitOf1024Files() throws IOException {
        Map<String, String> state = state(caller.get("/state.bin").answer());

        assertEquals("1024", state.get("nofile.soft"));
        assertTrue(Long.parseLong(state.getOrDefault("nofile.hard", "0")) >= 1024, state::toString);
    }

    @Test
    void runsAsTheUserOfTheDaemon() throws IOException {
        Map<String, String> state = state(caller.get("/state.bin").answer());

        assertEquals(state.get("uid"), state.get("euid"));
        assertEquals(state.get("gid"), state.get("egid"));
    }

    @Test
    void seesNoVariableOfTheDaemon() throws IOException {
        Map<String, String> environment =
                CommonRequests.environment(caller.get("/environment.py").answer());

        assertFalse(environment.containsKey("SECRET_OF_THE_DAEMON"), environment::toString);
        assertFalse(environment.containsKey("HOME"), environment::toString);
        assertEquals("/usr/local/bin:/usr/bin:/bin", environment.get("PATH"));
    }

    private static Map<String, String> state(Answer answer) {
        assertEquals(200, answer.status(), answer::toString);
        Map<String, String> state = new TreeMap<>();
        answer.text().lines().forEach(line -> {
            int equals = line.indexOf('=');
            state.put(line.substring(0, equals), line.substring(equals + 1));
        });
        return state;
    }
}
