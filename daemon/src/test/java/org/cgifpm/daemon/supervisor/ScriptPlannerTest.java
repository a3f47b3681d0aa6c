package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.logging.Level;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.os.Users;
import org.cgifpm.daemon.config.CheckName;
import org.cgifpm.daemon.config.IdentitySettings;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.RunAs;
import org.cgifpm.daemon.config.ScriptRules;
import org.cgifpm.daemon.config.Severity;
import org.cgifpm.daemon.config.Symlinks;
import org.cgifpm.daemon.log.CapturedLog;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.fastcgi.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class ScriptPlannerTest {
    private final Syscalls syscalls = new Syscalls();

    @TempDir
    Path temporary;

    private ScriptTree tree;
    private String root;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new ScriptTree(temporary).script("root/d/a.cgi");
        root = tree.path("root").toString();
    }

    @AfterEach
    void leavesNothingOpen() throws IOException {
        assertEquals(0, tree.open(), "descriptors open below the tree");
    }

    private ScriptPlanner planner(String scripts) {
        return planner(scripts, IdentitySettings.DEFAULT, ScriptRules.DEFAULT);
    }

    private ScriptPlanner planner(String scripts, IdentitySettings identity, ScriptRules rules) {
        PoolSettings defaults = PoolSettings.defaults("test", new ListenAddress.UnixPath("/run/none"), scripts);
        PoolSettings settings = new PoolSettings(
                defaults.name(),
                defaults.listen(),
                defaults.root(),
                defaults.mode(),
                identity,
                defaults.limits(),
                rules,
                defaults.admission(),
                defaults.timeouts(),
                defaults.onAbort(),
                defaults.background(),
                defaults.requestBodyMax(),
                defaults.environment(),
                defaults.logs(),
                defaults.pages(),
                defaults.workers(),
                defaults.python());
        return new ScriptPlanner(syscalls, settings, "nobody", OptionalInt.empty());
    }

    private static ScriptRules rules(Map<CheckName, Severity> severities) {
        return new ScriptRules(Optional.empty(), Map.of(), severities, Symlinks.OWNER_MATCH);
    }

    private static Params params(String... namesAndValues) {
        Params params = new Params();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            params.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return params;
    }

    private static LaunchPlan launch(ScriptPlanner planner, Params params) throws RefusedException {
        return assertInstanceOf(LaunchPlan.class, planner.plan(params, Role.RESPONDER));
    }

    private RefusedException refused(String scripts, String... namesAndValues) {
        return assertThrows(RefusedException.class, () -> launch(planner(scripts), params(namesAndValues)));
    }

    private String refusedFile(String name) {
        RefusedException no = refused(root, "SCRIPT_FILENAME", root + "/" + name);
        assertEquals(root + "/" + name, no.script());
        return no.status() + " " + no.why();
    }

    @Test
    void startsTheScriptByItsNameInTheFolderThatWasChecked() throws Exception {
        LaunchPlan plan = launch(
                planner(root),
                params("SCRIPT_FILENAME", root + "/d/a.cgi/extra", "REQUEST_METHOD", "GET", "HTTP_HOST", "h"));
        assertEquals(root + "/d", ScriptTree.target(plan.directory()));
        syscalls.close(plan.directory());
        assertEquals("./a.cgi", plan.program());
        assertEquals(List.of("./a.cgi"), plan.arguments());
        assertEquals(root + "/d/a.cgi", plan.script());
        assertTrue(
                plan.environment().contains("PATH=/usr/local/bin:/usr/bin:/bin"),
                plan.environment().toString());
        assertTrue(plan.environment().contains("HTTP_HOST=h"));
        assertTrue(plan.environment().contains("PATH_INFO=/extra"));
    }

    @Test
    void startsWhatALinkPointsToInTheFolderWhereThatLies() throws Exception {
        tree.link("root/link.cgi", "d/a.cgi");
        LaunchPlan plan = launch(planner(root), params("SCRIPT_FILENAME", root + "/link.cgi"));
        assertEquals(root + "/d", ScriptTree.target(plan.directory()));
        syscalls.close(plan.directory());
        assertEquals("./a.cgi", plan.program());
        assertEquals(root + "/link.cgi", plan.script());
    }

    @Test
    void findsTheScriptByDocumentRootAndScriptNameToo() throws Exception {
        LaunchPlan plan = launch(planner(root), params("DOCUMENT_ROOT", root, "SCRIPT_NAME", "/d/a.cgi"));
        syscalls.close(plan.directory());
        assertEquals(root + "/d/a.cgi", plan.script());
    }

    @Test
    void withoutANameThereIsNothingToFind() {
        assertEquals(404, refused(root, "REQUEST_METHOD", "GET").status());
    }

    @Test
    void aFileThatIsNotExecutableIsRefusedWithItsModeAndTheRemedy() throws Exception {
        tree.script("root/plain.txt");
        Files.setPosixFilePermissions(tree.path("root/plain.txt"), PosixFilePermissions.fromString("rw-r--r--"));
        String answer = refusedFile("plain.txt");
        String file = root + "/plain.txt";
        assertTrue(answer.startsWith("403 executable: " + file + ": found mode 0644, owner uid "), answer);
        assertTrue(answer.contains(", wanted execute permission for uid "), answer);
        assertTrue(answer.endsWith("; chmod +x " + file), answer);
    }

    @Test
    void onlyRegularFilesAreScripts() throws Exception {
        Path fifo = tree.path("root/fifo");
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", "-m", "755", fifo.toString())
                        .start()
                        .waitFor());
        String answer = refusedFile("fifo");
        assertTrue(answer.startsWith("403 regular_file: " + root + "/fifo: found a FIFO of uid "), answer);

        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(tree.path("root/socket")));
            assertTrue(refusedFile("socket").contains(": found a socket of uid "));
        }
        RefusedException device = refused("/dev", "SCRIPT_FILENAME", "/dev/null");
        assertEquals(403, device.status());
        assertTrue(device.why().startsWith("regular_file: /dev/null: found a character device"), device.why());
    }

    @Test
    void aParamThatTheKernelWouldNotPassOnIsTooLarge() {
        RefusedException no = refused(root, "SCRIPT_FILENAME", root + "/d/a.cgi", "HTTP_COOKIE", "x".repeat(200_000));
        assertEquals(431, no.status());
        assertTrue(no.why().contains("HTTP_COOKIE"), no.why());
        assertFalse(no.why().contains("xxxx"), "the value is not for the log");
    }

    @Test
    void tellsOnceThatAParamIsNotPassedAndNeverMoreThanSoManyNames() throws Exception {
        ScriptPlanner planner = planner(root);
        try (CapturedLog log = new CapturedLog(Level.INFO)) {
            for (int i = 0; i < 3; i++) {
                plan(planner, "HTTP_PROXY", "http://evil/");
            }
            assertEquals(List.of("INFO pool test: param HTTP_PROXY is not passed to scripts (said once)"), log.lines());
            for (int i = 0; i < 500; i++) {
                plan(planner, "LD_" + i, "x");
            }
            assertEquals(64, log.lines().size());
        }
    }

    private void plan(ScriptPlanner planner, String name, String value) throws RefusedException {
        LaunchPlan plan = launch(planner, params("SCRIPT_FILENAME", root + "/d/a.cgi", name, value));
        syscalls.close(plan.directory());
        assertFalse(plan.environment().contains(name + "=" + value));
    }

    @Test
    void controlCharactersAreRefusedBeforeAnythingIsLookedFor() {
        for (String path : new String[] {"/d/a.cgi", "/none", "/d/a.cgi/x"}) {
            RefusedException no = refused(root, "SCRIPT_FILENAME", root + path + "\n");
            assertEquals("control_characters", no.check());
            assertEquals(403, no.status());
            assertTrue(no.why().startsWith("control_characters: "), no.why());
        }
    }

    @Test
    void aLinkThatLeadsOutIsRefusedByName() throws Exception {
        tree.script("outside/x.cgi").link("root/out.cgi", "../outside/x.cgi");
        RefusedException no = refused(root, "SCRIPT_FILENAME", root + "/out.cgi");
        assertEquals("inside_root", no.check());
        assertEquals(403, no.status());
    }

    @Test
    void whatIsOnlyWarnedAboutRunsAndIsToldOnceForEachScript() throws Exception {
        tree.script("root/d/b.cgi");
        for (String name : new String[] {"a.cgi", "b.cgi"}) {
            Files.setPosixFilePermissions(tree.path("root/d/" + name), PosixFilePermissions.fromString("rwxrwxr-x"));
        }
        ScriptPlanner planner =
                planner(root, IdentitySettings.DEFAULT, rules(Map.of(CheckName.WRITABLE, Severity.WARN)));
        try (CapturedLog log = new CapturedLog(Level.INFO)) {
            for (String name : new String[] {"a.cgi", "a.cgi", "b.cgi", "b.cgi"}) {
                syscalls.close(launch(planner, params("SCRIPT_FILENAME", root + "/d/" + name))
                        .directory());
            }
            assertEquals(2, log.lines().size(), log.lines().toString());
            String first = log.lines().get(0);
            assertTrue(
                    first.startsWith("WARNING pool test: " + root + "/d/a.cgi: run all the same: writable: "), first);
        }
        RefusedException no = refused(root, "SCRIPT_FILENAME", root + "/d/a.cgi");
        assertEquals("writable", no.check());
    }

    @Test
    void anInterpreterRunsWhatHasItsExtensionAndNeedsNoExecutableBit() throws Exception {
        tree.script("root/d/page.php");
        Files.setPosixFilePermissions(tree.path("root/d/page.php"), PosixFilePermissions.fromString("rw-r--r--"));
        ScriptRules rules =
                new ScriptRules(Optional.empty(), Map.of(".php", "/bin/cat"), Map.of(), Symlinks.OWNER_MATCH);
        LaunchPlan plan = launch(
                planner(root, IdentitySettings.DEFAULT, rules),
                params("SCRIPT_FILENAME", root + "/d/page.php/x", "REDIRECT_STATUS", "404"));
        assertEquals(root + "/d", ScriptTree.target(plan.directory()));
        syscalls.close(plan.directory());
        assertEquals("/bin/cat", plan.program());
        assertEquals(List.of("/bin/cat", "./page.php"), plan.arguments());
        assertTrue(plan.environment().contains("SCRIPT_FILENAME=" + root + "/d/page.php"));
        assertEquals(
                List.of("REDIRECT_STATUS=200"),
                plan.environment().stream()
                        .filter(entry -> entry.startsWith("REDIRECT_STATUS"))
                        .toList());
        LaunchPlan own =
                launch(planner(root, IdentitySettings.DEFAULT, rules), params("SCRIPT_FILENAME", root + "/d/a.cgi"));
        syscalls.close(own.directory());
        assertEquals("./a.cgi", own.program());
    }

    @Test
    void withoutAUserOfItsOwnAPoolChangesNothing() throws Exception {
        LaunchPlan plan = launch(planner(root), params("SCRIPT_FILENAME", root + "/d/a.cgi"));
        syscalls.close(plan.directory());
        assertEquals(Confinement.NONE, plan.confinement());
    }

    @Test
    void thePoolsUserIsTakenOn() throws Exception {
        int uid = syscalls.effectiveUser();
        IdentitySettings identity = runAs(new RunAs.User("nobody", uid, 77, List.of(77, 78)));
        LaunchPlan plan =
                launch(planner(root, identity, lenientToMyself()), params("SCRIPT_FILENAME", root + "/d/a.cgi"));
        syscalls.close(plan.directory());
        assertEquals(
                Optional.of(new Confinement.Identity("nobody", uid, 77, List.of(77, 78))),
                plan.confinement().identity());
    }

    @Test
    void theScriptsOwnerIsTakenOnWithHisGroups() throws Exception {
        IdentitySettings identity = runAs(new RunAs.Owner());
        ScriptPlanner planner = planner(root, identity, lenientToMyself());
        Params params = params("SCRIPT_FILENAME", root + "/d/a.cgi");
        if (syscalls.effectiveUser() == 0) {
            RefusedException no = assertThrows(RefusedException.class, () -> launch(planner, params));
            assertEquals("min_uid", no.check());
            assertTrue(no.why().contains("that it would run as uid 0 (root)"), no.why());
            Users users = new Users(syscalls);
            int daemon = users.uid("daemon").orElseThrow();
            Files.setAttribute(tree.path("root/d/a.cgi"), "unix:uid", daemon);
        }
        LaunchPlan plan = launch(planner, params);
        syscalls.close(plan.directory());
        Confinement.Identity taken = plan.confinement().identity().orElseThrow();
        assertEquals(Files.getOwner(tree.path("root/d/a.cgi")).getName(), taken.user());
        assertTrue(taken.groups().contains(taken.gid()));
    }

    private static ScriptRules lenientToMyself() {
        return rules(Map.of(
                CheckName.OWNER, Severity.OFF,
                CheckName.MIN_UID, Severity.OFF,
                CheckName.MIN_GID, Severity.OFF));
    }

    private static IdentitySettings runAs(RunAs runAs) {
        IdentitySettings defaults = IdentitySettings.DEFAULT;
        return new IdentitySettings(
                defaults.user(),
                defaults.group(),
                defaults.groups(),
                runAs,
                defaults.minUid(),
                defaults.minGid(),
                defaults.noNewPrivileges(),
                defaults.umask(),
                defaults.nice(),
                defaults.chroot(),
                defaults.apparmorProfile(),
                defaults.selinuxLabel(),
                defaults.confined());
    }
}
