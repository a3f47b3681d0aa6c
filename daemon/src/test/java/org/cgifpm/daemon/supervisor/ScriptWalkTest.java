package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.supervisor.checks.Folder;
import org.cgifpm.daemon.supervisor.checks.Link;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real folders and links; paths in the tests are given below the root. */
@SuppressWarnings("NullAway.Init")
class ScriptWalkTest {
    private final Syscalls syscalls = new Syscalls();

    @TempDir
    Path temporary;

    private ScriptTree tree;
    private String root;
    private ScriptRoot scriptRoot;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new ScriptTree(temporary)
                .script("root/a.cgi")
                .script("root/d/e/b.cgi")
                .script("outside/x.cgi");
        root = tree.path("root").toString();
        scriptRoot = new ScriptRoot(syscalls, root);
    }

    @AfterEach
    void leavesNothingOpen() throws IOException {
        assertEquals(0, tree.open(), "descriptors open below the tree");
    }

    /** Folder, name and PATH_INFO of what is found. */
    private String found(String path) throws RefusedException {
        return found(scriptRoot, path);
    }

    private String found(ScriptRoot from, String path) throws RefusedException {
        FoundScript script = new ScriptWalk(syscalls, from, path).find();
        String folder = ScriptTree.target(script.directory())
                .substring(tree.folder.toString().length());
        syscalls.close(script.directory());
        assertEquals(path, script.path() + script.pathInfo());
        return folder + " " + script.name() + " " + script.pathInfo();
    }

    private String refused(String path) {
        return refused(scriptRoot, path);
    }

    private String refused(ScriptRoot from, String path) {
        RefusedException no = assertThrows(
                RefusedException.class,
                () -> syscalls.close(new ScriptWalk(syscalls, from, path).find().directory()));
        return no.status() + " " + no.why();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "/a.cgi, '/root a.cgi '",
        "/a.cgi/, '/root a.cgi /'",
        "/a.cgi//, '/root a.cgi //'",
        "/a.cgi/x/y, '/root a.cgi /x/y'",
        "/a.cgi//x/, '/root a.cgi //x/'",
        "/a.cgi/../../etc/passwd, '/root a.cgi /../../etc/passwd'",
        "//a.cgi, '/root a.cgi '",
        "///a.cgi/x, '/root a.cgi /x'",
        "/./a.cgi, '/root a.cgi '",
        "/./././/a.cgi/./x, '/root a.cgi /./x'",
        "/d/e/b.cgi, '/root/d/e b.cgi '",
        "/d//e/./b.cgi/b.cgi, '/root/d/e b.cgi /b.cgi'",
    })
    void splitsAtTheFirstThatIsNoFolder(String path, String expected) throws Exception {
        assertEquals(expected, found(root + path));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"", "/", "//", "/.", "/d", "/d/", "/d//", "/d/e/."})
    void aFolderIsNoScript(String path) {
        assertEquals("403 regular_file: it is a directory", refused(root + path));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/none", "/none/", "/none/a.cgi", "/d/none.cgi", "/a.cg", "/a.cgii", "/A.CGI"})
    void whatIsNotThereIsNotFound(String path) {
        assertEquals("404 it does not exist", refused(root + path));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/d/../a.cgi", "/..", "/../outside/x.cgi", "/./../root/a.cgi", "/none/../a.cgi"})
    void goesNoWayUpThatARequestNames(String path) {
        String answer = refused(root + path);
        assertTrue(answer.startsWith("403 inside_root: \"..\"") || answer.equals("404 it does not exist"), answer);
    }

    @Test
    void whatDoesNotBeginWithRootIsOutside() {
        for (String path : new String[] {
            "",
            "a.cgi",
            "/",
            "/etc/passwd",
            root + "x/a.cgi",
            root.substring(1) + "/a.cgi",
            "//" + root + "/a.cgi",
            root.substring(0, root.length() - 1),
            tree.path("outside/x.cgi").toString()
        }) {
            String answer = refused(path);
            assertTrue(answer.startsWith("403 inside_root: SCRIPT_FILENAME is not below"), path + ": " + answer);
        }
    }

    @Test
    void aNulIsRefusedBeforeTheKernelCouldCutThePathThere() {
        for (String path : new String[] {"/a.cgi", "/a.cgi/x", "/"}) {
            String answer = refused(root + path + "\0x");
            assertTrue(answer.startsWith("403 control_characters: byte 0"), answer);
        }
    }

    @Test
    void namesAreBytes() throws Exception {
        tree.fileOfBytes("root/\u00ff\u0080 \u00e9?%41.cgi");
        FoundScript script = new ScriptWalk(syscalls, scriptRoot, root + "/\u00ff\u0080 \u00e9?%41.cgi/\u00fe").find();
        syscalls.close(script.directory());
        assertEquals("\u00ff\u0080 \u00e9?%41.cgi", script.name());
        assertEquals("/\u00fe", script.pathInfo());
    }

    @Test
    void namesAndPathsThatAreTooLongAreNotFound() {
        assertEquals("404 it does not exist", refused(root + "/" + "n".repeat(256)));
        assertTrue(refused(root + "/a.cgi/" + "x/".repeat(2500)).startsWith("404 path of "));
        assertEquals("404 it does not exist", refused(root + "/" + "d/".repeat(1000)));
    }

    @Test
    void followsLinksThatStayInside() throws Exception {
        tree.link("root/same", "a.cgi")
                .link("root/absolute", root + "/d/e/b.cgi")
                .link("root/folder", "d")
                .link("root/up", "d/../d/e/../../a.cgi")
                .link("root/slash", "d/.")
                .link("root/dot", ".");
        assertEquals("/root a.cgi ", found(root + "/same"));
        assertEquals("/root a.cgi /x", found(root + "/same/x"));
        assertEquals("/root/d/e b.cgi ", found(root + "/absolute"));
        assertEquals("/root/d/e b.cgi /i", found(root + "/folder/e/b.cgi/i"));
        assertEquals("/root a.cgi /", found(root + "/up/"));
        assertEquals("/root/d/e b.cgi ", found(root + "/slash/e/b.cgi"));
        assertEquals("/root a.cgi ", found(root + "/dot/dot/dot/a.cgi"));
    }

    @Test
    void aLinkThatLeadsOutIsSeen() throws Exception {
        tree.link("root/relative", "../outside/x.cgi")
                .link("root/absolute", tree.path("outside").toString())
                .link("root/passwd", "/etc/passwd")
                .link("root/above", "..");
        for (String path : new String[] {"/relative", "/absolute/x.cgi", "/passwd", "/above/outside/x.cgi"}) {
            assertFalse(walked(path).folder().inside(), path);
        }
        assertEquals(
                List.of(root, root + "/..", root + "/../outside"),
                walked("/relative").folders().stream().map(Folder::path).toList());
        assertEquals(
                List.of(root, "/", "/etc"),
                walked("/passwd").folders().stream().map(Folder::path).toList());
    }

    @Test
    void tellsEveryFolderInsideThatItCameThrough() throws Exception {
        tree.link("root/far", "f/g/../../d").script("root/f/g/x.cgi").link("root/round", "../root/d");
        assertEquals(List.of("", "/d", "/d/e"), folders("/d/e/b.cgi"));
        assertEquals(List.of("", "/f", "/f/g", "/d", "/d/e"), folders("/far/e/b.cgi"));
        assertEquals(List.of("", "/../root", "/../root/d", "/../root/d/e"), folders("/round/e/b.cgi"));
        assertTrue(walked("/round/e/b.cgi").folder().inside());
    }

    @Test
    void tellsEveryLinkWithItsOwnerAndTheOwnerOfWhatItLeadsTo() throws Exception {
        tree.link("root/one", "two/e").link("root/two", "d").link("root/d/e/last", "b.cgi");
        FoundScript script = walked("/one/last");
        assertEquals(
                List.of(root + "/one", root + "/two", root + "/d/e/last"),
                script.links().stream().map(Link::path).toList());
        for (Link link : script.links()) {
            assertEquals(syscalls.effectiveUser(), link.owner(), link.path());
            assertEquals(syscalls.effectiveUser(), link.targetOwner(), link.path());
        }
    }

    private FoundScript walked(String path) throws RefusedException {
        FoundScript script = new ScriptWalk(syscalls, scriptRoot, root + path).find();
        syscalls.close(script.directory());
        return script;
    }

    private List<String> folders(String path) throws RefusedException {
        return walked(path).folders().stream()
                .map(folder -> folder.path().substring(root.length()))
                .toList();
    }

    @Test
    void aLinkMayLeadOutAndInAgain() throws Exception {
        tree.link("root/round", "../root/d/e/b.cgi")
                .link("outside/back", root + "/d")
                .link("root/far", tree.path("outside/back").toString());
        assertEquals("/root/d/e b.cgi ", found(root + "/round"));
        assertEquals("/root/d/e b.cgi /p", found(root + "/far/e/b.cgi/p"));
    }

    @Test
    void aLinkUpToRootsOwnParentAndBackDownIsInside() throws Exception {
        tree.link("root/parent", "..");
        assertEquals("/root a.cgi ", found(root + "/parent/root/a.cgi"));
    }

    @Test
    void linksThatGoNowhereAreNotFound() throws Exception {
        tree.link("root/dangling", "nothing").link("root/through", "a.cgi/x").link("root/file-as-folder", "a.cgi/.");
        assertEquals("404 it does not exist", refused(root + "/dangling"));
        assertTrue(refused(root + "/through").startsWith("404 a symbolic link goes through a.cgi"));
        assertTrue(refused(root + "/file-as-folder").startsWith("404 a symbolic link goes through a.cgi"));
    }

    @Test
    void followsFortyLinksAndNoMore() throws Exception {
        tree.link("root/1", "a.cgi")
                .link("root/loop", "loop")
                .link("root/ping", "pong")
                .link("root/pong", "ping");
        for (int i = 2; i <= ScriptWalk.MAX_LINKS + 1; i++) {
            tree.link("root/" + i, Integer.toString(i - 1));
        }
        assertEquals("/root a.cgi ", found(root + "/" + ScriptWalk.MAX_LINKS));
        for (String path : new String[] {"/" + (ScriptWalk.MAX_LINKS + 1), "/loop", "/ping/x"}) {
            assertEquals("403 symlinks: more than 40", refused(root + path));
        }
    }

    @Test
    void rootMayBeTheRootOfTheFileSystem() throws Exception {
        ScriptRoot all = new ScriptRoot(syscalls, "/");
        assertEquals("/root a.cgi /i", found(all, root + "/a.cgi/i"));
        assertTrue(refused(all, "a.cgi").startsWith("403 inside_root"));
        tree.link("root/out", "../outside/x.cgi");
        assertEquals("/outside x.cgi ", found(all, root + "/out"));
    }

    @Test
    void aRootThatIsALinkMayBeTurnedBetweenRequests() throws Exception {
        tree.script("v1/s.cgi").script("v2/s.cgi").link("live", "v1");
        ScriptRoot live = new ScriptRoot(syscalls, tree.path("live").toString());
        assertEquals("/v1 s.cgi ", found(live, tree.path("live/s.cgi").toString()));
        assertEquals("/v1 s.cgi ", found(live, tree.path("v1/s.cgi").toString()));
        turn("v2");
        assertEquals("/v2 s.cgi ", found(live, tree.path("live/s.cgi").toString()));
        assertEquals("/v2 s.cgi ", found(live, tree.path("v2/s.cgi").toString()));
        turn("v1");
        assertEquals("/v1 s.cgi ", found(live, tree.path("v1/s.cgi").toString()));
    }

    private void turn(String target) throws IOException {
        Files.delete(tree.path("live"));
        tree.link("live", target);
    }

    @Test
    void aFolderThatTheDaemonMayNotEnterIsSaidToBeOne() {
        FailingOpens libc = new FailingOpens("a.cgi", Errno.EACCES);
        ScriptRoot there = new ScriptRoot(libc.syscalls(), root);
        RefusedException no = assertThrows(
                RefusedException.class, () -> new ScriptWalk(libc.syscalls(), there, root + "/a.cgi").find());
        assertEquals(403, no.status());
        assertTrue(no.why().contains("EACCES"), no.why());
    }

    @ParameterizedTest(name = "errno {0}: {1}")
    @CsvSource({"24, 503", "23, 503", "12, 503", "5, 500", "40, 500", "2, 404", "20, 404", "36, 404"})
    void tellsAShortageFromAFault(int errno, int status) {
        FailingOpens libc = new FailingOpens("e", errno);
        ScriptRoot there = new ScriptRoot(libc.syscalls(), root);
        RefusedException no = assertThrows(
                RefusedException.class, () -> new ScriptWalk(libc.syscalls(), there, root + "/d/e/b.cgi").find());
        assertEquals(status, no.status());
    }

    @Test
    void aRootThatIsGoneIsTheDaemonsTroubleAndNamed() throws Exception {
        ScriptRoot gone = new ScriptRoot(syscalls, tree.path("gone").toString());
        String answer = refused(gone, tree.path("gone/a.cgi").toString());
        assertTrue(answer.startsWith("500 ") && answer.contains("/gone"), answer);
    }
}
