package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.CgiParams;
import org.cgifpm.e2e.client.RawClient;
import org.cgifpm.e2e.client.Wire;
import org.cgifpm.e2e.lab.Daemon;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.WarmCase;
import org.cgifpm.e2e.lab.WarmSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same scripts as fresh processes and as forks of a warm interpreter: answer, exit status and standard error are the
 * same bytes, and a second fork's those of the first.
 */
@SuppressWarnings("NullAway.Init")
class WarmDifferentialIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final LocalUsers USERS = new LocalUsers();

    /** Where the environment decides: in which encoding streams are, which language and zone there is. */
    private static final Set<String> ABOUT_ENVIRONMENT = Set.of(
            "streams.py",
            "streams-unbuffered.py",
            "mixed-writes.py",
            "print-unicode.py",
            "print-surrogate.py",
            "stderr-lines.py",
            "locale-facts.py",
            "environ.py",
            "zone.py",
            "sys-facts.py",
            "raise-latin.py",
            "stdin-read.py",
            "cgi-form.py",
            "subprocesses.py",
            "exec-self.py");

    /** A pool of each kind with the same environment. */
    private record Pair(String name, Pool fresh, Pool warm) {}

    /** What one request has come to. */
    private record Seen(long id, Answer answer, String exit) {}

    private static WarmSite site;
    private static Path scratch;
    private static Daemon daemon;
    private static List<Pair> pairs = List.of();

    @BeforeAll
    static void start() throws IOException {
        LocalUsers.User user = USERS.user("diffdscripts");
        site = WarmSite.in(LAB.newFolder("warm"), user);
        scratch = LAB.newFolder("scratch");
        Files.setAttribute(scratch, "unix:uid", user.uid());
        pairs = List.of(
                pair("plain", Map.of("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")),
                pair("utf8", Map.of("LANG", "C.UTF-8", "TZ", "EST5", "PYTHONUNBUFFERED", "1")),
                pair("ascii", Map.of("LC_ALL", "C", "TZ", "UTC", "PYTHONIOENCODING", "ascii")),
                pair("posix", Map.of("LC_ALL", "POSIX", "TZ", "UTC", "PYTHONCOERCECLOCALE", "0", "PYTHONUTF8", "0")));
        Daemon.Starter starter = LAB.starter();
        pairs.forEach(pair -> starter.pool(pair.fresh()).pool(pair.warm()));
        daemon = LAB.start(starter);
    }

    private static Pair pair(String name, Map<String, String> environment) {
        return new Pair(name, pool(name + "-fresh", "exec", environment), pool(name + "-warm", "warm", environment));
    }

    private static Pool pool(String name, String mode, Map<String, String> environment) {
        Pool pool = Pool.unix(name, LAB.folder(), site.root())
                .set("mode", mode)
                .set("user", "diffdscripts")
                .set("umask", "027")
                .set("nice", 3)
                .set("access_log", log(name).toString())
                .set("access_format", "%{id}x %{exit}x %{outcome}x")
                .environment("TMPDIR", scratch.toString())
                .environment("HOME", scratch.toString())
                .environment("MARK", "of the pool")
                .table("limits", "files = 200", "cpu = \"20s\"", "file_size = \"16M\"");
        environment.forEach(pool::environment);
        return pool;
    }

    private static Path log(String pool) {
        return LAB.folder().resolve(pool + ".access");
    }

    @AfterAll
    static void removeUsers() {
        // As long as a keeper is one of them, it stays.
        daemon.stopCleanly(LIMIT);
        USERS.close();
    }

    static Stream<WarmCase> cases() {
        return WarmCase.all().stream();
    }

    static Stream<WarmCase> casesAboutTheEnvironment() {
        return cases().filter(one -> ABOUT_ENVIRONMENT.contains(one.script()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isTheSameFreshAndWarm(WarmCase one) throws IOException {
        compare(pairs.get(0), one);
    }

    @ParameterizedTest
    @MethodSource("casesAboutTheEnvironment")
    void isTheSameInAnotherEnvironment(WarmCase one) throws IOException {
        for (Pair pair : pairs.subList(1, pairs.size())) {
            compare(pair, one);
        }
    }

    /** Twice each: what the first request left behind, in a file or in the interpreter, would show in the second. */
    private static void compare(Pair pair, WarmCase one) throws IOException {
        int from = daemon.log().length();
        ask(pair.fresh(), one);
        Seen fresh = ask(pair.fresh(), one);
        Seen first = ask(pair.warm(), one);
        Seen second = ask(pair.warm(), one);
        List<String> log = logSince(from);

        if (pair.name().equals("plain")) {
            assertEquals(
                    one.status() + " " + one.exit(),
                    fresh.answer().status() + " " + fresh.exit().split(" ", 2)[0],
                    () -> "the case itself: " + fresh + stderr(log, fresh));
            assertEquals(
                    one.how() == WarmCase.How.COLD,
                    log.stream().anyMatch(line -> line.contains("runs cold")),
                    () -> "cold or not: " + log);
        }
        if (one.how() == WarmCase.How.DIFFERS) {
            assertEquals(fresh.exit(), first.exit(), "the end");
            assertNotEquals(
                    text(fresh) + stderr(log, fresh),
                    text(first) + stderr(log, first),
                    "they are the same: docs/warm-python.md need not tell of it any more");
            assertSame(first, second, log, "the second fork");
        } else {
            assertSame(fresh, first, log, "the first fork");
            assertSame(fresh, second, log, "the second fork");
        }
    }

    private static void assertSame(Seen fresh, Seen warm, List<String> log, String which) {
        assertEquals(text(fresh), text(warm), () -> which + " answers" + stderr(log, warm));
        assertEquals(fresh.exit(), warm.exit(), () -> which + " ends" + stderr(log, warm));
        assertEquals(
                String.join("\n", stderr(log, fresh)),
                String.join("\n", stderr(log, warm)),
                () -> which + " says on standard error");
    }

    private static Seen ask(Pool pool, WarmCase one) throws IOException {
        long before = lines(pool).size();
        Answer answer = exchange(pool, one);
        Awaitility.await("the line of " + one + " in the access log")
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> lines(pool).size() > before);
        String[] words = lines(pool).get((int) before).split(" ", 2);
        return new Seen(Long.parseLong(words[0]), answer, words[1]);
    }

    /** A script that dies of a signal has its answer cut, and no END_REQUEST comes. */
    private static Answer exchange(Pool pool, WarmCase one) throws IOException {
        try (RawClient client = RawClient.connect(pool.address())) {
            client.read();
            byte[] request = Wire.request(1, false, one.params(site), one.bytes());
            Thread sender = new Thread(() -> client.sendAsFarAsItGoes(request), "sender");
            sender.start();
            client.awaitClosed(LIMIT);
            sender.join(LIMIT.toMillis());
            return client.response(1).answer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static List<String> lines(Pool pool) throws IOException {
        Path file = log(pool.name());
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** Everything the daemon has logged for requests that are over: it has written down one that came after them, too. */
    private static List<String> logSince(int from) throws IOException {
        Map<String, String> params = CgiParams.get(site.root(), "/not-there.py", "");
        RawClient.exchange(pairs.get(0).fresh().address(), params, new byte[0]);
        String mark = "/not-there.py: 404";
        Awaitility.await("the mark in the log")
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> daemon.log().indexOf(mark, from) > 0);
        return daemon.log().substring(from).lines().toList();
    }

    private static List<String> stderr(List<String> log, Seen seen) {
        List<String> lines = new ArrayList<>();
        String mark = "request " + seen.id() + ": ";
        for (String line : log) {
            int at = line.indexOf(": stderr: ");
            if (at >= 0 && line.contains(mark)) {
                lines.add(normal(line.substring(at + ": stderr: ".length())));
            }
        }
        dropDeprecations(lines);
        return lines;
    }

    /** Said when a module is imported: where a fork finds it imported, nobody says it. docs/warm-python.md tells of it. */
    private static void dropDeprecations(List<String> lines) {
        for (int line = 0; line < lines.size(); line++) {
            if (lines.get(line).matches(".*: DeprecationWarning: 'cgi(tb)?' is deprecated .*")) {
                lines.remove(line);
                if (line < lines.size() && lines.get(line).matches(" *import cgi(tb)?")) {
                    lines.remove(line);
                }
                line--;
            }
        }
    }

    private static String text(Seen seen) {
        Answer answer = seen.answer();
        String body = normal(answer.text());
        if (body.length() > 50_000) {
            CRC32C sum = new CRC32C();
            sum.update(body.getBytes(StandardCharsets.ISO_8859_1));
            body = body.length() + " bytes, " + sum.getValue();
        }
        return answer.status() + " " + answer.complete() + "\n" + answer.fields() + "\n" + body;
    }

    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{6,16}");
    private static final Pattern DATE = Pattern.compile(
            "(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} 20[0-9]{2}");
    private static final Pattern DURATION = Pattern.compile("(Ran 1 test in) [0-9.]+s");
    /** In the last words of an interpreter that has no standard error any more. */
    private static final Pattern REFERENCES = Pattern.compile("(object refcount *:) [0-9]+");

    /** Without what is another each time: addresses of objects, what cgitb and unittest say of time. */
    private static String normal(String text) {
        String plain = ADDRESS.matcher(text).replaceAll("0xADDRESS");
        plain = REFERENCES.matcher(plain).replaceAll("$1 N");
        return DURATION.matcher(DATE.matcher(plain).replaceAll("DATE")).replaceAll("$1 TIME");
    }

    @Test
    void eachForkHasRandomnessOfItsOwn() throws IOException {
        Set<String> seen = new java.util.HashSet<>();
        for (int request = 0; request < 5; request++) {
            Answer answer = get("/seeds.py");
            answer.text().lines().forEach(line -> assertTrue(seen.add(line), () -> line + " came before"));
        }
        assertEquals(8 * 5, seen.size());
    }

    @Test
    void aScriptThatHasChangedIsRunAsItIs() throws IOException {
        for (int version = 0; version < 5; version++) {
            site.write("changes.py", script("print(" + version + ")"));

            assertEquals(version + "\n", get("/changes.py").text());
        }
    }

    @Test
    void aModuleBesideTheScriptThatHasChangedIsImportedAsItIs() throws IOException {
        site.write("asks.py", script("import answers_it; print(answers_it.VALUE)"));
        for (String version : List.of("1", "22", "333")) {
            site.write("answers_it.py", "VALUE = " + version + "\n");

            assertEquals(version + "\n", get("/asks.py").text());
        }
    }

    @Test
    void aModuleThatAppearsBesideTheScriptHidesTheOneThatIsThere() throws IOException {
        Path folder = Files.createDirectory(site.root().resolve("later"));
        site.write("later/script.py", script("import json; print(json.__name__, hasattr(json, 'dumps'))"));
        assertEquals("json True\n", get("/later/script.py").text());

        site.write("later/json.py", "");
        assertEquals("json False\n", get("/later/script.py").text());

        Files.delete(folder.resolve("json.py"));
        assertEquals("json True\n", get("/later/script.py").text());
    }

    private static String script(String line) {
        return "#!/usr/bin/python3\nprint('Content-Type: text/plain\\n')\n" + line + "\n";
    }

    private static Answer get(String path) throws IOException {
        Map<String, String> params = CgiParams.get(site.root(), path, "");
        Answer answer = RawClient.exchange(pairs.get(0).warm().address(), params, new byte[0])
                .answer();
        assertEquals(200, answer.status(), answer::toString);
        assertNotEquals("", answer.text());
        return answer;
    }
}
