package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Caller;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.LogLines;
import org.cgifpm.e2e.lab.Pool;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One line for each request, whatever became of it, and no line that a client wrote. */
@SuppressWarnings("NullAway.Init")
class AccessLogIT {
    private static final String FORMAT =
            "%{outcome}x|%s|%m|%r|%Q%q|%R|%u|%l|%p|%P|%n|%f|%{Content-Type}o|%{HTTP_HOST}e|%{exit}x|%{check}x|%{user}x"
                    + "|%{bytes_in}x|%{bytes_out}x|%{queue}x|%d|%{milli}d|%{micro}d|%C|%{user}C|%{system}C|%{cpu_user}x"
                    + "|%{cpu_system}x|%M|%{kilo}M|%{mega}M|%{peak_memory}x|%{id}x|%t|%{%s}t|%{%s}T|%%";
    private static final List<String> NAMES = List.of(
            "outcome",
            "status",
            "method",
            "path",
            "query",
            "client",
            "auth",
            "length",
            "pid",
            "parent",
            "pool",
            "script",
            "type",
            "host",
            "exit",
            "check",
            "user",
            "in",
            "out",
            "queue",
            "seconds",
            "milli",
            "micro",
            "cpu",
            "cpu%user",
            "cpu%system",
            "cpu_user",
            "cpu_system",
            "memory",
            "kilo",
            "mega",
            "peak",
            "id",
            "time",
            "arrived",
            "logged",
            "percent");

    @RegisterExtension
    static final Lab LAB = new Lab();

    private static Pool lines;
    private static Pool quick;
    private static Pool json;
    private static Pool usual;
    private static Pool narrow;
    private static Daemon daemon;

    @BeforeAll
    static void start() throws IOException {
        lines = logged(LAB.unixPool("lines")).set("access_format", FORMAT);
        quick = logged(LAB.unixPool("quick"))
                .set("access_format", FORMAT)
                .set("request_timeout", "300ms")
                .set("kill_grace", "200ms");
        json = logged(LAB.tcpPool("json")).set("access_format", "json");
        usual = logged(LAB.unixPool("usual")).list("access_suppress", "/hello.sh", "/not-there.sh");
        narrow = logged(LAB.unixPool("narrow"))
                .set("access_format", FORMAT)
                .set("max_children", 1)
                .set("queue_length", 1);
        script(
                "busy.sh",
                "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; printf 'Content-Type: text/x\\n\\n'; exit 3");
        script("three.sh", "printf 'Content-Type: text/plain\\n\\n'; exit 3");
        daemon = LAB.daemon(lines, quick, json, usual, narrow);
    }

    @Test
    void goesOnInANewFileAfterUsr1() throws IOException {
        Caller caller = caller(usual);
        caller.get("/three.sh");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Files.size(file(usual)) > 0);
        Path renamed = file(usual).resolveSibling("renamed.log");
        Files.move(file(usual), renamed);

        new ProcessBuilder("kill", "-USR1", Long.toString(daemon.pid())).start();

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(file(usual)));
        long before = Files.size(renamed);
        caller.get("/three.sh");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Files.size(file(usual)) > 0);
        assertEquals(before, Files.size(renamed));
    }

    private static Pool logged(Pool pool) {
        return pool.set("access_log", file(pool).toString());
    }

    private static Path file(Pool pool) {
        return LAB.folder().resolve(pool.name() + ".access");
    }

    private static void script(String name, String text) throws IOException {
        Path file = LAB.site().script(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Caller caller(Pool pool) {
        return new Caller(pool.address(), LAB.site().root());
    }

    private static List<String> log(Pool pool) {
        return new LogLines(file(pool)).now();
    }

    /** The fields of the only new line that comes while {@code request} is made and after it. */
    private static Map<String, String> line(Pool pool, Request request) throws IOException {
        int before = log(pool).size();
        request.make();
        String line = new LogLines(file(pool)).await(before + 1).get(before);
        return fields(line);
    }

    private static Map<String, String> fields(String line) {
        String[] values = line.split("\\|", -1);
        assertEquals(NAMES.size(), values.length, line);
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            fields.put(NAMES.get(i), values[i]);
        }
        return fields;
    }

    @FunctionalInterface
    private interface Request {
        void make() throws IOException;
    }

    private static String text(Map<String, String> fields, String name) {
        return Objects.requireNonNull(fields.get(name), name);
    }

    private static double number(Map<String, String> fields, String name) {
        return Double.parseDouble(text(fields, name));
    }

    private static void assertFields(Map<String, String> fields, String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            assertEquals(namesAndValues[i + 1], fields.get(namesAndValues[i]), namesAndValues[i] + " in " + fields);
        }
    }

    @Test
    void everyPlaceholderSaysWhatHappened() throws IOException {
        long before = System.currentTimeMillis() / 1000;
        Map<String, String> params = caller(lines).params("/busy.sh", "a=1&b=2");
        params.put("REMOTE_USER", "carol");
        Map<String, String> line = line(lines, () -> caller(lines).call(params));
        long after = System.currentTimeMillis() / 1000;

        assertFields(
                line,
                "outcome",
                "done",
                "status",
                "200",
                "method",
                "GET",
                "path",
                "/busy.sh",
                "query",
                "?a=1&b=2",
                "client",
                "192.0.2.7",
                "auth",
                "carol",
                "length",
                "0",
                "pool",
                "lines",
                "script",
                LAB.site().script("busy.sh").toString(),
                "type",
                "text/x",
                "host",
                "test.example",
                "exit",
                "3",
                "check",
                "-",
                "user",
                System.getProperty("user.name"),
                "in",
                "0",
                "out",
                "0",
                "parent",
                Long.toString(daemon.pid()),
                "percent",
                "%");
        assertTrue(Long.parseLong(text(line, "pid")) > 1, line::toString);
        double millis = number(line, "milli");
        assertTrue(millis > 1 && millis < 60_000, line::toString);
        assertEquals(millis, number(line, "micro") / 1000, 0.001);
        assertEquals(millis / 1000, number(line, "seconds"), 0.001);
        double user = number(line, "cpu_user");
        double system = number(line, "cpu_system");
        assertTrue(user + system > 1, line::toString);
        assertEquals((user + system) / millis * 100, number(line, "cpu"), 0.02);
        assertEquals(user / millis * 100, number(line, "cpu%user"), 0.02);
        assertEquals(system / millis * 100, number(line, "cpu%system"), 0.02);
        assertEquals(0, number(line, "queue"), 100);
        long arrived = Long.parseLong(text(line, "arrived"));
        long logged = Long.parseLong(text(line, "logged"));
        assertTrue(before - 1 <= arrived && arrived <= logged && logged <= after + 1, line::toString);
        assertTrue(text(line, "time").matches("\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}"));
    }

    /** With a leaf in a cgroup the peak is counted, without one it is not; both are right, half a number is not. */
    @Test
    void memoryIsANumberInEveryUnitOrNone() throws IOException {
        Map<String, String> line = line(lines, () -> caller(lines).get("/hello.py"));
        if (text(line, "peak").equals("-")) {
            assertFields(line, "memory", "-", "kilo", "-", "mega", "-");
        } else {
            long bytes = Long.parseLong(text(line, "peak"));
            assertTrue(bytes > 100_000, line::toString);
            assertFields(
                    line,
                    "memory",
                    Long.toString(bytes),
                    "kilo",
                    Long.toString(bytes >> 10),
                    "mega",
                    Long.toString(bytes >> 20));
        }
    }

    @Test
    void bytesAreCountedBothWays() throws IOException {
        Map<String, String> line = line(lines, () -> caller(lines).post("/echo.sh", new byte[200_000]));
        assertFields(line, "in", "200000", "out", "200000", "length", "200000", "method", "POST", "outcome", "done");
    }

    @Test
    void requestsAreNumberedAsInTheDaemonsLog() throws IOException {
        Map<String, String> line = line(lines, () -> caller(lines).get("/nothing.sh"));
        assertFields(line, "status", "500", "outcome", "done");
        assertTrue(
                daemon.log()
                        .contains("request " + text(line, "id") + ": GET "
                                + LAB.site().script("nothing.sh")),
                daemon::log);
    }

    @Test
    void aRefusedRequestNamesItsCheckAndHasRunNothing() throws IOException {
        Map<String, String> line = line(lines, () -> caller(lines).get("/not-executable.sh"));
        assertFields(line, "status", "403", "outcome", "refused", "pid", "-", "exit", "-", "user", "-");
        assertFields(
                line, "check", "executable", "cpu", "0.00", "cpu_user", "-", "script", script("not-executable.sh"));
    }

    private static String script(String name) {
        return LAB.site().script(name).toString();
    }

    @Test
    void aScriptThatIsNotThereIsARefusalWithoutACheck() throws IOException {
        Map<String, String> line = line(lines, () -> caller(lines).get("/not-there.sh"));
        assertFields(line, "status", "404", "outcome", "refused", "check", "-", "pid", "-");
    }

    @Test
    void aCutAnswerIsCut() throws IOException {
        Map<String, String> line = line(lines, () -> {
            try (RawClient client = caller(lines).connect()) {
                client.send(Wire.request(1, false, caller(lines).params("/dies-in-body.sh"), new byte[0]));
                client.awaitClosed(Duration.ofSeconds(10));
            }
        });
        assertFields(line, "status", "200", "outcome", "cut", "exit", "SIGKILL", "out", "12");
    }

    @Test
    void aClientThatGoesIsGone() throws IOException {
        Map<String, String> line = line(lines, () -> {
            try (RawClient client = caller(lines).connect()) {
                client.send(Wire.request(1, false, caller(lines).params("/gate.sh", "gone"), new byte[0]));
                client.awaitStdout(1, "first");
            }
        });
        assertFields(line, "status", "200", "outcome", "client_gone", "out", "6", "exit", "SIGTERM");
    }

    @Test
    void aRequestWhoseTimeIsUpIsATimeout() throws IOException {
        Map<String, String> line = line(quick, () -> caller(quick).get("/late-head.sh", "never"));
        assertFields(line, "status", "504", "outcome", "timeout");
        assertTrue(number(line, "milli") >= 300, line::toString);
    }

    @Test
    void whatAScriptLeavesRunningIsNotPartOfTheDuration() throws IOException {
        Map<String, String> line = line(lines, () -> {
            assertEquals(
                    "parent says bye\n",
                    caller(lines).get("/leaves-a-child.sh").answer().text());
            daemon.scripts().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        });
        assertFields(line, "outcome", "done", "status", "200");
    }

    @Test
    void theQueueHasATimeOfItsOwnAndAFullOneRefuses() throws IOException {
        Caller caller = caller(narrow);
        try (RawClient client = caller.connect()) {
            // On one connection, so that they come in this order.
            client.send(Wire.request(1, true, caller.params("/gate.sh", "narrow"), new byte[0]));
            client.send(Wire.request(2, true, caller.params("/three.sh"), new byte[0]));
            client.send(Wire.request(3, true, caller.params("/three.sh"), new byte[0]));
            assertEquals(503, client.awaitEnd(3).answer().status());
            client.awaitStdout(1, "first");
            long until = System.nanoTime() + Duration.ofMillis(50).toNanos();
            Awaitility.await().until(() -> System.nanoTime() - until > 0);
            LAB.site().open("narrow");
            client.awaitEnd(1);
            client.awaitEnd(2);
        }
        List<String> all = new LogLines(file(narrow)).await(3);
        assertFields(
                fields(all.get(0)), "outcome", "refused", "status", "503", "pid", "-", "queue", "0.000", "check", "-");
        Map<String, String> second = fields(all.get(2));
        double waited = number(second, "queue");
        double lasted = number(second, "milli");
        assertTrue(waited >= 50 && waited <= lasted, all::toString);
    }

    @Test
    void aClientCannotWriteALineOfItsOwn() throws IOException {
        String forged = "x\" 200\n192.0.2.1 - root 01/Jan/2026:00:00:00 +0000 \"GET /forged";
        int before = log(usual).size();
        for (String name : List.of("QUERY_STRING", "REMOTE_USER", "REMOTE_ADDR", "SCRIPT_NAME", "REQUEST_METHOD")) {
            Map<String, String> params = caller(usual).params("/three.sh");
            params.put(name, forged);
            caller(usual).call(params);
        }
        List<String> lines = new LogLines(file(usual)).await(before + 5);
        for (String line : lines.subList(before, before + 5)) {
            assertFalse(line.startsWith("192.0.2.1 "), line);
            assertEquals(2, line.chars().filter(c -> c == '"').count(), line);
            assertTrue(line.endsWith("\" 200"), line);
        }
    }

    @Test
    void jsonIsReadBackAsItWasSent() throws IOException {
        String nasty = "\"}\n{\"id\":1}\\\t ü \u2028";
        String bytes = new String(nasty.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        Map<String, String> params = caller(json).params("/three.sh", bytes + "\u00ff");
        JsonObject line = jsonLine(() -> caller(json).call(params));

        assertEquals(nasty + "\u00ff", line.get("query").getAsString());
        assertEquals("done", line.get("outcome").getAsString());
        assertEquals(3, line.get("exit").getAsInt());
        assertTrue(line.get("signal").isJsonNull());
        assertEquals("json", line.get("pool").getAsString());
        assertEquals("192.0.2.7", line.get("remote_addr").getAsString());
        assertTrue(line.get("peer").getAsString().startsWith("127.0.0.1:"), line::toString);
        assertTrue(line.get("remote_user").isJsonNull());
        assertTrue(line.get("duration_ms").getAsDouble() >= line.get("queue_ms").getAsDouble());
        OffsetDateTime arrived = OffsetDateTime.parse(line.get("time").getAsString());
        assertTrue(
                Duration.between(arrived, OffsetDateTime.now(ZoneOffset.UTC))
                                .abs()
                                .toSeconds()
                        < 60,
                line::toString);
    }

    @Test
    void jsonTellsWhatWentWrong() throws IOException {
        JsonObject line = jsonLine(() -> caller(json).get("/dies-before-head.sh"));
        assertEquals(500, line.get("status").getAsInt());
        assertFalse(line.get("problem").getAsString().isEmpty());
        assertEquals(script("dies-before-head.sh"), line.get("script").getAsString());
    }

    private static JsonObject jsonLine(Request request) throws IOException {
        int before = log(json).size();
        request.make();
        String line = new LogLines(file(json)).await(before + 1).get(before);
        return JsonParser.parseString(line).getAsJsonObject();
    }

    @Test
    void suppressedPathsAreQuietOnlyWhileAllIsWell() throws IOException {
        int before = log(usual).size();
        caller(usual).get("/hello.sh");
        caller(usual).get("/hello.sh");
        caller(usual).get("/hello.sh", "query");
        caller(usual).get("/not-there.sh");
        List<String> lines = new LogLines(file(usual)).await(before + 2);
        assertTrue(lines.get(before).endsWith("\"GET /hello.sh\" 200"), lines::toString);
        assertTrue(lines.get(before + 1).endsWith("\"GET /not-there.sh\" 404"), lines::toString);
    }

    @Test
    void theFileIsForItsOwnerAndGroup() throws IOException {
        caller(lines).get("/hello.sh");
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file(lines)));
        assertTrue(mode.startsWith("rw-") && mode.endsWith("---"), mode);
    }
}
