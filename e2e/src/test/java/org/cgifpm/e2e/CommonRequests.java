package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.Http;
import org.cgifpm.e2e.front.Way;
import org.junit.jupiter.api.DynamicTest;

/** The requests that must come out the same through every front end. Each is a sentence and what makes it true. */
final class CommonRequests {
    @FunctionalInterface
    private interface Request {
        void through(Way way) throws Exception;
    }

    private static final Map<String, Request> ALL = new LinkedHashMap<>();

    static {
        ALL.put("runs a shell, a Python, a Perl and a C script", CommonRequests::runsEveryKind);
        ALL.put("sends back an empty, a small and a 3 MB body", CommonRequests::sendsBack);
        ALL.put("echoes a chunked body to its end", CommonRequests::echoesChunked);
        ALL.put("answers without reading a 3 MB body", CommonRequests::answersUnread);
        ALL.put("passes the status on", CommonRequests::passesStatus);
        ALL.put("passes an absolute Location on", CommonRequests::passesLocation);
        ALL.put("keeps two Set-Cookie fields apart", CommonRequests::keepsCookiesApart);
        ALL.put("sends no body for HEAD", CommonRequests::headHasNoBody);
        ALL.put("sends no body with 304", CommonRequests::notModifiedHasNoBody);
        ALL.put("splits PATH_INFO from the script's name", CommonRequests::splitsPathInfo);
        ALL.put("hands the query on as it is", CommonRequests::handsQueryOn);
        ALL.put("drops the Proxy field", CommonRequests::dropsProxy);
        ALL.put("joins repeated fields", CommonRequests::joinsRepeated);
        ALL.put("answers 404 for a script that is not there", way -> assertEquals(404, status(way, "/missing.sh")));
        ALL.put(
                "answers 403 for a script that is not executable",
                way -> assertEquals(403, status(way, "/not-executable.sh")));
        ALL.put("answers 500 for a script that prints nothing", way -> assertEquals(500, status(way, "/nothing.sh")));
        ALL.put("answers after 8 MB on stderr", CommonRequests::answersAfterNoise);
    }

    private CommonRequests() {}

    /** Every request through every way. */
    static Stream<DynamicTest> through(List<Way> ways) {
        return ways.stream()
                .flatMap(way -> ALL.entrySet().stream()
                        .map(request -> DynamicTest.dynamicTest(
                                way + " " + request.getKey(),
                                () -> request.getValue().through(way))));
    }

    /** What environment.py prints: the variables as the script got them. */
    static Map<String, String> environment(Answer answer) {
        assertEquals(200, answer.status(), answer::toString);
        Map<String, String> variables = new TreeMap<>();
        for (String entry : answer.text().split("\0", -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                String before = variables.put(entry.substring(0, equals), entry.substring(equals + 1));
                assertEquals(null, before, "set twice: " + entry);
            }
        }
        return variables;
    }

    private static int status(Way way, String path) throws Exception {
        return way.get(path).send().status();
    }

    private static void assertText(String expected, Answer answer) {
        assertEquals(200, answer.status(), answer::toString);
        assertEquals(expected, answer.text());
        assertTrue(answer.complete(), answer::toString);
    }

    private static void runsEveryKind(Way way) throws Exception {
        assertText("hello\n", way.get("/hello.sh").send());
        assertText("hello from python\n", way.get("/hello.py").send());
        assertText("hello from perl\n", way.get("/hello.pl").send());
        assertText("hello from c\n", way.get("/hello.bin").send());
    }

    private static void sendsBack(Way way) throws Exception {
        for (int size : new int[] {0, 14, 3_000_000}) {
            byte[] body = Bytes.of(size);
            Answer answer = way.post("/echo-after.sh", body).send();
            assertEquals(200, answer.status(), answer::toString);
            assertArrayEquals(body, answer.body());
            assertTrue(answer.complete(), answer::toString);
        }
    }

    private static void echoesChunked(Way way) throws Exception {
        byte[] body = Bytes.of(3000);
        Answer answer = way.request("POST", "/echo-unsized.sh")
                .header("Transfer-Encoding", "chunked")
                .body(out -> {
                    chunk(out, body, 0, 1000);
                    chunk(out, body, 1000, 2000);
                    out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                })
                .send();
        assertEquals(200, answer.status(), answer::toString);
        assertArrayEquals(body, answer.body());
    }

    private static void chunk(OutputStream out, byte[] body, int from, int length) throws IOException {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(body, from, length);
        out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void answersUnread(Way way) throws Exception {
        assertText(
                "not read\n", way.post("/ignore-body.sh", Bytes.of(3_000_000)).send());
    }

    private static void passesStatus(Way way) throws Exception {
        Answer answer = way.post("/verbatim.sh", "Status: 418 Teapot\nContent-Type: text/plain\n\nshort\n")
                .send();
        assertEquals(418, answer.status(), answer::toString);
        assertEquals("short\n", answer.text());
        assertEquals(
                404,
                way.post("/verbatim.sh", "Status: 404\nContent-Type: text/plain\n\n-")
                        .send()
                        .status());
    }

    private static void passesLocation(Way way) throws Exception {
        Answer answer = way.post("/verbatim.sh", "Location: http://elsewhere.example/a?b=c\n\n")
                .send();
        assertEquals(302, answer.status(), answer::toString);
        assertEquals("http://elsewhere.example/a?b=c", answer.header("Location"));
    }

    private static void keepsCookiesApart(Way way) throws Exception {
        Answer answer = way.post(
                        "/verbatim.sh", "Set-Cookie: a=1, b\r\nContent-Type: text/plain\r\nSet-Cookie: c=2\r\n\r\nok")
                .send();
        assertEquals(List.of("a=1, b", "c=2"), answer.headers("Set-Cookie"), answer::toString);
    }

    private static void headHasNoBody(Way way) throws Exception {
        Answer answer = way.request("HEAD", "/hello.sh").send();
        assertEquals(200, answer.status(), answer::toString);
        assertTrue(answer.complete(), "bytes behind the head of an answer to HEAD");
    }

    private static void notModifiedHasNoBody(Way way) throws Exception {
        Answer answer = way.post("/verbatim.sh", "Status: 304 Not Modified\nETag: \"x\"\n\nno body may follow")
                .send();
        assertEquals(304, answer.status(), answer::toString);
        assertTrue(answer.complete(), "bytes behind the head of a 304");
    }

    private static void splitsPathInfo(Way way) throws Exception {
        Map<String, String> with = environment(way.get("/environment.py/a/b").send());
        assertEquals("/a/b", with.get("PATH_INFO"), with::toString);
        assertTrue(with.getOrDefault("SCRIPT_NAME", "").endsWith("/environment.py"), with::toString);
        assertTrue(with.getOrDefault("SCRIPT_FILENAME", "").endsWith("/environment.py"), with::toString);
        Map<String, String> without = environment(way.get("/environment.py").send());
        assertFalse(without.containsKey("PATH_INFO"), without::toString);
    }

    private static void handsQueryOn(Way way) throws Exception {
        String query = "k=aa%2F%2Fbb&//q//p//=//a//b//?c=d+e";
        assertEquals(
                query, environment(way.get("/environment.py?" + query).send()).get("QUERY_STRING"));
    }

    private static void dropsProxy(Way way) throws Exception {
        Http request = way.get("/environment.py").header("Proxy", "http://evil.example/");
        Map<String, String> environment = environment(request.send());
        assertFalse(environment.containsKey("HTTP_PROXY"), environment::toString);
    }

    private static void joinsRepeated(Way way) throws Exception {
        Http request = way.get("/environment.py").header("X-Foo", "a").header("X-Foo", "b");
        assertEquals("a, b", environment(request.send()).get("HTTP_X_FOO"));
    }

    private static void answersAfterNoise(Way way) throws Exception {
        assertText("after the noise\n", way.get("/loud.sh").send());
    }
}
