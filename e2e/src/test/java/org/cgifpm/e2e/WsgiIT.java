package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.Load;
import org.cgifpm.e2e.front.FrontEnds;
import org.cgifpm.e2e.front.Way;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Program;
import org.cgifpm.e2e.lab.WorkerSite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Flask application that knows nothing of FastCGI, behind nginx with its stock parameters. */
class WsgiIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Daemon daemon;
    private static List<Way> ways = List.of();

    @BeforeAll
    static void start() {
        Program.at("/usr/lib/python3/dist-packages/flask/__init__.py", "python3-flask");
        WorkerSite site = WorkerSite.in(LAB.newFolder("workers"));
        Pool pool = Pool.unix("flask", LAB.folder(), site.root())
                .set("mode", "wsgi")
                .set("max_children", 2)
                .table("python", "app = \"flaskapp:application\"", "threads = 2");
        daemon = LAB.daemon(pool);
        ways = FrontEnds.nginx(LAB, pool, site.root());
    }

    static List<Way> ways() {
        return ways;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void routesByThePathOfTheUrl(Way way) throws IOException {
        assertTrue(way.get("/").send().text().startsWith("flask "));
        Answer hello = way.get("/hello/J%C3%BCrgen?q=a%26b").send();

        assertEquals("application/json", hello.header("Content-Type"), hello::toString);
        assertTrue(hello.text().contains("\"query\":\"a&b\""), hello::toString);
        assertTrue(hello.text().contains("\"J\\u00fcrgen\""), hello::toString);
        assertTrue(hello.text().contains("http://test.example"), hello::toString);
        assertEquals(404, way.get("/nowhere").send().status());
        assertEquals(405, way.get("/form").send().status());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void readsAForm(Way way) throws IOException {
        byte[] form = "a=one&b=two+three".getBytes(StandardCharsets.ISO_8859_1);
        Answer answer = way.post("/form", form)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .send();

        assertEquals("got one and two three\n", answer.text(), answer::toString);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void echoesBodiesOfEverySize(Way way) throws IOException {
        for (int size : new int[] {0, 1, 200_000, 3_000_000}) {
            byte[] body = Bytes.of(size);
            Answer answer = way.post("/echo", body)
                    .header("Content-Type", "application/octet-stream")
                    .send();

            assertEquals(200, answer.status(), answer::toString);
            assertArrayEquals(body, answer.body());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void streamsWhatAGeneratorYields(Way way) throws IOException {
        String lines =
                IntStream.range(0, 1000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());

        Answer answer = way.get("/stream").send();

        assertEquals(lines, answer.text());
        assertTrue(answer.complete());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void servesManyAtTheSameTime(Way way) {
        Map<String, Integer> outcomes = Load.run(8, 300, client -> number -> {
            Answer answer = way.get("/hello/" + number).send();
            return answer.text().contains("\"" + number + "\"") ? Load.GOOD : answer.toString();
        });

        assertEquals(Map.of(Load.GOOD, 300), outcomes);
    }

    @Test
    void logsWhatTheApplicationRaised() throws IOException {
        assertEquals(500, ways.get(0).get("/broken").send().status());
        Awaitility.await("the traceback")
                .atMost(Duration.ofSeconds(5))
                .until(() -> daemon.log().contains("RuntimeError: broken on purpose"));
        assertTrue(ways.get(0).get("/").send().text().startsWith("flask "));
    }
}
