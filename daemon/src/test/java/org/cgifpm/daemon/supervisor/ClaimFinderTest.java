package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.Admission;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.RunAs;
import org.cgifpm.daemon.config.Timeouts;
import org.cgifpm.protocol.cgi.Params;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class ClaimFinderTest {
    @TempDir
    Path temporary;

    private final Syscalls syscalls = new Syscalls();
    private ScriptTree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new ScriptTree(temporary).script("a.cgi").script("b.cgi").link("alias.cgi", "a.cgi");
    }

    private ClaimFinder finder(RunAs runAs, int perUser, int perScript) {
        Admission admission = new Admission(1, 1, Duration.ofSeconds(1), perUser, perScript, false);
        return new ClaimFinder(
                syscalls, TestPools.settings(tree.folder.toString(), runAs, admission, Timeouts.DEFAULT));
    }

    private Claim find(ClaimFinder finder, String script) throws RefusedException {
        Params params = new Params();
        params.add("SCRIPT_FILENAME", tree.path(script).toString());
        Claim claim = finder.find(params);
        try {
            assertEquals(0, tree.open(), "descriptors open below the tree");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return claim;
    }

    @Test
    void theScriptMustBeKnownOnlyWhereItMatters() {
        RunAs user = new RunAs.User("anna", 1001, 1001, List.of());
        assertFalse(finder(new RunAs.Self(), 0, 0).needsScript());
        assertFalse(finder(new RunAs.Self(), 3, 0).needsScript());
        assertFalse(finder(user, 3, 0).needsScript());
        assertTrue(finder(user, 0, 1).needsScript());
        assertTrue(finder(new RunAs.Owner(), 0, 0).needsScript());
        assertTrue(finder(new RunAs.Owner(), 3, 0).needsScript());
    }

    @Test
    void aRequestCountsForWhoItWillRunAs() throws Exception {
        int owner = (Integer) Files.getAttribute(tree.path("a.cgi"), "unix:uid");
        RunAs user = new RunAs.User("anna", owner + 1, 1001, List.of());
        assertEquals(
                syscalls.effectiveUser(),
                finder(new RunAs.Self(), 0, 0).beforehand().uid());
        assertEquals(owner + 1, finder(user, 0, 0).beforehand().uid());
        assertEquals(owner + 1, find(finder(user, 0, 1), "a.cgi").uid());
        assertEquals(owner, find(finder(new RunAs.Owner(), 0, 0), "a.cgi").uid());
        assertNull(finder(user, 0, 0).beforehand().script());
    }

    @Test
    void aScriptIsTheSameUnderAnotherName() throws Exception {
        ClaimFinder finder = finder(new RunAs.Self(), 0, 1);
        assertEquals(find(finder, "a.cgi"), find(finder, "alias.cgi"));
        assertEquals(find(finder, "a.cgi"), find(finder, "a.cgi/path/info"));
        assertNotEquals(find(finder, "a.cgi"), find(finder, "b.cgi"));
    }

    @Test
    void whatIsNotThereIsA404() {
        ClaimFinder finder = finder(new RunAs.Self(), 0, 1);
        assertEquals(
                404,
                assertThrows(RefusedException.class, () -> find(finder, "c.cgi"))
                        .status());
        assertEquals(
                404,
                assertThrows(RefusedException.class, () -> finder.find(new Params()))
                        .status());
    }

    private static LaunchPlan plan(Optional<Confinement.Identity> identity) {
        Confinement none = Confinement.NONE;
        return new LaunchPlan(
                -1,
                "./a.cgi",
                List.of("./a.cgi"),
                List.of(),
                "/srv/a.cgi",
                new Confinement(
                        identity,
                        none.limits(),
                        none.umask(),
                        none.nice(),
                        false,
                        none.chroot(),
                        none.apparmorProfile(),
                        none.selinuxLabel()));
    }

    @Test
    void aScriptThatChangedHandsWhileItWaitedIsNotRunAtAnothersExpense() throws Exception {
        Claim anna = new Claim(1001, null);
        ClaimFinder.confirm(anna, plan(Optional.empty()));
        ClaimFinder.confirm(anna, plan(Optional.of(new Confinement.Identity("anna", 1001, 1001, List.of()))));
        LaunchPlan berts = plan(Optional.of(new Confinement.Identity("bert", 1002, 1002, List.of())));
        RefusedException refused = assertThrows(RefusedException.class, () -> ClaimFinder.confirm(anna, berts));
        assertEquals(503, refused.status());
        assertEquals("it would run as bert, but belonged to uid 1001 when it began to wait", refused.why());
    }

    @Test
    void anApplicationIsWhoeverItsWorkersAre() throws Exception {
        PoolDraft draft = new PoolDraft("/nowhere");
        draft.mode = Mode.WORKER;
        draft.command = List.of("/nowhere/app");
        draft.runAs = new RunAs.User("anna", 1001, 1001, List.of());
        draft.admission = new Admission(1, 1, Duration.ofSeconds(1), 1, 1, false);
        ClaimFinder finder = new ClaimFinder(syscalls, draft.settings());
        assertFalse(finder.needsScript());
        assertEquals(new Claim(1001, null), finder.beforehand());

        RelayPlan plan = new RelayPlan(
                PoolApplication.of(syscalls, draft.settings(), "nobody", OptionalInt.empty())
                        .orElseThrow(),
                new Params());
        ClaimFinder.confirm(finder.beforehand(), plan);
        RefusedException refused =
                assertThrows(RefusedException.class, () -> ClaimFinder.confirm(new Claim(1002, null), plan));
        assertEquals(503, refused.status());
        assertEquals("it would run as uid 1001, but belonged to uid 1002 when it began to wait", refused.why());
    }
}
