package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.front.Apache;
import org.cgifpm.e2e.front.Haproxy;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts that cannot start, crash, or end in strange ways: each has an answer, and the next request works. */
class FailingScriptsIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Daemon daemon;
    private static Caller caller;
    private static Caller impatient;
    private static List<Way> ways = List.of();

    @BeforeAll
    static void start() {
        Pool pool = LAB.unixPool("failing").set("kill_grace", "1s");
        Pool shortLived = LAB.unixPool("short").set("request_timeout", "1s").set("kill_grace", "500ms");
        daemon = LAB.daemon(pool, shortLived);
        caller = new Caller(pool.address(), LAB.site().root());
        impatient = new Caller(shortLived.address(), LAB.site().root());
        Nginx nginx = Nginx.start(
                LAB,
                Stream.of(Nginx.Mode.values())
                        .map(mode -> Nginx.server(pool, mode))
                        .toList());
        Haproxy haproxy = Haproxy.start(LAB, List.of(Haproxy.server(pool, Haproxy.Mode.PLAIN)));
        Apache apache = Apache.start(LAB, pool);
        ways = Stream.of(nginx, haproxy, apache)
                .flatMap(frontEnd -> frontEnd.ways().stream())
                .toList();
    }

    static List<Way> ways() {
        return ways;
    }

    @AfterEach
    void theNextRequestWorks() throws IOException {
        assertEquals("hello\n", caller.get("/hello.sh").answer().text());
    }

    @ParameterizedTest
    @CsvSource({
        "/missing.sh,             404",
        "/missing/deeper.sh,      404",
        "/directory.sh,           403",
        "/not-executable.sh,      403",
        "/link-outside.sh,        403",
        "/link-up.sh,             403",
        "/link-loop.sh,           403",
        "/../outside.sh,          403",
        "/sub/../../outside.sh,   403",
        "/missing-interpreter.sh, 500",
        "/crlf.sh,                500",
        "/no-shebang.sh,          500",
        "/nothing.sh,             500",
        "/dies-before-head.sh,    500",
        "/dies-in-head.sh,        500",
        "/link-inside.sh,         200",
        "/two words.sh,           200",
    })
    void answersWithAStatus(String path, int status) throws IOException {
        Answer answer = caller.get(path).answer();

        assertEquals(status, answer.status(), answer::toString);
        assertFalse(answer.text().contains("must not run"), answer::toString);
    }

    @Test
    void answers403ForAScriptOutsideOfTheRoot() throws IOException {
        Map<String, String> params = caller.params("/hello.sh");
        params.put("SCRIPT_FILENAME", LAB.folder() + "/outside.sh");

        assertEquals(403, caller.call(params).answer().status());
    }

    @Test
    void answers403ForAFolderWhoseNameBeginsLikeTheRoot() throws IOException {
        Map<String, String> params = caller.params("/hello.sh");
        params.put("SCRIPT_FILENAME", LAB.site().root() + "-other/hello.sh");

        int status = caller.call(params).answer().status();

        assertEquals(403, status);
    }

    @Test
    void answersARequestThatNamesNoScript() throws IOException {
        Map<String, String> params = caller.params("/hello.sh");
        params.remove("SCRIPT_FILENAME");
        params.remove("SCRIPT_NAME");
        params.remove("DOCUMENT_ROOT");

        int status = caller.call(params).answer().status();

        assertTrue(status == 404 || status == 403 || status == 400, "status " + status);
    }

    @ParameterizedTest
    @CsvSource({
        "/missing-interpreter.sh, /nonexistent/interpreter",
        "/not-executable.sh,      not-executable.sh",
        "/no-shebang.sh,          no-shebang.sh",
        "/crlf.sh,                crlf.sh",
        "/nothing.sh,             nothing.sh",
        "/dies-before-head.sh,    dies-before-head.sh",
    })
    void saysInTheLogWhatWasWrong(String path, String word) throws IOException {
        int before = daemon.log().length();

        caller.get(path);

        Awaitility.await("a log line with " + word)
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> daemon.log().substring(before).contains(word));
    }

    @Test
    void doesNotTellTheClientWhereTheScriptsAre() throws IOException {
        for (String path : List.of("/missing.sh", "/not-executable.sh", "/missing-interpreter.sh", "/nothing.sh")) {
            String all = caller.get(path).stdout();
            assertFalse(all.contains(LAB.folder().toString()), all);
        }
    }

    @Test
    void logsWhatAScriptSaysOnStderr() throws IOException {
        int before = daemon.log().length();

        assertEquals("after the noise\n", caller.get("/loud.sh").answer().text());

        String log = daemon.log().substring(before);
        assertTrue(log.contains("something is not as it should be"), "stderr in the log");
        assertTrue(log.length() < 4_000_000, () -> "8 MB of noise made " + log.length() + " bytes of log");
    }

    @Test
    void answersWhenStderrIsClosed() throws IOException {
        assertEquals("no stderr\n", caller.get("/closes-stderr.pl").answer().text());
    }

    @Test
    void endsTheAnswerWithStdoutWhileTheScriptWorksOn() throws IOException {
        assertEquals(
                "answered\n", caller.get("/lives-on.sh", "works-on").answer().text());

        assertFalse(LAB.site().has("works-on.finished"), "the script waits for its gate");
        LAB.site().open("works-on");
        Awaitility.await("the script's end")
                .atMost(Duration.ofSeconds(10))
                .until(() -> LAB.site().has("works-on.finished"));
        Awaitility.await("its last word in the log")
                .atMost(Duration.ofSeconds(5))
                .until(() -> daemon.log().contains("lives-on works-on: a word after the answer"));
    }

    @Test
    void endsAScriptThatWorksOnForTooLong() throws IOException {
        assertEquals(
                "answered\n",
                impatient.get("/lives-on.sh", "never-opened").answer().text());

        daemon.awaitNoScripts(Duration.ofSeconds(5));
        assertFalse(LAB.site().has("never-opened.finished"));
    }

    @Test
    void endsTheAnswerThoughAGrandchildHoldsStdout() throws IOException {
        assertEquals(
                "parent says bye\n",
                impatient.get("/leaves-a-child.sh").answer().text());

        daemon.awaitNoScripts(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aCrashInTheBodyIsSeenByTheClient(Way way) throws IOException {
        Answer answer;
        try {
            answer = way.get("/dies-in-body.sh").send();
        } catch (IOException noAnswerAtAll) {
            return;
        }

        assertTrue(answer.status() >= 500 || !answer.complete(), answer::toString);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aBodyShorterThanItsContentLengthIsSeenByTheClient(Way way) throws IOException {
        Answer answer;
        try {
            answer = way.post("/verbatim.sh", "Content-Type: text/plain\nContent-Length: 4000\n\nshort")
                    .send();
        } catch (IOException noAnswerAtAll) {
            return;
        }

        assertTrue(answer.status() >= 500 || !answer.complete(), answer::toString);
    }

    @Test
    void aCrashInTheBodyCutsTheConnectionWithEightZeros() throws IOException {
        assertCut(caller, "/dies-in-body.sh");
    }

    @Test
    void answers504WhenNoHeadCameInTime() throws IOException {
        assertEquals(504, impatient.get("/late-head.sh", "never").answer().status());

        daemon.awaitNoScripts(Duration.ofSeconds(5));
    }

    @Test
    void cutsAnAnswerThatTakesTooLong() throws IOException {
        assertCut(impatient, "/gate.sh");

        daemon.awaitNoScripts(Duration.ofSeconds(5));
    }

    private static void assertCut(Caller pool, String path) throws IOException {
        try (RawClient client = pool.connect()) {
            client.send(Wire.request(1, true, pool.params(path, "cut"), new byte[0]));
            client.awaitClosed(Duration.ofSeconds(20));

            assertEquals(null, client.response(1).end(), client::toString);
            assertTrue(client.response(1).stdout().contains("\r\n\r\n"), client::toString);
            assertArrayEquals(new byte[8], client.lastBytes(), "the last bytes on the connection");
        }
    }
}
