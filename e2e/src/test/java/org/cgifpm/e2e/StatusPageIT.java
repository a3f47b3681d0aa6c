package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.Http;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.lab.Browser;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The status page in a browser, through nginx, while a script runs whose name is an attack. {@code -Dstatus.png=FILE} keeps
 * the picture: docs/status.png is made that way.
 */
class StatusPageIT {
    private static final String ATTACK = "/<img src=x onerror=document.title=1>.sh";

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static int port;
    private static Browser browser;
    private static RawClient running;

    @BeforeAll
    static void start() throws IOException {
        Pool pool = LAB.unixPool("legacy").set("request_timeout", "30m").set("status_path", "/status");
        LAB.daemon(pool);
        port = Nginx.start(LAB, List.of(Nginx.server(pool, Nginx.Mode.BUFFERED)))
                .ways()
                .get(0)
                .port();
        browser = new Browser(LAB.newFolder("browser"));
        Path script = LAB.site().root().resolve(ATTACK.substring(1));
        Files.copy(LAB.site().script("gate.sh"), script, StandardCopyOption.COPY_ATTRIBUTES);
        Caller caller = new Caller(pool.address(), LAB.site().root());
        for (int i = 0; i < 5; i++) {
            assertEquals(200, caller.get("/hello.sh").answer().status());
        }
        running = caller.connect();
        running.send(Wire.request(1, false, caller.params(ATTACK, "page"), new byte[0]));
        running.read();
        Awaitility.await("it runs")
                .atMost(Duration.ofSeconds(60))
                .until(() -> LAB.site().has("page.started"));
    }

    @AfterAll
    static void letGo() {
        LAB.site().open("page");
        assertEquals(200, running.awaitEnd(1).answer().status());
        running.close();
    }

    @Test
    void showsTheFiguresAndRenewsThemUnderItsOwnPolicy() throws Exception {
        String address = "http://127.0.0.1:" + port + "/status?html&full";
        Answer sent = Http.get(port, "/status?html&full").send();
        assertTrue(sent.header("Content-Security-Policy").startsWith("default-src 'none'; script-src 'sha256-"));
        assertTrue(sent.text().matches("(?s).*<dd data-field=\"start time\">[0-9]{2}/.*"), sent.text());

        String shown = browser.document(address, 10_000);

        assertTrue(shown.contains("<b data-field=\"active requests\">1</b>"), shown);
        assertTrue(shown.contains("<b data-field=\"requests\">5</b>"), shown);
        // Only the script writes the time in this way, so it has run, and its policy let it ask.
        assertFalse(shown.matches("(?s).*<dd data-field=\"start time\">[0-9]{2}/[A-Z].*"), shown);
        assertTrue(shown.contains("<small id=\"note\"></small>"), shown);
    }

    @Test
    void doesNotObeyTheNameOfAScript() throws Exception {
        String shown = browser.document("http://127.0.0.1:" + port + "/status?html&full", 10_000);

        assertFalse(shown.contains("<img"), shown);
        assertTrue(shown.contains("/&lt;img src=x onerror=document.title=1&gt;.sh"), shown);
        assertTrue(shown.contains("<title>legacy - status</title>"), shown);
    }

    /** A window of Chromium is never this narrow, but a frame may be. */
    @Test
    void fitsIntoATelephone() throws Exception {
        String page = Http.get(port, "/status?html&full").send().text();
        Path frame = LAB.folder().resolve("frame.html");
        Files.writeString(
                frame,
                "<!DOCTYPE html><title>not measured</title><iframe style='width:360px;height:700px;border:0' srcdoc='"
                        + page.replace("&", "&amp;").replace("'", "&#39;")
                        + "'></iframe><script>onload = () => {"
                        + " const e = document.querySelector('iframe').contentDocument.documentElement;"
                        + " document.title = `${e.querySelectorAll('td').length > 0} ${e.scrollWidth - e.clientWidth}"
                        + " ${e.clientWidth <= 360}`; }</script>",
                StandardCharsets.ISO_8859_1);

        String measured = browser.document(frame.toUri().toString(), 1000);

        assertTrue(measured.contains("<title>true 0 true</title>"), measured.substring(0, 200));
    }

    @Test
    void canBePictured() throws Exception {
        Path png = LAB.folder().resolve("status.png");

        browser.picture("http://127.0.0.1:" + port + "/status?html&full", 1000, 760, png);

        assertEquals("\u0089PNG", new String(Files.readAllBytes(png), 0, 4, StandardCharsets.ISO_8859_1));
        String keep = System.getProperty("status.png", "");
        if (!keep.isEmpty()) {
            Files.copy(png, Path.of(keep), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
