package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.KeeperSettings;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.PythonSettings;
import org.cgifpm.daemon.config.RunAs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one application of a pool: of a command, or of WSGI. */
@SuppressWarnings("NullAway.Init")
class PoolApplicationTest {
    private final Syscalls syscalls = new Syscalls();

    @TempDir
    Path temporary;

    private ScriptTree tree;
    private PoolDraft pool;
    private String app;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new ScriptTree(temporary).script("root/bin/app");
        pool = new PoolDraft(tree.path("root").toString());
        app = tree.path("root/bin/app").toString();
        pool.mode = Mode.WORKER;
        pool.command = List.of(app, "--fast");
    }

    @AfterEach
    void leavesNothingOpen() throws IOException {
        assertEquals(0, tree.open(), "descriptors open below the tree");
    }

    private Application application() {
        return PoolApplication.of(syscalls, pool.settings(), "nobody", OptionalInt.of(7))
                .orElseThrow();
    }

    private LaunchPlan started() throws RefusedException {
        LaunchPlan plan = application().plan();
        syscalls.close(plan.directory());
        return plan;
    }

    private String refused() {
        RefusedException no =
                assertThrows(RefusedException.class, () -> application().plan());
        assertEquals(application().key().program(), no.script());
        return no.status() + " " + no.why();
    }

    private void wsgi(Optional<String> virtualenv) {
        pool.mode = Mode.WSGI;
        pool.command = List.of();
        pool.python = Optional.of(
                new PythonSettings(app, virtualenv, "shop.web:application.wsgi", 3, KeeperSettings.DEFAULT));
    }

    @Test
    void poolsOfScriptsHaveNone() {
        for (Mode mode : List.of(Mode.EXEC, Mode.AUTO)) {
            pool.mode = mode;
            assertEquals(
                    Optional.empty(), PoolApplication.of(syscalls, pool.settings(), "nobody", OptionalInt.empty()));
        }
    }

    @Test
    void aCommandIsStartedInRootWithThePoolsVariablesAndNoOthers() throws Exception {
        pool.variables = Map.of("TZ", "UTC");
        LaunchPlan plan = application().plan();
        assertEquals(tree.path("root").toString(), ScriptTree.target(plan.directory()));
        syscalls.close(plan.directory());
        assertEquals(app, plan.program());
        assertEquals(List.of(app, "--fast"), plan.arguments());
        assertEquals(List.of("PATH=/usr/bin:/bin", "TZ=UTC"), plan.environment());
        assertEquals(app, plan.script());
        assertEquals(OptionalInt.empty(), plan.text());
        assertEquals(Confinement.NONE, plan.confinement());
        assertEquals(
                new Application.Key(app, syscalls.effectiveUser()),
                application().key());
    }

    @Test
    void aLinkMayBeTheCommand() throws Exception {
        tree.link("root/current", "bin/app");
        pool.command = List.of(tree.path("root/current").toString());
        assertEquals(tree.path("root/current").toString(), started().program());
    }

    @Test
    void whatCannotBeStartedIsRefusedWithTheReason() throws Exception {
        Path script = tree.path("root/bin/app");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
        String answer = refused();
        assertTrue(answer.startsWith("500 " + app + ": found mode 0644, owner uid "), answer);
        assertTrue(answer.endsWith(", wanted execute permission for nobody"), answer);
        Files.delete(script);
        assertTrue(refused().startsWith("500 " + app + ": "), refused());
        Files.createDirectory(script);
        assertEquals("500 " + app + ": it is a directory, not a program", refused());
        Files.delete(script);
        Files.delete(tree.path("root/bin"));
        Files.delete(tree.path("root"));
        assertTrue(refused().startsWith("500 root: " + tree.path("root") + ": "), refused());
    }

    @Test
    void anotherUserIsTakenOnAndMustBeAllowedToExecuteIt() throws Exception {
        pool.runAs = new RunAs.User("anna", 54321, 54322, List.of(54322));
        LaunchPlan plan = started();
        assertEquals(
                Optional.of(new Confinement.Identity("anna", 54321, 54322, List.of(54322))),
                plan.confinement().identity());
        assertEquals(54321, application().key().uid());
        Files.setPosixFilePermissions(tree.path("root/bin/app"), PosixFilePermissions.fromString("rwxr-x---"));
        assertTrue(refused().endsWith("wanted execute permission for anna"), refused());
    }

    @Test
    void nobodysScriptHasNoOwner() {
        pool.runAs = new RunAs.Owner();
        assertThrows(IllegalArgumentException.class, this::application);
    }

    @Test
    void inAnotherRootFolderTheProgramIsNamedFromTheWorkingDirectory() throws Exception {
        pool.chroot = Optional.of(temporary.toString());
        assertEquals("./bin/app", started().program());
        pool.command = List.of("/bin/sh");
        assertEquals("500 chroot: /bin/sh is not below root " + tree.path("root"), refused());
    }

    @Test
    void aChangedProgramHasAnotherVersionWhereSomebodyWantsToKnow() throws Exception {
        assertEquals("", application().version());
        pool.watched = true;
        String first = application().version();
        assertEquals(first, application().version());
        tree.link("root/current", "bin/app");
        pool.command = List.of(tree.path("root/current").toString());
        assertEquals(first, application().version(), "of what a link leads to");
        Files.writeString(tree.path("root/bin/app"), "#!/bin/sh\nexit\n");
        assertNotEquals(first, application().version());
        Files.delete(tree.path("root/bin/app"));
        assertEquals("", application().version());
    }

    @Test
    void wsgiIsOurRunnerInThePoolsPython() throws Exception {
        wsgi(Optional.empty());
        pool.variables = Map.of("TZ", "UTC");
        LaunchPlan plan = started();
        assertEquals(app, plan.program());
        assertEquals(
                List.of(app, "/proc/self/fd/1", "--app", "shop.web:application.wsgi", "--threads", "3"),
                plan.arguments());
        assertEquals(OptionalInt.of(7), plan.text());
        assertEquals(List.of("PATH=/usr/bin:/bin", "TZ=UTC"), plan.environment());
        assertEquals("shop.web:application.wsgi", plan.script());
        assertEquals(
                new Application.Key("shop.web:application.wsgi", syscalls.effectiveUser()),
                application().key());
    }

    @Test
    void aVirtualEnvironmentIsActivated() throws Exception {
        wsgi(Optional.of("/srv/venv"));
        assertEquals(
                List.of("PATH=/srv/venv/bin:/usr/bin:/bin", "VIRTUAL_ENV=/srv/venv"),
                started().environment());
        pool.variables = Map.of("PATH", "/mine");
        assertEquals(List.of("PATH=/mine", "VIRTUAL_ENV=/srv/venv"), started().environment());
    }

    @Test
    void wsgiHasTheVersionOfItsModulesFile() throws Exception {
        wsgi(Optional.empty());
        assertEquals("", application().version());
        pool.watched = true;
        assertEquals("", application().version(), "its module lies elsewhere");
        tree.script("root/shop/web/__init__.py");
        String folder = application().version();
        assertNotEquals("", folder);
        tree.script("root/shop/web.py");
        String file = application().version();
        assertNotEquals(folder, file);
        Files.writeString(tree.path("root/shop/web.py"), "application = None\n");
        assertNotEquals(file, application().version());
    }
}
