package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.Http;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.front.Nginx;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Parser;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Status, ping and metrics of a pool whose one place is taken and whose queue is full, read by other people's parsers. */
class StatusIT {
    /** Debian's nginx passes what it has not decoded; the script never sees it. */
    private static final String HOSTILE = "held&%3Cimg%20src=x%20onerror=alert(1)%3E<b>'\"";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final List<RawClient> CLIENTS = new ArrayList<>();
    private static Nginx nginx;
    private static Caller full;
    private static int metrics;

    @BeforeAll
    static void fill() throws IOException {
        Pool pool = LAB.unixPool("full")
                .set("max_children", 1)
                .set("queue_length", 1)
                .set("queue_timeout", "10m")
                .set("request_timeout", "10m")
                .set("status_path", "/fpm-status")
                .set("ping_path", "/fpm-ping")
                .set("ping_response", "here");
        Pool idle = LAB.unixPool("idle");
        metrics = Pool.freePort();
        Daemon daemon = LAB.start(LAB.starter()
                .setting("metrics_listen", "\"127.0.0.1:" + metrics + "\"")
                .setting("metrics_users", "true")
                .pool(pool)
                .pool(idle));
        assertTrue(daemon.alive());
        nginx = Nginx.start(
                LAB,
                Stream.of(Nginx.Mode.values())
                        .map(mode -> Nginx.server(pool, mode))
                        .toList());
        full = new Caller(pool.address(), LAB.site().root());
        assertEquals(
                200,
                new Caller(idle.address(), LAB.site().root())
                        .get("/hello.sh")
                        .answer()
                        .status());
        // Its process is reaped behind its answer.
        Awaitility.await("one request is over")
                .atMost(LIMIT)
                .until(() -> Http.get(metrics, "/metrics")
                        .send()
                        .text()
                        .contains("cgifpm_pool_requests_total{pool=\"idle\",outcome=\"done\"} 1\n"));
        ask("held");
        Awaitility.await("the place is taken")
                .atMost(LIMIT)
                .until(() -> LAB.site().has("held.started"));
        ask("waits");
        Awaitility.await("the queue is full")
                .atMost(LIMIT)
                .until(() -> full.get("/fpm-status").answer().text().contains("\nlisten queue:         1\n"));
        assertEquals(503, full.get("/hello.sh").answer().status(), "no room");
    }

    private static void ask(String gate) throws IOException {
        Map<String, String> params = CgiParams.get(LAB.site().root(), "/gate.sh", gate);
        params.put("REQUEST_URI", "/gate.sh?" + HOSTILE);
        RawClient client = full.connect();
        CLIENTS.add(client);
        client.send(Wire.request(1, false, params, new byte[0]));
        client.read();
    }

    @AfterAll
    static void letGo() {
        LAB.site().open("held");
        LAB.site().open("waits");
        CLIENTS.forEach(client -> assertEquals(200, client.awaitEnd(1).answer().status()));
        CLIENTS.forEach(RawClient::close);
    }

    @Test
    void answersAPingThroughEveryWay() throws IOException {
        for (Way way : nginx.ways()) {
            Answer ping = Http.get(way.port(), "/fpm-ping").send();
            assertEquals(200, ping.status(), way.name());
            assertEquals("here", ping.text(), way.name());
            assertEquals("no-store", ping.header("Cache-Control"), way.name());
        }
        assertEquals("here", full.get("/fpm-ping").answer().text());
    }

    @Test
    void answersInJson() throws Exception {
        for (Way way : nginx.ways()) {
            Answer answer = status(way, "json&full");
            assertEquals("application/json; charset=utf-8", answer.header("Content-Type"));
            assertEquals(
                    "full 1 1 1 1 1 " + HOSTILE,
                    Parser.python(
                            answer.body(),
                            "import json, sys",
                            "s = json.loads(sys.stdin.buffer.read())",
                            "p = s['processes']",
                            "print(s['pool'], s['listen queue'], s['active processes'], s['max children'],"
                                    + " s['max children reached'] > 0 and 1, len(p), p[0]['request uri'][9:])"),
                    way.name());
        }
    }

    @Test
    void answersInXml() throws Exception {
        for (Way way : nginx.ways()) {
            Answer answer = status(way, "xml&full");
            assertEquals("text/xml; charset=utf-8", answer.header("Content-Type"));
            assertEquals(
                    "full 1 1 1 " + HOSTILE,
                    Parser.python(
                            answer.body(),
                            "import sys, xml.etree.ElementTree as e",
                            "s = e.fromstring(sys.stdin.buffer.read())",
                            "p = s.findall('processes/process')",
                            "print(s.findtext('pool'), s.findtext('listen-queue'), s.findtext('active-processes'),"
                                    + " len(p), p[0].findtext('request-uri')[9:])"),
                    way.name());
        }
    }

    @Test
    void answersInTextAndHtml() throws Exception {
        for (Way way : nginx.ways()) {
            Answer text = status(way, "full");
            assertEquals("text/plain; charset=utf-8", text.header("Content-Type"));
            assertTrue(text.text().startsWith("pool:                 full\nprocess manager:      ondemand\n"));
            assertTrue(text.text().contains("\nrequest URI:          /gate.sh?" + HOSTILE + "\n"), text.text());
            Answer html = status(way, "html&full");
            assertEquals("text/html; charset=utf-8", html.header("Content-Type"));
            assertEquals(
                    "[] /gate.sh?" + HOSTILE,
                    Parser.python(
                            html.body(),
                            "import sys, html.parser",
                            "class P(html.parser.HTMLParser):",
                            "  tags, cells = [], []",
                            "  def handle_starttag(self, tag, attrs): self.tags.append(tag)",
                            "  def handle_data(self, data): self.cells.append(data)",
                            "p = P(); p.feed(sys.stdin.buffer.read().decode()); p.close()",
                            "print([t for t in p.tags if t == 'img'],"
                                    + " [c for c in p.cells if c.startswith('/gate.sh?')][0])"),
                    way.name());
        }
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        for (Way way : nginx.ways()) {
            Answer head = Http.request(way.port(), "HEAD", "/fpm-status?json").send();
            assertEquals(200, head.status(), way.name());
            assertTrue(head.complete(), way.name());
        }
    }

    @Test
    void answersInOpenMetrics() throws Exception {
        for (Way way : nginx.ways()) {
            assertEquals("1 1 1", openMetrics(status(way, "openmetrics").body(), """
                    [value('phpfpm_active_processes'), value('phpfpm_listen_queue'),
                     value('cgifpm_pool_waiting_requests', pool='full')]"""), way.name());
        }
    }

    @Test
    void tellsPrometheusOfAllPools() throws Exception {
        Answer open = Http.get(metrics, "/metrics")
                .header("Accept", "application/openmetrics-text; version=1.0.0, text/plain;q=0.5")
                .send();
        assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8", open.header("Content-Type"));
        assertEquals("1 1 0 1 1 1", openMetrics(open.body(), """
                [value('cgifpm_pool_active_requests', pool='full'),
                 value('cgifpm_pool_requests_total', pool='idle', outcome='done'),
                 value('cgifpm_pool_active_requests', pool='idle'),
                 value('cgifpm_pool_request_duration_seconds_count', pool='idle'),
                 value('cgifpm_pool_state', pool='full', state='up'),
                 sum(v for (n, l), v in samples.items() if n == 'cgifpm_user_requests_total' and ('pool', 'idle') in l)]"""));
        Answer older = Http.get(metrics, "/metrics").send();
        assertEquals("text/plain; version=0.0.4; charset=utf-8", older.header("Content-Type"));
        assertEquals(
                "yes",
                Parser.python(
                        older.body(),
                        "import sys, prometheus_client.parser as p",
                        "f = {f.name for f in p.text_string_to_metric_families(sys.stdin.buffer.read().decode())}",
                        "print('yes' if {'cgifpm_pool_requests', 'process_open_fds'} <= f else f)"));
        assertEquals(404, Http.get(metrics, "/").send().status());
    }

    /** None of what this class asks is a request of the pool: only the one that found no room is over. */
    @Test
    void countsNothingOfItselfAsARequest() throws Exception {
        assertEquals(
                "1 0", openMetrics(status(nginx.ways().get(0), "openmetrics").body(), """
                [value('cgifpm_pool_requests_total', pool='full', outcome='refused'),
                 value('cgifpm_pool_requests_total', pool='full', outcome='done')]"""));
    }

    private static Answer status(Way way, String query) throws IOException {
        Answer answer = Http.get(way.port(), "/fpm-status?" + query).send();
        assertEquals(200, answer.status(), way.name());
        assertEquals("no-store", answer.header("Cache-Control"), way.name());
        return answer;
    }

    /** What an expression over all samples gives, by the parser of Prometheus' own Python library, which is strict. */
    private static String openMetrics(byte[] text, String expression) throws Exception {
        return Parser.python(
                text,
                "import sys, prometheus_client.openmetrics.parser as p",
                "samples = {}",
                "for f in p.text_string_to_metric_families(sys.stdin.buffer.read().decode()):",
                "  for s in f.samples: samples[(s.name, tuple(sorted(s.labels.items())))] = s.value",
                "value = lambda name, **labels: samples[(name, tuple(sorted(labels.items())))]",
                "print(*map(int, " + expression.replace('\n', ' ') + "))");
    }
}
