package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.logging.Level;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.log.CapturedLog;
import org.cgifpm.protocol.cgi.Params;
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
        PoolSettings settings = PoolSettings.defaults("test", new ListenAddress.UnixPath("/run/none"), scripts);
        return new ScriptPlanner(syscalls, settings, "nobody");
    }

    private static Params params(String... namesAndValues) {
        Params params = new Params();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            params.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return params;
    }

    private RefusedException refused(String scripts, String... namesAndValues) {
        return assertThrows(RefusedException.class, () -> planner(scripts).plan(params(namesAndValues)));
    }

    private String refusedFile(String name) {
        RefusedException no = refused(root, "SCRIPT_FILENAME", root + "/" + name);
        assertEquals(root + "/" + name, no.script());
        return no.status() + " " + no.why();
    }

    @Test
    void startsTheScriptByItsNameInTheFolderThatWasChecked() throws Exception {
        LaunchPlan plan = planner(root)
                .plan(params("SCRIPT_FILENAME", root + "/d/a.cgi/extra", "REQUEST_METHOD", "GET", "HTTP_HOST", "h"));
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
        LaunchPlan plan = planner(root).plan(params("SCRIPT_FILENAME", root + "/link.cgi"));
        assertEquals(root + "/d", ScriptTree.target(plan.directory()));
        syscalls.close(plan.directory());
        assertEquals("./a.cgi", plan.program());
        assertEquals(root + "/link.cgi", plan.script());
    }

    @Test
    void findsTheScriptByDocumentRootAndScriptNameToo() throws Exception {
        LaunchPlan plan = planner(root).plan(params("DOCUMENT_ROOT", root, "SCRIPT_NAME", "/d/a.cgi"));
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
        assertTrue(answer.startsWith("403 executable bit: mode 644, owner uid "), answer);
        assertTrue(answer.contains("not executable for nobody (chmod +x)"), answer);
    }

    @Test
    void onlyRegularFilesAreScripts() throws Exception {
        Path fifo = tree.path("root/fifo");
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", "-m", "755", fifo.toString())
                        .start()
                        .waitFor());
        assertEquals("403 regular file: it is a FIFO", refusedFile("fifo"));

        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(tree.path("root/socket")));
            assertEquals("403 regular file: it is a socket", refusedFile("socket"));
        }
        RefusedException device = refused("/dev", "SCRIPT_FILENAME", "/dev/null");
        assertEquals("403 regular file: it is a character device", device.status() + " " + device.why());
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
        LaunchPlan plan = planner.plan(params("SCRIPT_FILENAME", root + "/d/a.cgi", name, value));
        syscalls.close(plan.directory());
        assertFalse(plan.environment().contains(name + "=" + value));
    }
}
