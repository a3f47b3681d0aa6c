package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.cgifpm.e2e.lab.Repository;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pools of two users in one daemon that is root: what the scripts of one can do to the other, and to the daemon. */
class IsolationIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final String HEAD = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n";
    private static final String NO_CAPABILITY = "0000000000000000";
    private static final String GROUP = "cgifpmchng";
    private static final Duration GONE = Duration.ofSeconds(8);

    private static final LocalUsers USERS = new LocalUsers();
    private static LocalUsers.User alice;
    private static LocalUsers.User bob;
    private static int group;
    private static Path scripts;
    private static Path marks;
    private static Daemon daemon;
    private static Caller asAlice;
    private static Caller asBob;
    private static Caller bounded;
    private static Caller gaining;
    private static Caller preloaded;
    private static Caller brief;

    @BeforeAll
    static void start() throws Exception {
        group = USERS.group(GROUP);
        alice = USERS.user("cgifpmchna");
        bob = USERS.user("cgifpmchnb", GROUP);
        scripts = LAB.newFolder("cgi");
        Files.setPosixFilePermissions(scripts, PosixFilePermissions.fromString("rwxr-xr-x"));
        script("read.sh", "cat -- \"$QUERY_STRING\" 2>&1\necho \"status $?\"\n");
        script("list.sh", "ls -- \"$QUERY_STRING\" 2>&1\necho \"status $?\"\n");
        script("signal.sh", "kill -KILL \"$QUERY_STRING\" 2>&1\necho \"status $?\"\n");
        script("state.sh", """
                cat /proc/$$/status /proc/$$/limits
                read stat </proc/$$/stat
                set -- ${stat##*) }
                shift 16
                echo "nice: $1"
                """);
        script("hold.sh", "echo \"pid $$.\"\nexec sleep 300\n");
        script("write.sh", "echo mine >\"$QUERY_STRING\" && stat -c '%U %a' \"$QUERY_STRING\"\n");
        script("run.sh", "\"$QUERY_STRING\"\n");
        script(
                "escape.sh",
                "exec setsid sh -c '(trap \"\" TERM; exec setsid sleep 300 <&- >&- 2>&-) & exec sleep 300'\n");
        script("deaf.sh", "trap '' TERM\nexec <&- >&- 2>&-\nwhile :; do sleep 300; done\n");
        script("bomb.sh", "trap '' TERM\nwhile :; do setsid sleep 300 & setsid \"$0\" & done 2>/dev/null\n");
        marks = file("marks", "", "root", "rw-rw-rw-");
        Path library = compile("preload.so", List.of("-shared", "-fPIC"), """
                        #include <fcntl.h>
                        #include <stdio.h>
                        #include <unistd.h>
                        __attribute__((constructor)) static void mark(void) {
                            int fd = open("MARKS", O_WRONLY | O_APPEND);
                            dprintf(fd, "%d\\n", (int)geteuid());
                            close(fd);
                        }
                        """.replace("MARKS", marks.toString()));
        Pool a = pool("a", alice.name());
        Pool b = pool("b", bob.name());
        Pool c = pool("bounded", bob.name())
                .set("umask", "027")
                .set("nice", 5)
                .table(
                        "limits",
                        "cpu = \"30s\"",
                        "memory = \"512M\"",
                        "files = 99",
                        "processes = 4000",
                        "file_size = \"1M\"",
                        "stack = \"1M\"");
        Pool d = pool("gaining", alice.name()).set("no_new_privs", false);
        Pool e = pool("preloaded", alice.name()).environment("LD_PRELOAD", library.toString());
        Pool f = pool("brief", alice.name())
                .set("request_timeout", "1s")
                .set("kill_grace", "300ms")
                .table("limits", "processes = 60");
        daemon = LAB.start(LAB.starter()
                .pool(a)
                .pool(b)
                .pool(c)
                .pool(d)
                .pool(e)
                .pool(f)
                .environment("SECRET_OF_THE_DAEMON", "leaked"));
        asAlice = new Caller(a.address(), scripts);
        asBob = new Caller(b.address(), scripts);
        bounded = new Caller(c.address(), scripts);
        gaining = new Caller(d.address(), scripts);
        preloaded = new Caller(e.address(), scripts);
        brief = new Caller(f.address(), scripts);
    }

    @AfterAll
    static void removeUsers() {
        USERS.close();
    }

    private static Pool pool(String name, String user) {
        return Pool.unix(name, LAB.folder(), scripts).set("user", user).list("allowed_users", "root");
    }

    @Test
    void readsAndWritesAsItsOwnUserOnly() throws Exception {
        Path secret = file("secret-of-bob", "bob's\n", bob.name(), "rw-------");
        Path open = Files.createDirectory(LAB.folder().resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertEquals("bob's\nstatus 0\n", text(asBob, "/read.sh", secret));
        assertTrue(text(asAlice, "/read.sh", secret).contains("Permission denied\nstatus 1"));
        assertEquals(alice.name() + " 644\n", text(asAlice, "/write.sh", open.resolve("a")));
        assertEquals(bob.name() + " 640\n", text(bounded, "/write.sh", open.resolve("b")));
    }

    @Test
    void signalsNeitherTheOtherNorTheDaemon() throws Exception {
        try (RawClient held = asBob.connect()) {
            held.send(Wire.open(1, true, asBob.params("/hold.sh")));
            held.awaitStdout(1, ".");
            long victim = daemon.scripts().get(0);

            assertTrue(text(asAlice, "/signal.sh", victim).contains("not permitted"));
            assertTrue(text(asAlice, "/signal.sh", daemon.pid()).contains("not permitted"));
            assertTrue(daemon.scripts().contains(victim));
            assertTrue(daemon.alive());
        }
        daemon.awaitNoScripts(GONE);
    }

    @Test
    void seesNothingOfTheDaemon() throws Exception {
        String proc = "/proc/" + daemon.pid();

        assertTrue(text(asAlice, "/read.sh", proc + "/environ").contains("Permission denied"));
        assertTrue(text(asAlice, "/list.sh", proc + "/fd").contains("Permission denied"));
        assertFalse(text(asAlice, "/read.sh", "/proc/self/environ").contains("leaked"));
        assertEquals("0\n1\n2\n3\nstatus 0\n", text(asAlice, "/list.sh", "/proc/self/fd"), "3 is that of ls itself");
    }

    @Test
    void isWhoAndWithinWhatThePoolSays() throws Exception {
        Map<String, String> state = state(bounded);

        assertEquals(times4(bob.uid()), state.get("Uid"));
        assertEquals(times4(bob.gid()), state.get("Gid"));
        int[] groups = {bob.gid(), group};
        Arrays.sort(groups);
        assertEquals(groups[0] + " " + groups[1], state.get("Groups"));
        assertEquals("0027", state.get("Umask"));
        assertEquals("5", state.get("nice"));
        assertEquals("1", state.get("NoNewPrivs"));
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            assertEquals(NO_CAPABILITY, state.get(set), set);
        }
        assertEquals("30 31", state.get("Max cpu time"));
        assertEquals("536870912 536870912", state.get("Max address space"));
        assertEquals("99 99", state.get("Max open files"));
        assertEquals("4000 4000", state.get("Max processes"));
        assertEquals("1048576 1048576", state.get("Max file size"));
        assertEquals("1048576 1048576", state.get("Max stack size"));
        assertEquals("0 0", state.get("Max core file size"));
    }

    @Test
    void gainsAGroupBySetgidOnlyWithoutNoNewPrivs() throws Exception {
        Path program = compile(
                "gid",
                List.of(),
                "#include <stdio.h>\n#include <unistd.h>\nint main(void) { printf(\"%d\\n\", (int)getegid()); return 0; }\n");
        run("chgrp", GROUP, program.toString());
        run("chmod", "2755", program.toString());

        assertEquals(alice.gid() + "\n", text(asAlice, "/run.sh", program));
        assertEquals(group + "\n", text(gaining, "/run.sh", program));
        assertEquals(NO_CAPABILITY, state(gaining).get("CapPrm"));
    }

    @Test
    void neverRunsAPreloadOfThePoolAsRoot() throws Exception {
        assertEquals(200, preloaded.get("/state.sh").answer().status());

        List<String> ran = Files.readAllLines(marks);
        assertFalse(ran.isEmpty(), "the preload never ran");
        assertTrue(ran.stream().allMatch(Integer.toString(alice.uid())::equals), ran::toString);
    }

    @Test
    void leavesNothingBehindAfterItsTime() throws Exception {
        for (String path : List.of("/escape.sh", "/deaf.sh", "/bomb.sh")) {
            Answer answer = brief.get(path).answer();

            assertTrue(answer.status() == 200 || answer.status() == 504, path + ": " + answer);
            daemon.awaitNoScripts(GONE);
            Awaitility.await(path + ": processes of its user")
                    .atMost(GONE)
                    .until(() -> processesOf(alice.uid()).isEmpty());
        }
        assertTrue(daemon.alive());
    }

    @Test
    void keepsAPoolDownThatCannotBeAsAskedAndNoOther() throws Exception {
        Path folder = LAB.newFolder("down");
        String bad = toml(folder, "bad") + "[pool.bad.limits]\nfiles = 8000\n";
        Path file = folder.resolve("cgi-fpm.toml");
        Files.writeString(file, control(folder) + bad);
        RunningProcess alone = LAB.run("cgi-fpm", folder, command(file));
        assertEquals(1, alone.awaitExit(Duration.ofSeconds(60)), alone::output);
        assertTrue(alone.output().contains("no pool is up"), alone::output);

        Files.writeString(file, control(folder) + bad + toml(folder, "good"));
        RunningProcess both = LAB.run("cgi-fpm", folder, command(file));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> both.output().contains("1 pools ready"));

        assertTrue(
                both.output()
                        .contains("pool bad stays down: its scripts would not run as asked: it was not started: "
                                + "sh: 1: ulimit: error setting limit"),
                both::output);
        assertFalse(Files.exists(folder.resolve("bad.sock")));
        assertTrue(Files.exists(folder.resolve("good.sock")));
        both.stop();
    }

    private static String control(Path folder) {
        return "[daemon]\ncontrol = \"" + folder + "/control.sock\"\n";
    }

    private static String toml(Path folder, String name) {
        return "[pool." + name + "]\nlisten = \"" + folder + "/" + name + ".sock\"\nroot = \"" + scripts
                + "\"\nuser = \"" + alice.name() + "\"\nallowed_users = [\"root\"]\n";
    }

    private static List<String> command(Path file) {
        // A daemon that can raise no limit, as in many a container.
        return List.of(
                "setpriv",
                "--bounding-set=-sys_resource",
                "--",
                "prlimit",
                "--nofile=4096:4096",
                "--",
                Repository.launcher().toString(),
                "run",
                "-c",
                file.toString());
    }

    private static Map<String, String> state(Caller caller) throws IOException {
        Map<String, String> state = new TreeMap<>();
        Answer answer = caller.get("/state.sh").answer();
        answer.text().lines().forEach(line -> {
            if (line.startsWith("Max ")) {
                String[] values = line.substring(26).strip().split(" +", 3);
                state.put(line.substring(0, 26).strip(), values[0] + " " + values[1]);
            } else if (line.contains(":")) {
                int colon = line.indexOf(':');
                state.put(
                        line.substring(0, colon),
                        line.substring(colon + 1).strip().replaceAll("\\s+", " "));
            }
        });
        assertEquals(200, answer.status(), answer::toString);
        return state;
    }

    private static String text(Caller caller, String script, Object query) throws IOException {
        Answer answer = caller.get(script, query.toString()).answer();
        assertEquals(200, answer.status(), answer::toString);
        return answer.text();
    }

    private static String times4(int id) {
        return String.join(" ", List.of("" + id, "" + id, "" + id, "" + id));
    }

    private static List<Long> processesOf(int uid) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> Proc.status(pid, "Uid").startsWith(uid + "\t"))
                .toList();
    }

    private static void script(String name, String text) throws IOException {
        Path script = scripts.resolve(name);
        Files.writeString(script, HEAD + text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path file(String name, String text, String owner, String mode) throws Exception {
        Path file = LAB.folder().resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        run("chown", owner, file.toString());
        return file;
    }

    private static Path compile(String name, List<String> options, String source) throws Exception {
        Path file = LAB.folder().resolve(name + ".c");
        Files.writeString(file, source);
        Path program = LAB.folder().resolve(name);
        List<String> command = new ArrayList<>(List.of("gcc", "-o", program.toString()));
        command.addAll(options);
        command.add(file.toString());
        run(command.toArray(new String[0]));
        return program;
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertEquals(0, process.waitFor(), String.join(" ", command));
    }
}
