package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.front.FrontEnds;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.WorkerSite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A folder with .fcgi applications in Perl and C beside plain CGI scripts: the former stay, the latter run each time. */
class FcgiScriptsIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static WorkerSite site;
    private static List<Way> ways = List.of();

    @BeforeAll
    static void start() {
        Program.at("/usr/share/perl5/CGI/Fast.pm", "libcgi-fast-perl");
        site = WorkerSite.in(LAB.newFolder("workers"));
        site.copy("hello", "hello.fcgi");
        site.copy("counter.fcgi", "other.fcgi");
        site.copy("counter.fcgi", "closed.fcgi");
        Pool pool = Pool.unix("mixed", LAB.folder(), site.root()).set("mode", "auto");
        LAB.daemon(pool);
        ways = FrontEnds.all(LAB, pool, site.root());
    }

    static List<Way> ways() {
        return ways;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void perlStaysAndCounts(Way way) throws IOException {
        String[] first = words(way, "/counter.fcgi");
        String[] second = words(way, "/counter.fcgi");
        String[] third = text(way.post("/counter.fcgi", "12345").send());

        assertEquals(List.of("counter", first[1], "0"), List.of(second[0], second[1], second[4]));
        assertEquals(List.of("counter", first[1], "5"), List.of(third[0], third[1], third[4]));
        assertEquals(Integer.parseInt(first[2]) + 1, Integer.parseInt(second[2]));
        assertEquals(Integer.parseInt(first[2]) + 2, Integer.parseInt(third[2]));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aCgiScriptInALoopOfCgiFastStaysToo(Way way) throws IOException {
        String[] first = words(way, "/fast.fcgi?name=bob");
        String[] second = text(way.request("POST", "/fast.fcgi")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Content-Length", "12")
                .body(out -> out.write("name=alice+b".getBytes(StandardCharsets.ISO_8859_1)))
                .send());

        assertEquals(List.of("fast", "name", "bob"), List.of(first[0], first[3], first[4]));
        assertEquals(List.of("fast", first[1], "alice", "b"), List.of(second[0], second[1], second[4], second[5]));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void plainScriptsBesideThemRunEachTime(Way way) throws IOException {
        for (String script : List.of("/plain.sh", "/plain.pl")) {
            String[] first = words(way, script);
            String[] second = words(way, script);

            assertEquals("plain", first[0]);
            assertEquals("plain", second[0]);
            assertNotEquals(first[1], second[1], script);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aCompiledOneNeedsNoInterpreter(Way way) throws IOException {
        String[] first = words(way, "/hello.fcgi");
        String[] second = words(way, "/hello.fcgi");

        assertEquals(List.of("hello", "from", "libfcgi", first[3]), List.of(second));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void pathInfoIsSplitFromTheirNames(Way way) throws IOException {
        String[] words = words(way, "/counter.fcgi/a/b");

        assertEquals("/a/b", words[6]);
        assertTrue(words[8].endsWith("/counter.fcgi"), words[8]);
    }

    @Test
    void eachScriptHasWorkersOfItsOwn() throws IOException {
        Way way = ways.get(0);

        assertNotEquals(words(way, "/counter.fcgi")[1], words(way, "/other.fcgi")[1]);
    }

    @Test
    void aScriptThatMayNoLongerRunIsRefusedThoughItsWorkerLives() throws IOException {
        Way way = ways.get(0);
        assertEquals("counter", words(way, "/closed.fcgi")[0]);

        Files.setPosixFilePermissions(site.file("closed.fcgi"), PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(403, way.get("/closed.fcgi").send().status());

        Files.delete(site.file("closed.fcgi"));
        assertEquals(404, way.get("/closed.fcgi").send().status());
    }

    private static String[] words(Way way, String path) throws IOException {
        return text(way.get(path).send());
    }

    private static String[] text(Answer answer) {
        assertEquals(200, answer.status(), answer::toString);
        return answer.text().strip().split(" ", -1);
    }
}
