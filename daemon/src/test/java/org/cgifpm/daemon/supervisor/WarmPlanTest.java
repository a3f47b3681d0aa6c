package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.logging.Level;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.Plan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.WarmPlan;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.CheckName;
import org.cgifpm.daemon.config.KeeperSettings;
import org.cgifpm.daemon.config.LimitSettings;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.PythonSettings;
import org.cgifpm.daemon.config.RunAs;
import org.cgifpm.daemon.config.ScriptRules;
import org.cgifpm.daemon.config.Severity;
import org.cgifpm.daemon.config.Symlinks;
import org.cgifpm.daemon.log.CapturedLog;
import org.cgifpm.daemon.supervisor.python.PreloadGaps;
import org.cgifpm.daemon.supervisor.python.Warmth;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.fastcgi.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which scripts run warm, and what starts their keepers. */
@SuppressWarnings("NullAway.Init")
class WarmPlanTest {
    private static final int SOURCE = 7;

    private final Syscalls syscalls = new Syscalls();

    @TempDir
    Path temporary;

    private ScriptTree tree;
    private String root;
    private String python;
    private PoolDraft pool;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new ScriptTree(temporary).script("root/a.py").script("root/b.sh").script("bin/python3");
        root = tree.path("root").toString();
        python = tree.path("bin/python3").toString();
        Files.write(tree.path("bin/python3"), new byte[] {0x7f, 'E', 'L', 'F', 0});
        shebang("a.py", python);
        pool = new PoolDraft(root);
        pool.mode = Mode.WARM;
        python(PythonSettings.OF_SCRIPTS.keepers(), Optional.empty());
    }

    @AfterEach
    void leavesNothingOpen() throws IOException {
        assertEquals(0, tree.open(), "descriptors open below the tree");
    }

    private void shebang(String script, String line) throws IOException {
        Files.writeString(tree.path("root/" + script), "#!" + line + "\nprint()\n");
    }

    private void python(KeeperSettings keepers, Optional<String> virtualenv) {
        pool.python = Optional.of(new PythonSettings("/usr/bin/python3", virtualenv, "", 1, keepers));
    }

    private ScriptPlanner planner() {
        return new ScriptPlanner(syscalls, pool.settings(), "nobody", OptionalInt.of(SOURCE));
    }

    private static Params params(String script) {
        Params params = new Params();
        params.add("SCRIPT_FILENAME", script);
        return params;
    }

    private Plan plan(String script) throws RefusedException {
        return planner().plan(params(root + "/" + script), Role.RESPONDER);
    }

    private WarmPlan warm(String script) throws RefusedException {
        WarmPlan plan = assertInstanceOf(WarmPlan.class, plan(script));
        syscalls.close(plan.script().directory());
        return plan;
    }

    private LaunchPlan cold(String script) throws RefusedException {
        LaunchPlan plan = assertInstanceOf(LaunchPlan.class, plan(script));
        syscalls.close(plan.directory());
        return plan;
    }

    private LaunchPlan keeper(String script) throws RefusedException {
        LaunchPlan plan = warm(script).keeper().plan();
        syscalls.close(plan.directory());
        return plan;
    }

    private String why(String script) throws RefusedException {
        cold(script);
        ScriptPlanner planner = planner();
        Reviewed reviewed = planner.review(params(root + "/" + script));
        try {
            return assertInstanceOf(Warmth.Cold.class, planner.warmth(reviewed).orElseThrow())
                    .why();
        } finally {
            syscalls.close(reviewed.script().directory());
        }
    }

    @Test
    void aScriptOfPythonIsForkedFromAKeeperOfItsUser() throws Exception {
        WarmPlan plan = warm("a.py");

        assertEquals("./a.py", plan.script().program());
        assertEquals(root + "/a.py", plan.script().script());
        assertEquals(
                new Application.Key(python, syscalls.effectiveUser()),
                plan.keeper().key());
        assertEquals("", plan.keeper().version());
    }

    @Test
    void aKeeperIsTheInterpreterWithItsSourceAndTheModules() throws Exception {
        LaunchPlan plan = keeper("a.py");

        assertEquals(python, plan.program());
        assertEquals(
                List.of(
                        python,
                        "/proc/self/fd/1",
                        "--preload-found=" + String.join(",", KeeperSettings.DEFAULT_PRELOAD)),
                plan.arguments());
        assertEquals(OptionalInt.of(SOURCE), plan.text());
        assertEquals(python, plan.script());
        assertEquals(Confinement.NONE, plan.confinement());
        python(new KeeperSettings(Optional.of(List.of("json", "cgi")), 0, Duration.ZERO, 3), Optional.empty());
        shebang("a.py", python + " -us");
        assertEquals(
                List.of(python, "-su", "/proc/self/fd/1", "--preload=json,cgi", "--spare=3"),
                keeper("a.py").arguments());
    }

    @Test
    void worksInThePoolsRootUnlessItsUserMayNotBeThere() throws Exception {
        LaunchPlan plan = warm("a.py").keeper().plan();
        assertEquals(root, ScriptTree.target(plan.directory()));
        syscalls.close(plan.directory());

        pool.runAs = new RunAs.User("anna", 54321, 54322, List.of());
        pool.without(CheckName.OWNER, CheckName.EXECUTABLE, CheckName.DIRECTORY_OWNER, CheckName.MIN_UID);
        Files.setPosixFilePermissions(tree.path("root"), PosixFilePermissions.fromString("rwxr-x---"));
        plan = warm("a.py").keeper().plan();
        assertEquals("/", ScriptTree.target(plan.directory()));
        syscalls.close(plan.directory());
    }

    @Test
    void scriptsOfOtherUsersOrFlagsHaveOtherKeepers() throws Exception {
        Application.Key plain = warm("a.py").keeper().key();
        shebang("a.py", python + " -u");
        Application.Key unbuffered = warm("a.py").keeper().key();
        assertEquals(new Application.Key(python + " -u", plain.uid()), unbuffered);

        pool.runAs = new RunAs.User("anna", 54321, 54322, List.of());
        pool.without(CheckName.OWNER, CheckName.DIRECTORY_OWNER, CheckName.MIN_UID);
        assertEquals(
                new Application.Key(python + " -u", 54321),
                warm("a.py").keeper().key());
        assertEquals(
                Optional.of(new Confinement.Identity("anna", 54321, 54322, List.of())),
                keeper("a.py").confinement().identity());
        assertNotEquals(plain, unbuffered);
    }

    @Test
    void limitsThatWouldEndAKeeperAreSetByItsChildren() throws Exception {
        pool.limits = new LimitSettings(
                Optional.of(Duration.ofSeconds(30)),
                OptionalLong.of(512 << 20),
                OptionalInt.of(200),
                OptionalInt.of(50),
                OptionalLong.of(1_000_000),
                0,
                OptionalLong.of(8 << 20),
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalInt.empty());
        WarmPlan plan = warm("a.py");
        LaunchPlan keeper = plan.keeper().plan();
        syscalls.close(keeper.directory());

        assertEquals(
                List.of("--limit=cpu:30:31", "--limit=nofile:200:200", "--limit=fsize:1000448:1000448"),
                keeper.arguments().subList(3, keeper.arguments().size()));
        Confinement.Limits script = plan.script().confinement().limits();
        assertEquals(
                new Confinement.Limits(
                        OptionalLong.empty(),
                        script.memory(),
                        OptionalLong.empty(),
                        script.processes(),
                        OptionalLong.empty(),
                        script.core(),
                        script.stack()),
                keeper.confinement().limits());
        assertEquals(OptionalLong.of(30), script.cpuSeconds());
    }

    @Test
    void theEnvironmentIsTheSameWarmAndColdWithTheVirtualEnvironmentActivated() throws Exception {
        pool.variables = Map.of("TZ", "UTC");
        python(KeeperSettings.DEFAULT, Optional.of(tree.path("").toString()));
        shebang("a.py", "/usr/bin/env python3");
        List<String> activated =
                List.of("PATH=" + tree.path("bin") + ":/usr/bin:/bin", "VIRTUAL_ENV=" + tree.path(""), "TZ=UTC");

        assertEquals(activated, keeper("a.py").environment());
        assertEquals(python, keeper("a.py").program());
        List<String> warm = warm("a.py").script().environment();
        List<String> cold = cold("b.sh").environment();
        assertEquals(activated, warm.stream().filter(activated::contains).toList());
        assertEquals(
                cold.stream().filter(entry -> !entry.startsWith("SCRIPT_")).toList(),
                warm.stream().filter(entry -> !entry.startsWith("SCRIPT_")).toList());
    }

    @Test
    void thePoolsOwnPathIsWhereEnvLooks() throws Exception {
        shebang("a.py", "/usr/bin/env python3");
        pool.variables = Map.of("PATH", tree.path("bin").toString());

        assertEquals(python, keeper("a.py").program());
    }

    @Test
    void whatIsNoPythonIsStartedAsEver() throws Exception {
        assertEquals("its first line names /bin/sh", why("b.sh"));
        shebang("a.py", python + " -W error");
        assertEquals("flag -W error", why("a.py"));
        Files.write(tree.path("root/a.py"), new byte[] {0x7f, 'E', 'L', 'F'});
        assertEquals("it has no first line with #!", why("a.py"));
    }

    @Test
    void scriptsWithAnInterpreterOrWithoutAnExecutableBitAreStartedAsEver() throws Exception {
        pool.rules = new ScriptRules(Optional.empty(), Map.of(".py", "/bin/cat"), Map.of(), Symlinks.FOLLOW);
        assertEquals("its extension is in interpreters", why("a.py"));

        pool.rules = new ScriptRules(
                Optional.empty(), Map.of(), Map.of(CheckName.EXECUTABLE, Severity.OFF), Symlinks.FOLLOW);
        Files.setPosixFilePermissions(tree.path("root/a.py"), PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals("it may not be executed", why("a.py"));
    }

    @Test
    void withAutoTheTableOfPythonDecidesAndWorkersComeFirst() throws Exception {
        pool.mode = Mode.AUTO;
        warm("a.py");
        Files.move(tree.path("root/a.py"), tree.path("root/a.fcgi"));
        assertInstanceOf(RelayPlan.class, plan("a.fcgi"));
        Files.move(tree.path("root/a.fcgi"), tree.path("root/a.py"));

        pool.python = Optional.empty();
        cold("a.py");
    }

    @Test
    void inAnotherRootFolderTheKeeperIsNamedAsInThereAndWorksInThePoolsRoot() throws Exception {
        pool.chroot = Optional.of(tree.folder.toString());
        pool.runAs = new RunAs.User("anna", 54321, 54322, List.of());
        pool.without(CheckName.OWNER, CheckName.DIRECTORY_OWNER, CheckName.MIN_UID);
        shebang("a.py", "/bin/python3");
        assertEquals("there is no /proc in the new root folder, which a keeper needs", why("a.py"));

        Files.createDirectories(tree.path("proc/self/fd"));
        LaunchPlan plan = warm("a.py").keeper().plan();
        assertEquals("/bin/python3", plan.program());
        assertEquals(Optional.of(tree.folder.toString()), plan.confinement().chroot());
        assertEquals(root, ScriptTree.target(plan.directory()));
        syscalls.close(plan.directory());
    }

    @Test
    void whatAKeeperCannotPlayIsRefusedAsEver() {
        RefusedException no =
                assertThrows(RefusedException.class, () -> planner().plan(params(root + "/a.py"), Role.AUTHORIZER));

        assertEquals(500, no.status());
    }

    @Test
    void aRootThatHasGoneIsToldWhenAKeeperStarts() throws Exception {
        WarmPlan plan = warm("a.py");
        Files.move(tree.path("root"), tree.path("away"));
        LaunchPlan keeper = plan.keeper().plan();

        assertEquals("/", ScriptTree.target(keeper.directory()));
        syscalls.close(keeper.directory());
    }

    @Test
    void theLogSaysOnceHowEachScriptRuns() throws Exception {
        try (CapturedLog log = new CapturedLog(Level.INFO)) {
            ScriptPlanner planner = planner();
            for (String script : List.of("a.py", "b.sh", "a.py", "b.sh")) {
                planned(planner.plan(params(root + "/" + script), Role.RESPONDER));
            }
            shebang("a.py", python + " -u");
            planned(planner.plan(params(root + "/a.py"), Role.RESPONDER));

            assertEquals(
                    List.of(
                            "INFO pool test: " + root + "/a.py runs warm, forked from " + python,
                            "INFO pool test: " + root + "/b.sh runs cold: its first line names /bin/sh",
                            "INFO pool test: " + root + "/a.py runs warm, forked from " + python + " -u"),
                    log.lines().stream().filter(line -> line.contains(" runs ")).toList());
        }
    }

    @Test
    void theLogIsNotFilledWithScripts() throws Exception {
        try (CapturedLog log = new CapturedLog(Level.INFO)) {
            WarmthLog lines = new WarmthLog("test");
            for (int i = 0; i < 2 * WarmthLog.MOST; i++) {
                lines.tell("/" + i, new Warmth.Cold("it may not be executed"));
            }
            assertEquals(WarmthLog.MOST + 1, log.lines().size());
        }
    }

    private void planned(Plan plan) {
        syscalls.close(plan instanceof WarmPlan warm ? warm.script().directory() : ((LaunchPlan) plan).directory());
    }

    @Test
    void namesModulesThatAScriptImportsAndPreloadDoesNot() throws Exception {
        Files.writeString(
                tree.path("root/a.py"),
                "#!" + python + "\nimport sys, json, types, own, pack.part, yaml\nfrom urllib.request import urlopen\n"
                        + "import http.server, email\n");
        tree.script("root/own.py").script("root/pack/part.py");
        int folder = syscalls.openAt(Syscalls.AT_FDCWD, root, Syscalls.O_PATH);
        try {
            assertEquals(
                    List.of("http.server", "urllib.request", "yaml"),
                    new PreloadGaps(syscalls, KeeperSettings.DEFAULT).of(folder, "a.py"));
            KeeperSettings written = new KeeperSettings(Optional.of(List.of("yaml.x.y")), 0, Duration.ZERO, 0);
            assertEquals(
                    List.of("email", "http.server", "json", "types", "urllib.request"),
                    new PreloadGaps(syscalls, written).of(folder, "a.py"));
            assertEquals(List.of(), new PreloadGaps(syscalls, written).of(folder, "none.py"));
        } finally {
            syscalls.close(folder);
        }
    }
}
