package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Repository;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples that we show people, as they lie in examples/cgi-bin, through nginx and driven by curl. */
class ExamplesIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final Curl CURL = new Curl(LAB);
    private static String site = "";

    @BeforeAll
    static void start() {
        Path examples = Repository.ROOT.resolve("examples/cgi-bin");
        Pool pool = Pool.unix("examples", LAB.folder(), examples)
                .environment("GUESTBOOK_DIR", LAB.newFolder("guestbook").toString());
        LAB.daemon(pool);
        Nginx nginx = Nginx.start(LAB, List.of(Nginx.server(pool, Nginx.Mode.BUFFERED)), examples);
        site = "http://127.0.0.1:" + nginx.ways().get(0).port();
    }

    @Test
    void helloComesInPythonAndPerl() {
        assertSays(CURL.call(site + "/hello.py"), "HTTP/1.1 200", "Content-Type: text/");
        assertSays(CURL.call(site + "/hello.pl"), "HTTP/1.1 200", "Content-Type: text/");
    }

    @Test
    void theFormEscapesWhatItShows() {
        String got = CURL.call(site + "/form.py?name=%3Cb%3EEve");
        String posted = CURL.call("--data-urlencode", "name=<b>Eve", site + "/form.py");

        for (String answer : List.of(got, posted)) {
            assertSays(answer, "HTTP/1.1 200", "&lt;b&gt;Eve");
            assertFalse(answer.contains("<b>Eve"), answer);
        }
    }

    @Test
    void theUploadSaysSizeAndSum() throws IOException, NoSuchAlgorithmException {
        byte[] bytes = Bytes.of(5_000_000);
        Path file = Files.write(LAB.folder().resolve("upload.bin"), bytes);
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));

        String answer = CURL.call("-F", "file=@" + file, site + "/upload.py");

        assertSays(answer, "HTTP/1.1 200", "5000000", sum);
    }

    @Test
    void theGuestBookKeepsAnEntryAndRedirects() {
        String redirect =
                CURL.call("-d", "name=Ada", "--data-urlencode", "words=was here & <left>", site + "/guestbook.py");
        assertSays(redirect, "HTTP/1.1 303", "Location:");

        assertSays(CURL.call(site + "/guestbook.py"), "HTTP/1.1 200", "Ada", "&lt;left&gt;");
    }

    @Test
    void theStreamCountsToItsEnd() {
        String answer = CURL.call(site + "/stream.py?events&delay=0");

        assertSays(answer, "text/event-stream", "data: 1\n", "data: 10\n", "event: end");
    }

    @Test
    void theEnvironmentIsShownWithThePathThatScriptsGet() {
        assertSays(CURL.call(site + "/env.sh?a=b"), "QUERY_STRING=a=b", "PATH=/usr/local/bin:/usr/bin:/bin");
    }

    @Test
    void whatIsNoScriptIsNotShown() {
        assertEquals("HTTP/1.1 403", CURL.call(site + "/README.md").substring(0, 12));
    }

    private static void assertSays(String answer, String... texts) {
        for (String text : texts) {
            assertTrue(answer.contains(text), () -> "'" + text + "' is not in:\n" + answer);
        }
    }
}
