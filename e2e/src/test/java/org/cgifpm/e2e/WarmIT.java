package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.OwnedFiles;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.cgifpm.e2e.lab.Repository;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Python scripts that know nothing of it run warm: as the configuration says, and nothing else does. */
class WarmIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final LocalUsers USERS = new LocalUsers();

    /** A line NAME=value for each thing that a script can see. */
    private static final String STATE = """
            #!/usr/bin/env python3
            import sys
            warm = "csv" in sys.modules
            import os, resource
            print("Content-Type: text/plain\\n")
            print(f"warm={warm}", f"pid={os.getpid()}", f"parent={os.getppid()}", f"uid={os.getuid()}", sep="\\n")
            print(f"executable={sys.executable}", f"prefix={sys.prefix}", f"flags={sys.flags}", sep="\\n")
            print(f"argv={sys.argv}", f"folder={os.getcwd()}", f"umask={os.umask(0):o}", sep="\\n")
            for name in ("PATH", "VIRTUAL_ENV", "TZ", "QUERY_STRING", "SCRIPT_FILENAME"):
                print(f"{name}={os.environ.get(name)}")
            for name in ("CPU", "NOFILE", "FSIZE", "CORE", "STACK", "AS", "NPROC"):
                print(f"{name}={resource.getrlimit(getattr(resource, 'RLIMIT_' + name))}")
            """;

    private static final String FORM = """
            #!/usr/bin/python3
            import os, sys, urllib.parse
            text = os.environ["QUERY_STRING"]
            if os.environ["REQUEST_METHOD"] == "POST":
                text = sys.stdin.read(int(os.environ["CONTENT_LENGTH"]))
            print("Content-Type: text/plain; charset=utf-8\\n")
            print(sorted(urllib.parse.parse_qs(text).items()), "csv" in sys.modules)
            """;

    private static List<Integer> owners = List.of();
    private static Path scripts;
    private static Path venv;
    private static Path owned;
    private static Daemon daemon;
    private static Caller warm;
    private static Caller exec;
    private static Caller auto;
    private static Caller owner;

    @BeforeAll
    static void start() throws IOException {
        LocalUsers.User anna = USERS.user("confdanna");
        LocalUsers.User bert = USERS.user("confdbert");
        owners = List.of(anna.uid(), bert.uid());
        scripts = folder("cgi");
        script("state.py", STATE);
        script("flags.py", STATE.replace("env python3", "env -S python3 -u -B"));
        script("cold.py", STATE.replace("#!/usr/bin/env python3", "#!/usr/bin/python3 -Wignore"));
        script("form.py", FORM);
        script("hello.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nhello %s\\n' \"$PPID\"\n");
        script("old.py", "#!/usr/bin/python3\nraise ModuleNotFoundError(\"No module named 'cgi'\")\n");
        owned = folder("owned");
        OwnedFiles.script(owned.resolve("anna/state.py"), STATE, 0755, anna.uid(), anna.gid());
        OwnedFiles.script(owned.resolve("bert/state.py"), STATE, 0755, bert.uid(), bert.gid());
        venv = folder("venv");
        assertEquals(
                0,
                run("/usr/bin/python3", "-m", "venv", "--without-pip", venv.toString())
                        .awaitExit(LIMIT));
        String[] limits = {"cpu = \"30s\"", "files = 99", "file_size = \"1000000\"", "stack = \"4M\"", "memory = \"1G\""
        };
        Pool warmPool = pool("warm", scripts).set("mode", "warm").table("limits", limits);
        Pool execPool = pool("exec", scripts).set("mode", "exec").table("limits", limits);
        Pool autoPool = pool("auto", scripts)
                .set("mode", "auto")
                .table("python", "virtualenv = \"" + venv + "\"", "preload = [\"csv\"]");
        Pool ownerPool =
                pool("owner", owned).set("mode", "warm").set("user", "@owner").set("process_idle_timeout", "700ms");
        daemon = LAB.daemon(warmPool, execPool, autoPool, ownerPool);
        warm = new Caller(warmPool.address(), scripts);
        exec = new Caller(execPool.address(), scripts);
        auto = new Caller(autoPool.address(), scripts);
        owner = new Caller(ownerPool.address(), owned);
    }

    /** A user whose keeper still waits for requests cannot be removed. */
    @AfterAll
    static void removeUsers() {
        try {
            Awaitility.await("idle keepers end")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> Proc.all().stream().noneMatch(WarmIT::isOfAnOwner));
        } finally {
            USERS.close();
        }
    }

    private static boolean isOfAnOwner(long pid) {
        String uids = Proc.status(pid, "Uid");
        return owners.stream().anyMatch(uid -> uids.startsWith(uid + "\t"));
    }

    private static Path folder(String purpose) throws IOException {
        return Files.setPosixFilePermissions(
                LAB.newFolder(purpose).toRealPath(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Pool pool(String name, Path root) {
        return Pool.unix(name, LAB.folder(), root).environment("TZ", "UTC");
    }

    private static void script(String name, String text) throws IOException {
        Path file = Files.writeString(scripts.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static RunningProcess run(String... command) {
        return LAB.run("command", LAB.newFolder("command"), List.of(command));
    }

    private static Map<String, String> state(Caller caller, String script) throws IOException {
        Answer answer = caller.get(script, "a=b&c").answer();
        assertEquals(200, answer.status(), answer::toString);
        Map<String, String> state = new TreeMap<>();
        answer.text()
                .lines()
                .forEach(
                        line -> state.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return state;
    }

    @Test
    void answersFormsByGetAndByPost() throws IOException {
        assertEquals(
                "[('name', ['J\u00fcrgen']), ('q', ['a&b'])] True\n",
                utf8(warm.get("/form.py", "name=J%C3%BCrgen&q=a%26b").answer()));
        byte[] form = "name=J%C3%BCrgen&q=two+words".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(
                "[('name', ['J\u00fcrgen']), ('q', ['two words'])] True\n",
                utf8(warm.post("/form.py", form).answer()));
    }

    private static String utf8(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void eachRequestIsAProcessOfItsOwnAndAllHaveOneKeeper() throws IOException {
        Map<String, String> first = state(warm, "/state.py");
        Map<String, String> second = state(warm, "/state.py");

        assertEquals("True", first.get("warm"));
        assertNotEquals(first.get("pid"), second.get("pid"));
        assertEquals(first.get("parent"), second.get("parent"));
        assertNotEquals(Long.toString(daemon.pid()), first.get("parent"));
    }

    @Test
    void aScriptSeesTheSameWarmAsInAProcessThatWasStartedForIt() throws IOException {
        for (String script : List.of("/state.py", "/flags.py")) {
            Map<String, String> forked = state(warm, script);
            Map<String, String> started = state(exec, script);
            assertEquals("True", forked.get("warm"));
            assertEquals("False", started.get("warm"));
            List.of("warm", "pid", "parent").forEach(forked::remove);
            List.of("warm", "pid", "parent").forEach(started::remove);

            assertEquals(started, forked);
        }
    }

    @Test
    void scriptsWithOtherFlagsHaveAnotherKeeper() throws IOException {
        assertNotEquals(
                state(warm, "/state.py").get("parent"), state(warm, "/flags.py").get("parent"));
    }

    @Test
    void whatNoKeeperCanForkIsExecutedByTheOneThatIsReady() throws IOException {
        String keeper = state(warm, "/state.py").get("parent");

        assertEquals("False", state(warm, "/cold.py").get("warm"));
        assertEquals("hello " + keeper + "\n", warm.get("/hello.sh").answer().text());
        assertTrue(
                daemon.log().contains("pool warm: " + scripts + "/state.py runs warm, forked from /usr/bin/python3"));
        assertTrue(daemon.log().contains("pool warm: " + scripts + "/cold.py runs cold: flag -Wignore"));
        assertTrue(
                daemon.log().contains("pool warm: " + scripts + "/hello.sh runs cold: its first line names /bin/sh"));
    }

    @Test
    void aVirtualEnvironmentIsThePythonThatEnvFinds() throws IOException {
        Map<String, String> state = state(auto, "/state.py");

        assertEquals("True", state.get("warm"));
        assertEquals(venv.toString(), state.get("prefix"));
        assertEquals(venv + "/bin/python3", state.get("executable"));
        assertEquals(venv.toString(), state.get("VIRTUAL_ENV"));
        assertEquals(venv + "/bin:/usr/local/bin:/usr/bin:/bin", state.get("PATH"));
        // A script that names another Python gets that, with the same variables.
        Map<String, String> named = state(auto, "/cold.py");
        assertEquals("/usr/bin/python3", named.get("executable"));
        assertEquals("/usr", named.get("prefix"));
        assertEquals(state.get("PATH"), named.get("PATH"));
    }

    @Test
    void eachOwnerHasAKeeperThatEndsWhenItHasNothingToDo() throws IOException {
        Map<String, String> annas = state(owner, "/anna/state.py");
        Map<String, String> berts = state(owner, "/bert/state.py");

        assertEquals("True", annas.get("warm"));
        assertEquals("True", berts.get("warm"));
        assertNotEquals(annas.get("uid"), berts.get("uid"));
        assertNotEquals(annas.get("parent"), berts.get("parent"));
        assertEquals(annas.get("uid"), "" + Files.getAttribute(owned.resolve("anna/state.py"), "unix:uid"));
        List<Long> keepers = List.of(Long.valueOf(annas.get("parent")), Long.valueOf(berts.get("parent")));
        Awaitility.await("idle keepers end")
                .atMost(Duration.ofSeconds(10))
                .until(() -> Proc.all().stream().noneMatch(keepers::contains));
        assertEquals("True", state(owner, "/anna/state.py").get("warm"), "another one is started");
    }

    @Test
    void theLogSaysWhatBringsAMissingModuleBackOnceForEachScript() throws IOException {
        for (Caller caller : List.of(warm, warm, exec)) {
            assertEquals(500, caller.get("/old.py").answer().status());
        }
        String remedy =
                scripts + "/old.py: this Python has no module cgi any more; install the package python3-legacy-cgi";

        Awaitility.await("the remedy").atMost(LIMIT).until(() -> daemon.log().contains(remedy));
        assertEquals(
                1, daemon.log().lines().filter(line -> line.contains(remedy)).count());
    }

    @Test
    void explainSaysOfEachScriptWhatBecomesOfIt() {
        RunningProcess explain = run(
                Repository.launcher().toString(),
                "explain",
                "-c",
                daemon.configuration().toString(),
                "--pool",
                "warm",
                "--all",
                "--json");
        assertEquals(0, explain.awaitExit(LIMIT), explain::output);
        Map<String, String> verdicts = new TreeMap<>();
        for (String line : explain.output().lines().toList()) {
            JsonObject object = JsonParser.parseString(line).getAsJsonObject();
            if (object.has("file")) {
                boolean runsWarm = object.get("warm").getAsBoolean();
                verdicts.put(
                        object.get("file")
                                .getAsString()
                                .substring(scripts.toString().length() + 1),
                        runsWarm
                                ? object.get("lacks").toString()
                                : object.get("cold_for").getAsString());
            }
        }

        assertEquals(
                Map.of(
                        "state.py", "[\"resource\"]",
                        "flags.py", "[\"resource\"]",
                        "cold.py", "flag -Wignore",
                        "form.py", "[]",
                        "hello.sh", "its first line names /bin/sh",
                        "old.py", "[]"),
                verdicts);
    }
}
