package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.cgifpm.e2e.client.Answer;
import org.cgifpm.e2e.client.Bytes;
import org.cgifpm.e2e.client.Http;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Pool;
import org.cgifpm.e2e.lab.Proc;
import org.cgifpm.e2e.lab.Repository;
import org.cgifpm.e2e.lab.RunningProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code cgi-fpm serve DIR}: the scripts of a folder in a browser, with no web server and no configuration. */
class ServeIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static RunningProcess server;
    private static int port;

    @BeforeAll
    static void start() {
        port = Pool.freePort();
        server = serve("serve", port);
    }

    private static RunningProcess serve(String name, int wanted) {
        String folder = LAB.site().root().toString();
        RunningProcess started = LAB.run(
                name,
                LAB.newFolder(name),
                List.of(Repository.launcher().toString(), "serve", folder, "--port", Integer.toString(wanted)));
        Awaitility.await("it listens").atMost(Duration.ofSeconds(60)).until(() -> listens(wanted));
        return started;
    }

    @Test
    void runsAScript() throws IOException {
        assertEquals("hello from python\n", Http.get(port, "/hello.py").send().text());
        assertEquals("hello\n", Http.get(port, "/hello.sh?a=b").send().text());
    }

    @Test
    void forksPythonScriptsAndSaysSo() throws IOException {
        assertTrue(
                server.output().contains("\nPython scripts run warm: each as a fork of /usr/bin/python3, "),
                server::output);
        Http.get(port, "/hello.py").send();

        assertTrue(
                Proc.children(server.pid()).stream().map(Proc::command).anyMatch(line -> line.contains("--preload")),
                "its keeper");
    }

    @Test
    void listsTheScripts() throws IOException {
        Answer page = Http.get(port, "/").send();

        assertEquals(200, page.status(), page::toString);
        assertTrue(page.header("Content-Type").startsWith("text/html"), page::toString);
        assertTrue(page.text().contains("hello.py"), page::toString);
        assertTrue(page.text().contains("not-executable.sh"), "also those that cannot run");
    }

    @Test
    void echoesABodyBothWaysAtOnce() throws IOException {
        byte[] body = Bytes.of(3_000_000);

        Answer answer = Http.post(port, "/echo-unsized.sh", body).send();

        assertTrue(Arrays.equals(body, answer.body()), answer::toString);
        assertTrue(answer.complete());
    }

    @Test
    void doesNotLeakTheSourceOfAScriptThatCannotRun() throws IOException {
        Answer answer = Http.get(port, "/not-executable.sh").send();

        assertEquals(403, answer.status(), answer::toString);
        assertFalse(answer.text().contains("must not run"), answer::toString);
        assertTrue(answer.text().contains("chmod"), answer::toString);
    }

    @Test
    void servesNothingFromOutside() throws IOException {
        for (String path : List.of("/../outside.sh", "/%2e%2e/outside.sh", "/link-outside.sh", "/link-up.sh")) {
            Answer answer = Http.get(port, path).send();
            assertTrue(answer.status() >= 400, path + ": " + answer);
            assertFalse(answer.text().contains("hello\n"), path + ": " + answer);
        }
    }

    @Test
    void showsTheErrorOfAScriptThatFails() throws IOException {
        Answer answer = Http.get(port, "/dies-before-head.sh")
                .header("Accept", "text/html")
                .send();

        assertEquals(500, answer.status(), answer::toString);
        assertTrue(answer.header("Content-Type").startsWith("text/html"), answer::toString);
    }

    @Test
    void logsEachRequestInALineWithoutControlCharacters() throws IOException {
        Http.get(port, "/hello.sh?mark%1b[31m").send();

        Awaitility.await("a line for the request")
                .atMost(Duration.ofSeconds(5))
                .until(() -> server.output().contains("/hello.sh?mark"));
        assertFalse(server.output().contains("\u001b"), "no terminal, no colours, no control characters");
    }

    @Test
    void endsTheScriptWhenTheBrowserLeaves() throws IOException {
        try (Socket client = Http.get(port, "/endless.sh").open()) {
            assertEquals(10_000, client.getInputStream().readNBytes(10_000).length);
        }

        Awaitility.await("no child left but keepers")
                .atMost(Duration.ofSeconds(10))
                .until(() -> Proc.children(server.pid()).stream()
                        .map(Proc::command)
                        .allMatch(line -> line.contains("--preload")));
    }

    @Test
    void endsWithTermAndLeavesNothing() throws IOException {
        int otherPort = Pool.freePort();
        RunningProcess other = serve("short", otherPort);
        Http.get(otherPort, "/hello.py").send();
        List<Long> keepers = Proc.children(other.pid());
        assertFalse(keepers.isEmpty());
        try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), otherPort)) {
            idle.getOutputStream()
                    .write("GET /hello.sh HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(idle.getInputStream().read() == 'H');

            other.terminate();

            assertEquals(0, other.awaitExit(Duration.ofSeconds(10)));
        }
        assertFalse(listens(otherPort));
        assertTrue(Proc.all().stream().noneMatch(keepers::contains), "a keeper is left");
    }

    private static boolean listens(int number) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), number)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
