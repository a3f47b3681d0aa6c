package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.logging.Level;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.CheckName;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.log.CapturedLog;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.fastcgi.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scripts that have workers of their own, from the request to the start of a worker. */
@SuppressWarnings("NullAway.Init")
class ScriptApplicationTest {
    private final Syscalls syscalls = new Syscalls();

    @TempDir
    Path temporary;

    private ScriptTree tree;
    private String root;
    private PoolDraft pool;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new ScriptTree(temporary).script("root/d/a.fcgi").script("root/d/a.cgi");
        root = tree.path("root").toString();
        pool = new PoolDraft(root);
    }

    @AfterEach
    void leavesNothingOpen() throws IOException {
        assertEquals(0, tree.open(), "descriptors open below the tree");
    }

    private ScriptPlanner planner() {
        return new ScriptPlanner(syscalls, pool.settings(), "nobody", OptionalInt.empty());
    }

    private static Params params(String filename, String... more) {
        Params params = new Params();
        params.add("SCRIPT_FILENAME", filename);
        for (int i = 0; i < more.length; i += 2) {
            params.add(more[i], more[i + 1]);
        }
        return params;
    }

    private RelayPlan relayed(String name, String... more) throws RefusedException {
        return assertInstanceOf(RelayPlan.class, planner().plan(params(root + "/" + name, more), Role.RESPONDER));
    }

    private LaunchPlan started(Application application) throws RefusedException {
        LaunchPlan plan = application.plan();
        syscalls.close(plan.directory());
        return plan;
    }

    @Test
    void aScriptWithAnExtensionOfWorkersIsNamedToThem() throws Exception {
        RelayPlan plan = relayed("d/a.fcgi/extra", "SCRIPT_NAME", "/a.fcgi/extra", "HTTP_HOST", "h");
        assertEquals(
                new Application.Key(root + "/d/a.fcgi", syscalls.effectiveUser()),
                plan.application().key());
        assertEquals(root + "/d/a.fcgi", plan.params().get("SCRIPT_FILENAME"));
        assertEquals("/extra", plan.params().get("PATH_INFO"));
        assertEquals("/a.fcgi", plan.params().get("SCRIPT_NAME"));
        assertEquals("h", plan.params().get("HTTP_HOST"));
    }

    @Test
    void otherScriptsAndOtherModesStartAProcessForEachRequest() throws Exception {
        for (String name : List.of("a.cgi", "a.fcgi")) {
            LaunchPlan plan = assertInstanceOf(
                    LaunchPlan.class, planner().plan(params(root + "/d/" + name), Role.RESPONDER), name);
            syscalls.close(plan.directory());
            assertEquals("./" + name, plan.program());
            pool.mode = Mode.EXEC;
        }
    }

    @Test
    void aRequestIsCheckedAlsoWhereWorkersRun() throws Exception {
        Files.setPosixFilePermissions(tree.path("root/d/a.fcgi"), PosixFilePermissions.fromString("rwxrwxrwx"));
        RefusedException no = assertThrows(RefusedException.class, () -> relayed("d/a.fcgi"));
        assertEquals("writable", no.check());
    }

    @Test
    void aParamThatIsNotPassedIsToldHereToo() throws Exception {
        try (CapturedLog log = new CapturedLog(Level.INFO)) {
            assertEquals(null, relayed("d/a.fcgi", "HTTP_PROXY", "x").params().get("HTTP_PROXY"));
            assertEquals(List.of("INFO pool test: param HTTP_PROXY is not passed to scripts (said once)"), log.lines());
        }
    }

    @Test
    void aWorkerIsStartedInTheFolderOfItsScriptWithNothingOfTheRequest() throws Exception {
        pool.variables = Map.of("TZ", "UTC");
        LaunchPlan plan = relayed("d/a.fcgi", "HTTP_HOST", "h").application().plan();
        assertEquals(root + "/d", ScriptTree.target(plan.directory()));
        syscalls.close(plan.directory());
        assertEquals("./a.fcgi", plan.program());
        assertEquals(List.of("./a.fcgi"), plan.arguments());
        assertEquals(List.of("PATH=/usr/bin:/bin", "TZ=UTC"), plan.environment());
        assertEquals(root + "/d/a.fcgi", plan.script());
        assertTrue(plan.text().isEmpty());
    }

    @Test
    void everyStartIsCheckedAnew() throws Exception {
        Application application = relayed("d/a.fcgi").application();
        Path script = tree.path("root/d/a.fcgi");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(
                "writable",
                assertThrows(RefusedException.class, application::plan).check());
        Files.delete(script);
        assertEquals(
                404, assertThrows(RefusedException.class, application::plan).status());
        tree.script("root/d/a.fcgi");
        started(application);
    }

    @Test
    void whoeverComesByALinkHasTheSameWorkersAndTheyNeedNoLink() throws Exception {
        tree.link("root/link.fcgi", "d/a.fcgi");
        Application byLink = relayed("link.fcgi").application();
        assertEquals(relayed("d/a.fcgi").application().key(), byLink.key());
        Files.delete(tree.path("root/link.fcgi"));
        assertEquals("./a.fcgi", started(byLink).program());
    }

    @Test
    void aLinkThatWasTurnedStartsNoWorkersForTheScriptThatItLedTo() throws Exception {
        // Outside of root a script has no path but that of the link.
        tree.script("outside/x.fcgi").script("outside/y.fcgi").link("root/l.fcgi", "../outside/x.fcgi");
        pool.without(CheckName.INSIDE_ROOT);
        Application application = relayed("l.fcgi").application();
        started(application);
        Files.delete(tree.path("root/l.fcgi"));
        tree.link("root/l.fcgi", "../outside/y.fcgi");
        RefusedException no = assertThrows(RefusedException.class, application::plan);
        assertEquals(503, no.status());
        assertTrue(no.why().startsWith("by now it is " + tree.path("root")), no.why());
        assertNotEquals(application.key(), relayed("l.fcgi").application().key());
    }

    @Test
    void aChangedFileHasAnotherVersionWhereSomebodyWantsToKnow() throws Exception {
        assertEquals("", relayed("d/a.fcgi").application().version());
        pool.watched = true;
        Application application = relayed("d/a.fcgi").application();
        String first = application.version();
        assertNotEquals("", first);
        assertEquals(first, application.version());
        Files.writeString(tree.path("root/d/a.fcgi"), "#!/bin/sh\nexit\n");
        String second = application.version();
        assertNotEquals(first, second);
        Files.delete(tree.path("root/d/a.fcgi"));
        assertEquals("", application.version());
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"AUTHORIZER", "FILTER"})
    void onlyWorkersPlayOtherRolesThanThatOfAResponder(Role role) throws Exception {
        assertInstanceOf(RelayPlan.class, planner().plan(params(root + "/d/a.fcgi"), role));
        RefusedException no =
                assertThrows(RefusedException.class, () -> planner().plan(params(root + "/d/a.cgi"), role));
        assertEquals(500, no.status());
        assertTrue(no.why().contains("role is " + role), no.why());
    }
}
