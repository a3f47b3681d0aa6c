package org.cgifpm.adapters.frontend.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.cgifpm.adapters.frontend.http.Listing.Kind;
import org.cgifpm.adapters.frontend.http.Resource.Folder;
import org.cgifpm.adapters.frontend.http.Resource.Moved;
import org.cgifpm.adapters.frontend.http.Resource.Refused;
import org.cgifpm.adapters.frontend.http.Resource.Script;
import org.cgifpm.adapters.frontend.http.Resource.StaticFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteMapTest {
    private Path root;
    private Path outside;
    private SiteMap site;

    @BeforeEach
    void aSite(@TempDir Path folder) throws IOException {
        Path base = folder.toRealPath();
        root = Files.createDirectory(base.resolve("root"));
        outside = Files.createDirectory(base.resolve("outside"));
        TestFiles.executable(root, "run.sh", "#!/bin/sh\n# Says hello.\n");
        TestFiles.plain(root, "page.txt", "text");
        Files.createDirectory(root.resolve("sub"));
        TestFiles.executable(root.resolve("sub"), "deep.py", "#!/usr/bin/env python3\n");
        site = new SiteMap(root, "/usr/local/bin:/usr/bin:/bin");
    }

    private Resource find(String path) throws BadRequestException {
        return site.find(RequestPath.of(path), "");
    }

    private int refused(String path) throws BadRequestException {
        return assertInstanceOf(Refused.class, find(path), path).status();
    }

    @Test
    void runsWhatIsExecutableAndCutsOffThePathInfo() throws Exception {
        assertEquals(new Script("/run.sh", "", root + "/run.sh"), find("/run.sh"));
        assertEquals(new Script("/run.sh", "/a/b", root + "/run.sh"), find("/run.sh/a/b"));
        assertEquals(new Script("/run.sh", "/", root + "/run.sh"), find("/run.sh/"));
        assertEquals(new Script("/sub/deep.py", "/x//y", root + "/sub/deep.py"), find("//sub//deep.py/x//y"));
    }

    @Test
    void servesOtherFilesButNotWithPathInfo() throws Exception {
        StaticFile file = assertInstanceOf(StaticFile.class, find("/page.txt"));
        assertEquals(4, file.size());
        assertEquals("text/plain; charset=utf-8", file.type());
        assertEquals(404, refused("/page.txt/more"));
        assertEquals(404, refused("/page.txt/"));
    }

    @Test
    void addsTheSlashToAFolderAndNeverPointsToAnotherHost() throws Exception {
        assertEquals(new Moved("/sub/"), find("/sub"));
        assertEquals(new Moved("/sub/?q=1"), site.find(RequestPath.of("//sub"), "q=1"));
        assertInstanceOf(Folder.class, find("/sub/"));
        assertInstanceOf(Folder.class, find("/"));
    }

    @Test
    void answersAFolderWithItsIndex() throws Exception {
        TestFiles.executable(root.resolve("sub"), "index.py", "#!/usr/bin/env python3\n");
        assertEquals(new Script("/sub/index.py", "", root + "/sub/index.py"), find("/sub/"));
        TestFiles.plain(root.resolve("sub"), "index.html", "<p>");
        assertInstanceOf(StaticFile.class, find("/sub/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.py", "x.PL", "x.sh~", "x.py.bak", "tool", "x.rb", "x.txt"})
    void neverShowsTheSourceOfAScript(String name) throws Exception {
        boolean shebangTells = name.equals("tool") || name.equals("x.txt");
        TestFiles.plain(root, name, shebangTells ? "#!/bin/sh\n" : "source");
        Refused refused = assertInstanceOf(Refused.class, find("/" + name));
        assertEquals(403, refused.status());
        assertEquals("chmod +x " + name, refused.hint());
    }

    @Test
    void servesAPictureThatAFileSystemWithoutModesCallsExecutable() throws Exception {
        TestFiles.executable(root, "a.png", "\211PNG");
        assertInstanceOf(StaticFile.class, find("/a.png"));
        TestFiles.executable(root, "a.bin", "no shebang");
        assertInstanceOf(Script.class, find("/a.bin"));
    }

    @Test
    void hidesDotFilesAndWhatIsNotThere() throws Exception {
        TestFiles.plain(root, ".env", "SECRET");
        Files.createDirectory(root.resolve(".git"));
        TestFiles.plain(root.resolve(".git"), "config", "x");
        for (String path : List.of("/.env", "/.git/config", "/.git/", "/none", "/none/", "/sub/none/x")) {
            assertEquals(404, refused(path), path);
        }
        assertEquals(404, refused("/" + "x".repeat(300)));
    }

    @Test
    void refusesLinksThatLeadOutAndFollowsThoseThatDoNot() throws Exception {
        TestFiles.plain(outside, "secret.txt", "x");
        Files.createSymbolicLink(root.resolve("out"), outside);
        Files.createSymbolicLink(root.resolve("out.txt"), outside.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("in.txt"), Path.of("page.txt"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        assertEquals(403, refused("/out/secret.txt"));
        assertEquals(403, refused("/out/"));
        assertEquals(403, refused("/out.txt"));
        assertInstanceOf(StaticFile.class, find("/in.txt"));
        assertEquals(404, refused("/loop"));
        Files.createSymbolicLink(root.resolve("sub/index.html"), outside.resolve("secret.txt"));
        assertEquals(403, refused("/sub/"));
    }

    @Test
    void findsNamesThatAreNotValidInAnyCharset() throws Exception {
        String wire = "caf\u00e9 \u00ff%?#.txt";
        Files.writeString(root.resolve(WirePath.name(wire)), "x");
        StaticFile file = assertInstanceOf(StaticFile.class, find("/" + PercentCoding.encode(wire)));
        assertEquals(wire, file.name());
        assertEquals(wire, WirePath.nameOf(file.path()));
        Listing listing = assertInstanceOf(Folder.class, find("/")).listing();
        assertTrue(listing.entries().stream().anyMatch(entry -> entry.name().equals(wire)));
    }

    @Test
    void refusesWhatIsNeitherFileNorFolder() throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", root.resolve("pipe").toString())
                        .start()
                        .waitFor());
        assertEquals(403, refused("/pipe"));
        Listing listing = assertInstanceOf(Folder.class, find("/")).listing();
        assertEquals(
                List.of(),
                listing.entries().stream()
                        .filter(entry -> entry.name().equals("pipe"))
                        .toList());
    }

    @Test
    void listsByKindWithReasonsAndSummaries() throws Exception {
        TestFiles.plain(root, "forgotten.py", "#!/usr/bin/env python3\n");
        TestFiles.executable(root, "bare.sh", "echo hello\n");
        TestFiles.executable(root, "dos.sh", "#!/bin/sh\r\necho\r\n");
        TestFiles.executable(root, "lost.pl", "#!/opt/none/perl\n");
        TestFiles.executable(root, "lost2", "#!/usr/bin/env no-such-interpreter\n");
        TestFiles.plain(root, ".hidden", "");
        Listing listing = assertInstanceOf(Folder.class, find("/")).listing();

        assertEquals(
                List.of("run.sh", "bare.sh", "dos.sh", "forgotten.py", "lost.pl", "lost2", "sub", "page.txt"),
                listing.entries().stream().map(Listing.Entry::name).toList());
        assertEquals("Says hello.", listing.entries().get(0).about());
        assertEquals("sh", listing.entries().get(0).detail());
        String reasons = listing.entries().stream()
                .filter(entry -> entry.kind() == Kind.CANNOT_RUN)
                .map(Listing.Entry::about)
                .collect(Collectors.joining("\n"));
        for (String reason : List.of(
                "no #! line",
                "Windows line ends",
                "not executable: chmod +x forgotten.py",
                "interpreter not found: /opt/none/perl",
                "interpreter not found: no-such-interpreter is not in")) {
            assertTrue(reasons.contains(reason), reason + " in " + reasons);
        }
    }

    @Test
    void escapesEveryNameOnThePage() throws Exception {
        String name = "<img src=x onerror=alert(1)>\"'&.sh";
        TestFiles.executable(root, name, "#!/bin/sh\n# <script>alert(1)</script>\n");
        Listing listing = assertInstanceOf(Folder.class, find("/")).listing();
        String page = new String(new ListingPage("<root>").render(listing), StandardCharsets.UTF_8);
        assertTrue(page.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;.sh"), page);
        assertTrue(page.contains("href=\"./%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E%22%27%26.sh\""), page);
        assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), page);
        assertTrue(page.contains("<h1>&lt;root&gt;</h1>"), page);
    }
}
