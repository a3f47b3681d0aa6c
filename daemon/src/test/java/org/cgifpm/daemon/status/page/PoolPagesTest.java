package org.cgifpm.daemon.status.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.xml.parsers.DocumentBuilderFactory;
import org.cgifpm.daemon.config.StatusPages;
import org.cgifpm.daemon.status.PoolReport;
import org.cgifpm.daemon.status.PoolState;
import org.cgifpm.daemon.status.Reports;
import org.cgifpm.daemon.status.RunningReport;
import org.cgifpm.daemon.status.metrics.MetricsRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class PoolPagesTest {
    private static final List<String> PHP_FPM = List.of(
            "pool",
            "process manager",
            "start time",
            "start since",
            "accepted conn",
            "listen queue",
            "max listen queue",
            "listen queue len",
            "idle processes",
            "active processes",
            "total processes",
            "max active processes",
            "max children reached",
            "slow requests");
    private static final List<String> PHP_FPM_PROCESS = List.of(
            "pid",
            "state",
            "start time",
            "start since",
            "requests",
            "request duration",
            "request method",
            "request uri",
            "content length",
            "user",
            "script",
            "last request cpu",
            "last request memory");

    /** Bytes: markup, quotes, a line break, what is no UTF-8, and an ü. */
    private static final String HOSTILE = "/<img src=x onerror=alert(1)>&\"'\n\u001b[2J]]>\\\u00ff\u00c3\u00bc";

    private PoolState state = PoolState.UP;
    private List<RunningReport> running = List.of();
    private final PoolPages pages = new PoolPages(
            new StatusPages(Optional.of("/status"), Optional.of("/ping"), "yes \u00c3\u00bc"),
            new PoolView() {
                @Override
                public PoolReport report() {
                    return Reports.pool("main", state);
                }

                @Override
                public void running(Consumer<List<RunningReport>> told) {
                    told.accept(running);
                }
            },
            Clock.fixed(Instant.ofEpochMilli(1_700_000_060_500L), ZoneOffset.UTC));

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/status/", "/STATUS", "/status.cgi", "/a/status", "/pin"})
    void touchesNoOtherRequest(String script) {
        PageExchange exchange = new PageExchange("GET", script, "json");

        assertFalse(pages.answers(exchange));
        assertFalse(exchange.done());
        assertEquals(0, exchange.status());
    }

    @Test
    void answersNothingWhereNoPathIsConfigured() {
        PoolPages none = new PoolPages(StatusPages.DEFAULT, new NoView(), Clock.systemUTC());

        assertFalse(none.answers(new PageExchange("GET", "", "")));
        assertFalse(none.answers(new PageExchange("GET", "/status", "")));
    }

    @Test
    void answersAPing() {
        PageExchange exchange = asked("GET", "/ping", "");

        assertEquals(200, exchange.status());
        assertEquals("text/plain; charset=utf-8", exchange.header("Content-Type"));
        assertEquals("no-store", exchange.header("Cache-Control"));
        assertEquals("yes ü", exchange.body());
        assertEquals("6", exchange.header("Content-Length"));
    }

    @Test
    void tellsAHealthCheckWhenThePoolTakesNoMoreRequests() {
        for (PoolState other : List.of(PoolState.DRAINING, PoolState.DRAINED, PoolState.DOWN)) {
            state = other;
            assertEquals(503, asked("GET", "/ping", "").status(), other.name());
            assertEquals(200, asked("GET", "/status", "").status(), other.name());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "json", "xml", "html", "openmetrics", "json&full"})
    void answersHeadWithTheHeadAlone(String query) {
        PageExchange get = asked("GET", "/status", query);
        PageExchange head = asked("HEAD", "/status", query);

        assertEquals("", head.body());
        for (String name : List.of("Content-Type", "Content-Length", "Cache-Control")) {
            assertEquals(get.header(name), head.header(name));
        }
        assertTrue(get.body().length() > 500);
    }

    @Test
    void hasTheTypesOfPhpFpm() {
        assertEquals("text/plain; charset=utf-8", asked("GET", "/status", "").header("Content-Type"));
        assertEquals(
                "application/json; charset=utf-8",
                asked("GET", "/status", "full&json").header("Content-Type"));
        assertEquals(
                "text/xml; charset=utf-8", asked("GET", "/status", "a=b&xml").header("Content-Type"));
        assertEquals(
                "text/html; charset=utf-8", asked("GET", "/status", "html=1").header("Content-Type"));
        assertEquals(
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
                asked("GET", "/status", "openmetrics").header("Content-Type"));
    }

    @Test
    void writesPlainTextInTheColumnsOfPhpFpm() {
        String text = asked("GET", "/status", "").body();

        assertTrue(text.startsWith("""
                pool:                 main
                process manager:      ondemand
                start time:           14/Nov/2023:22:13:20 +0000
                start since:          60
                accepted conn:        101
                listen queue:         2
                max listen queue:     7
                listen queue len:     64
                idle processes:       0
                active processes:     3
                total processes:      3
                max active processes: 11
                max children reached: 5
                slow requests:        6
                state:                up
                """), text);
        assertTrue(text.contains("\nrequests done:        40\n"), text);
        assertTrue(text.contains("\nrequest duration p99: 60.0\n"), text);
        assertTrue(text.endsWith("\ncpu time:             1.5\n"), text);
    }

    @Test
    void givesEveryRunningRequestItsLinesInFullText() {
        running = List.of(Reports.running("/srv/a.py", "/a.py?x"), Reports.running("/srv/b.py", "/b.py"));
        String text = asked("GET", "/status", "full").body();

        assertEquals(3, text.split("\n\\*{24}\n", -1).length);
        assertTrue(text.contains("\nrequest URI:          /b.py\n"), text);
        assertTrue(text.contains("\nrequest duration:     2500000\n"), text);
        assertTrue(text.contains("\nlast request cpu:     20.0\n"), text);
    }

    @Test
    void namesTheFieldsAsPhpFpmDoesInJsonBeforeItsOwn() {
        running = List.of(Reports.running("/srv/a.py", "/a.py?x"));
        JsonObject json = JsonParser.parseString(
                        asked("GET", "/status", "json&full").body())
                .getAsJsonObject();

        assertEquals(PHP_FPM, first(json.keySet(), PHP_FPM.size()));
        assertEquals(1_700_000_000L, json.get("start time").getAsLong());
        assertEquals(4, json.get("responses 4xx").getAsLong());
        JsonObject process = json.getAsJsonArray("processes").get(0).getAsJsonObject();
        assertEquals(PHP_FPM_PROCESS, first(process.keySet(), PHP_FPM_PROCESS.size()));
        assertEquals(1_700_000_058L, process.get("start time").getAsLong());
        assertEquals(77, process.get("id").getAsLong());
        assertNull(JsonParser.parseString(asked("GET", "/status", "json").body())
                .getAsJsonObject()
                .get("processes"));
    }

    @Test
    void hyphenatesTheSameNamesInXml() throws Exception {
        running = List.of(Reports.running("/srv/a.py", "/a.py?x"));
        Element status = xml(asked("GET", "/status", "xml&full").body()).getDocumentElement();

        List<String> names = new ArrayList<>();
        for (int i = 0; i < status.getChildNodes().getLength(); i++) {
            if (status.getChildNodes().item(i) instanceof Element element) {
                names.add(element.getTagName().replace('-', ' '));
            }
        }
        assertEquals(PHP_FPM, names.subList(0, PHP_FPM.size()));
        assertEquals("processes", names.get(names.size() - 1));
        assertEquals("/a.py?x", text(status, "request-uri"));
        assertEquals("1700000000", text(status, "start-time"));
    }

    @Test
    void writesOpenMetricsByItsRulesWithPhpFpmsNames() {
        String text = asked("GET", "/status", "openmetrics&full").body();

        MetricsRules.checkOpenMetrics(text);
        assertTrue(text.contains("\nphpfpm_max_children_reached 5\n"), text);
        assertTrue(text.contains("\ncgifpm_pool_requests_total{pool=\"main\",outcome=\"done\"} 40\n"), text);
    }

    @Test
    void showsWhatUsersWroteWithoutObeyingIt() throws Exception {
        running = List.of(Reports.running(HOSTILE, HOSTILE));
        String shown = "/<img src=x onerror=alert(1)>&\"'\ufffd\ufffd[2J]]>\\\ufffdü";

        String plain = asked("GET", "/status", "full").body();
        String json = asked("GET", "/status", "json&full").body();
        String xml = asked("GET", "/status", "xml&full").body();
        String html = asked("GET", "/status", "html&full").body();

        assertTrue(plain.contains("\nscript:               " + shown + "\n"), plain);
        assertEquals(
                shown,
                JsonParser.parseString(json)
                        .getAsJsonObject()
                        .getAsJsonArray("processes")
                        .get(0)
                        .getAsJsonObject()
                        .get("request uri")
                        .getAsString());
        assertFalse(json.contains("<"), json);
        assertEquals(shown, text(xml(xml).getDocumentElement(), "script"));
        assertFalse(html.contains("<img"), html);
        assertTrue(
                html.contains(">/&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;\ufffd\ufffd[2J]]&gt;\\\ufffdü<"),
                html);
    }

    @Test
    void letsABrowserRunNothingButThePagesOwnScript() {
        PageExchange exchange = asked("GET", "/status", "html");

        String policy = String.valueOf(exchange.header("Content-Security-Policy"));
        assertTrue(policy.startsWith("default-src 'none'; script-src 'sha256-"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals("nosniff", exchange.header("X-Content-Type-Options"));
        assertFalse(exchange.body().contains("http"), "nothing comes from elsewhere");
        assertTrue(exchange.body().contains("<b data-field=\"active requests\">3</b>"));
        assertFalse(exchange.body().contains("id=\"processes\""));
    }

    @Test
    void sendsALargePageAsTheFrontEndTakesIt() {
        running = List.of(Reports.running("/srv/a.py", "/a.py"), Reports.running("/srv/b.py", "/b.py"));
        String whole = asked("GET", "/status", "json&full").body();
        PageExchange slow = new PageExchange("GET", "/status", "json&full");
        slow.room = 100;

        assertTrue(pages.answers(slow));
        while (!slow.done()) {
            assertTrue(slow.bytesWritten() <= whole.length());
            slow.takes(37);
        }
        assertEquals(whole, slow.body());
    }

    @Test
    void stopsWhenNobodyReadsAnyMore() {
        PageExchange gone = new PageExchange("GET", "/status", "json");
        gone.room = 10;
        assertTrue(pages.answers(gone));

        gone.abort();
        gone.takes(1000);

        assertEquals(10, gone.bytesWritten());
    }

    private PageExchange asked(String method, String script, String query) {
        PageExchange exchange = new PageExchange(method, script, query);
        assertTrue(pages.answers(exchange));
        assertTrue(exchange.done());
        return exchange;
    }

    private static List<String> first(Set<String> names, int count) {
        return List.copyOf(names).subList(0, count);
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(Element parent, String name) {
        return parent.getElementsByTagName(name).item(0).getTextContent();
    }

    private static final class NoView implements PoolView {
        @Override
        public PoolReport report() {
            throw new AssertionError("nobody asked");
        }

        @Override
        public void running(Consumer<List<RunningReport>> told) {
            throw new AssertionError("nobody asked");
        }
    }
}
