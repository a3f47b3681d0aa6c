package org.cgifpm.adapters.frontend.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.RequestHandler;
import org.cgifpm.adapters.ShowsFailures;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpFrontendTest {
    private static final String POST = "POST /s.sh HTTP/1.1\r\nHost: localhost\r\n";

    private Path root;

    @BeforeEach
    void aScript(@TempDir Path folder) throws IOException {
        root = folder;
        TestFiles.executable(root, "s.sh", "#!/bin/sh\n");
    }

    /** Writes the body back as it comes, with back-pressure both ways. */
    private static final class Echo implements BodySink, ExchangeListener {
        private final Exchange exchange;
        private boolean ended;

        Echo(Exchange exchange) {
            this.exchange = exchange;
            exchange.listener(this);
            exchange.respond(TestFiles.ok(-1));
            exchange.body().sink(this);
        }

        @Override
        public void take(ByteBuffer chunk) {
            int count = Math.min(exchange.room(), chunk.remaining());
            exchange.write(chunk.slice(chunk.position(), count));
            chunk.position(chunk.position() + count);
        }

        @Override
        public void writable() {
            if (!ended) {
                exchange.body().resume();
            }
        }

        @Override
        public void end() {
            ended = true;
            exchange.end(0);
        }

        @Override
        public void aborted(String why) {}
    }

    @Test
    void runsAnExecutableAndChunksWhatItSays() throws Exception {
        BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
        RequestHandler handler = exchange -> {
            exchanges.add(exchange);
            TestFiles.answer(exchange, "hello");
        };
        try (RunningFrontend server = new RunningFrontend(root, handler);
                RawClient client = server.client()) {
            RawClient.Response response = client.get("/s.sh/a%20b?x=1");

            assertEquals(200, response.status());
            assertEquals("hello", response.text());
            assertTrue(response.has("Transfer-Encoding: chunked"));
            assertTrue(response.has("Content-Type: text/plain"));
            Exchange seen = exchanges.take();
            assertEquals("/s.sh", seen.params().get("SCRIPT_NAME"));
            assertEquals("/a b", seen.params().get("PATH_INFO"));
            assertEquals("x=1", seen.params().get("QUERY_STRING"));
            assertEquals(root.toRealPath() + "/s.sh", seen.params().get("SCRIPT_FILENAME"));
            ServedRequest line = server.nextServed();
            assertEquals("script s.sh", line.what());
            assertEquals(5, line.bytes());
        }
    }

    @Test
    void answersManyRequestsOnOneConnectionAlsoWhenTheyComeAtOnce() throws Exception {
        RequestHandler handler =
                exchange -> TestFiles.answer(exchange, exchange.params().getOrEmpty("QUERY_STRING"));
        try (RunningFrontend server = new RunningFrontend(root, handler);
                RawClient client = server.client()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append("GET /s.sh?").append(i).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            client.send(requests.toString());
            for (int i = 0; i < 50; i++) {
                assertEquals(Integer.toString(i), client.response().text());
            }
            assertEquals(0, server.closedConnections.get());
        }
    }

    @Test
    void readsARequestThatComesByteByByte() throws Exception {
        try (RunningFrontend server = new RunningFrontend(root, Echo::new);
                RawClient client = server.client()) {
            String request = POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nA: b\r\n\r\n";
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            assertEquals("abcde", client.response().text());
            assertEquals(200, client.get("/s.sh").status());
        }
    }

    @Test
    void echoes64MegabytesThroughBoundedBuffersToAClientThatReadsLate() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        byte[] body = new byte[64 << 20];
        new Random(seed).nextBytes(body);
        try (RunningFrontend server = new RunningFrontend(root, Echo::new);
                RawClient client = server.client()) {
            Thread writer = new Thread(() -> {
                try {
                    client.send(POST + "Content-Length: " + body.length + "\r\n\r\n")
                            .send(body);
                } catch (IOException seenByTheReader) {
                    // The response below is then not complete.
                }
            });
            writer.setDaemon(true);
            writer.start();
            RawClient.Response response = client.response();
            writer.join(10_000);

            assertTrue(response.complete());
            assertArrayEquals(body, response.body());
        }
    }

    @Test
    void stopsReadingTheBodyThatNobodyTakes() throws Exception {
        BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
        try (RunningFrontend server = new RunningFrontend(root, exchanges::add);
                RawClient client = server.client()) {
            client.send(POST + "Content-Length: 1000000000\r\n\r\n");
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; i < 1000; i++) {
                        client.send(new byte[1 << 20]);
                    }
                } catch (IOException closedAtTheEnd) {
                    // That is how it is stopped.
                }
            });
            writer.setDaemon(true);
            writer.start();
            Exchange exchange = exchanges.poll(10, TimeUnit.SECONDS);
            Awaitility.await().until(() -> writer.getState() == Thread.State.RUNNABLE);

            long turns = settledTurns(server);
            assertEquals(0, server.onLoop(() -> exchange.body().received()));
            assertTrue(server.loop.turns() - turns < 20, "the loop spins");
            client.hangUp();
            writer.join();
        }
    }

    /** Turns of the loop after it had time to take what it wants. */
    private static long settledTurns(RunningFrontend server) {
        AtomicLong last = new AtomicLong(-1);
        Awaitility.await()
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> last.getAndSet(server.loop.turns()) == server.loop.turns());
        return last.get();
    }

    @Test
    void tellsTheScriptWhenTheClientHasGone() throws Exception {
        BlockingQueue<String> aborted = new LinkedBlockingQueue<>();
        RequestHandler handler = exchange -> {
            exchange.listener(aborted::add);
            exchange.respond(TestFiles.ok(-1));
        };
        try (RunningFrontend server = new RunningFrontend(root, handler)) {
            try (RawClient client = server.client()) {
                client.send("GET /s.sh HTTP/1.1\r\nHost: x\r\n\r\n");
                Awaitility.await().until(() -> client.read() == 'H');
            }
            assertEquals("client gone", aborted.poll(10, TimeUnit.SECONDS));
            assertEquals("client gone", server.nextServed().note());
            Awaitility.await().until(() -> server.closedConnections.get() == 1);
            assertEquals(0, server.onLoop(server.frontend::connections));
        }
    }

    @Test
    void asksForABodyOnlyWhenTheScriptWantsIt() throws Exception {
        try (RunningFrontend server = new RunningFrontend(root, Echo::new);
                RawClient client = server.client()) {
            client.send("GET /none HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            RawClient.Response refused = client.response();
            assertEquals(404, refused.status());
            assertTrue(refused.has("Connection: close"));
        }
        RequestHandler collects = exchange -> exchange.body().sink(new BodySink() {
            private String text = "";

            @Override
            public void take(ByteBuffer chunk) {
                while (chunk.hasRemaining()) {
                    text += (char) chunk.get();
                }
            }

            @Override
            public void end() {
                TestFiles.answer(exchange, text);
            }
        });
        try (RunningFrontend server = new RunningFrontend(root, collects);
                RawClient client = server.client()) {
            client.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertEquals(100, client.response().status());
            client.send("12345");
            assertEquals("12345", client.response().text());
            assertEquals(0, server.closedConnections.get());
        }
    }

    @Test
    void anEarlyAnswerArrivesHoweverMuchBodyIsOnItsWay() throws Exception {
        RequestHandler handler = exchange -> TestFiles.answer(exchange, "no, thanks");
        try (RunningFrontend server = new RunningFrontend(root, handler)) {
            for (int i = 0; i < 50; i++) {
                try (RawClient client = server.client()) {
                    client.send(POST + "Content-Length: 3000000\r\n\r\n").send(new byte[3_000_000]);
                    assertEquals("no, thanks", client.response().text());
                    assertEquals(200, client.get("/s.sh").status());
                }
            }
        }
    }

    @Test
    void aCutIsSeenAsOneInEveryFraming() throws Exception {
        RequestHandler handler = exchange -> {
            boolean length = exchange.params().getOrEmpty("QUERY_STRING").equals("length");
            exchange.respond(TestFiles.ok(length ? 100 : -1));
            exchange.write(TestFiles.bytes("half"));
            exchange.cut();
        };
        try (RunningFrontend server = new RunningFrontend(root, handler)) {
            for (String query : new String[] {"length", "chunked"}) {
                try (RawClient client = server.client()) {
                    RawClient.Response response = client.get("/s.sh?" + query);
                    assertFalse(response.complete(), query);
                    assertEquals("half", response.text().substring(0, 4));
                    assertEquals("cut", server.nextServed().note());
                }
            }
        }
    }

    @Test
    void aCutOfABodyThatEndsWithTheConnectionIsAReset() throws Exception {
        RequestHandler handler = exchange -> {
            exchange.respond(TestFiles.ok(-1));
            exchange.write(TestFiles.bytes("half"));
            exchange.cut();
        };
        try (RunningFrontend server = new RunningFrontend(root, handler);
                RawClient client = server.client()) {
            client.send("GET /s.sh HTTP/1.0\r\n\r\n");

            assertThrows(SocketException.class, () -> {
                while (client.read() >= 0) {}
            });
        }
    }

    @Test
    void aBodyThatDiffersFromItsContentLengthNeverMixesWithTheNextResponse() throws Exception {
        RequestHandler handler = exchange -> {
            exchange.respond(TestFiles.ok(5));
            exchange.write(TestFiles.bytes(exchange.params().getOrEmpty("QUERY_STRING")));
            exchange.end(0);
        };
        try (RunningFrontend server = new RunningFrontend(root, handler);
                RawClient client = server.client()) {
            assertEquals("12345", client.get("/s.sh?1234567").text());
            assertEquals("abcde", client.get("/s.sh?abcde").text());
            assertFalse(client.get("/s.sh?abc").complete());
        }
    }

    @Test
    void sendsNoBodyForHeadAndForOneZero() throws Exception {
        RequestHandler handler = exchange -> TestFiles.answer(exchange, "body");
        try (RunningFrontend server = new RunningFrontend(root, handler)) {
            try (RawClient client = server.client()) {
                client.send("HEAD /s.sh HTTP/1.1\r\nHost: x\r\n\r\n");
                assertEquals(200, client.response(true).status());
                assertEquals("body", client.get("/s.sh").text());
            }
            try (RawClient client = server.client()) {
                client.send("GET /s.sh HTTP/1.0\r\n\r\n");
                RawClient.Response response = client.response();
                assertFalse(response.head().contains("chunked"));
                assertEquals("body", response.text());
            }
        }
    }

    @Test
    void showsAFailureWithTheEndOfStderrToABrowserAndAsTextToAProgram() throws Exception {
        RequestHandler handler = exchange ->
                ((ShowsFailures) exchange).failure(500, "no header before the body", "Traceback <here>\nNameError\n");
        try (RunningFrontend server = new RunningFrontend(root, handler);
                RawClient client = server.client()) {
            RawClient.Response page = client.get("/s.sh", "Accept: text/html,*/*");
            assertEquals(500, page.status());
            assertTrue(page.text().contains("Traceback &lt;here&gt;\nNameError"), page.text());
            assertTrue(page.text().contains("No header before the body"), page.text());

            RawClient.Response text = client.get("/s.sh", "Accept: */*");
            assertTrue(text.has("Content-Type: text/plain; charset=utf-8"));
            assertTrue(text.text().startsWith("500 Internal Server Error: no header before the body\n"), text.text());
            assertEquals("no header before the body", server.nextServed().note());
        }
    }

    @Test
    void aFailureAfterTheHeadIsACut() throws Exception {
        RequestHandler handler = exchange -> {
            exchange.respond(TestFiles.ok(-1));
            ((ShowsFailures) exchange).failure(504, "request_timeout", "");
        };
        try (RunningFrontend server = new RunningFrontend(root, handler);
                RawClient client = server.client()) {
            assertFalse(client.get("/s.sh").complete());
        }
    }

    @Test
    void saysOfAMissingExecutableBitWhatToDoAndKeepsTheSource() throws Exception {
        TestFiles.plain(root, "x.py", "#!/usr/bin/python3\nSECRET = 1\n");
        try (RunningFrontend server = new RunningFrontend(root, exchange -> {});
                RawClient client = server.client()) {
            RawClient.Response response = client.get("/x.py");
            assertEquals(403, response.status());
            assertTrue(response.text().contains("chmod +x x.py"), response.text());
            assertFalse(response.text().contains("SECRET"));
        }
    }

    @Test
    void servesFilesWithTypeDateAndRanges() throws Exception {
        byte[] content = new byte[300_000];
        new Random(7).nextBytes(content);
        Files.write(root.resolve("a.png"), content);
        try (RunningFrontend server = new RunningFrontend(root, exchange -> {});
                RawClient client = server.client()) {
            RawClient.Response whole = client.get("/a.png");
            assertTrue(whole.has("Content-Type: image/png"));
            assertArrayEquals(content, whole.body());
            int at = whole.head().indexOf("Last-Modified: ") + 15;
            String modified = whole.head().substring(at, whole.head().indexOf('\r', at));

            assertEquals(
                    304, client.get("/a.png", "If-Modified-Since: " + modified).status());
            RawClient.Response part = client.get("/a.png", "Range: bytes=10-19");
            assertEquals(206, part.status());
            assertTrue(part.has("Content-Range: bytes 10-19/300000"));
            assertArrayEquals(java.util.Arrays.copyOfRange(content, 10, 20), part.body());
            assertEquals(416, client.get("/a.png", "Range: bytes=300000-").status());
            client.send("POST /a.png HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
            RawClient.Response post = client.response();
            assertEquals(405, post.status());
            assertTrue(post.has("Allow: GET, HEAD"));
            client.send("HEAD /a.png HTTP/1.1\r\nHost: x\r\n\r\n");
            assertTrue(client.response(true).has("Content-Length: 300000"));
            assertArrayEquals(content, client.get("/a.png").body());
        }
    }

    @Test
    void listsAFolderAndAddsTheSlashThatLinksNeed() throws Exception {
        Files.createDirectory(root.resolve("sub"));
        try (RunningFrontend server = new RunningFrontend(root, exchange -> {});
                RawClient client = server.client()) {
            RawClient.Response page = client.get("/");
            assertEquals(200, page.status());
            assertTrue(page.text().contains("href=\"./s.sh\""), page.text());
            RawClient.Response moved = client.get("/sub?a=b");
            assertEquals(301, moved.status());
            assertTrue(moved.has("Location: /sub/?a=b"), moved.head());
        }
    }

    @Test
    void refusesABodyBeyondTheLimitDeclaredOrNot() throws Exception {
        RequestHandler handler = exchange -> {
            exchange.listener(new ExchangeListener() {
                @Override
                public void aborted(String why) {}

                @Override
                public void bodyTooLarge() {
                    ((ShowsFailures) exchange).failure(413, "more than request_body_max", "");
                }
            });
            exchange.body().sink(new BodySink() {
                @Override
                public void take(ByteBuffer chunk) {
                    chunk.position(chunk.limit());
                }

                @Override
                public void end() {
                    TestFiles.answer(exchange, "all");
                }
            });
        };
        try (RunningFrontend server = new RunningFrontend(root, handler, RunningFrontend::impatient)) {
            try (RawClient client = server.client()) {
                client.send(POST + "Content-Length: 100001\r\n\r\n");
                assertEquals(413, client.response().status());
            }
            try (RawClient client = server.client()) {
                client.send(POST + "Transfer-Encoding: chunked\r\n\r\n186a1\r\n")
                        .send(new byte[100_001]);
                client.send("\r\n0\r\n\r\n");
                assertEquals(413, client.response().status());
            }
            try (RawClient client = server.client()) {
                client.send(POST + "Content-Length: 100000\r\n\r\n").send(new byte[100_000]);
                assertEquals("all", client.response().text());
            }
        }
    }

    @Test
    void aBrokenChunkEndsTheConnectionWithA400AndTellsTheScript() throws Exception {
        BlockingQueue<String> aborted = new LinkedBlockingQueue<>();
        RequestHandler handler = exchange -> {
            exchange.listener(aborted::add);
            exchange.body().sink(new BodySink() {
                @Override
                public void take(ByteBuffer chunk) {
                    chunk.position(chunk.limit());
                }

                @Override
                public void end() {}
            });
        };
        try (RunningFrontend server = new RunningFrontend(root, handler);
                RawClient client = server.client()) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n1\r\naXX");
            assertEquals(400, client.response().status());
            assertEquals(-1, client.read());
            assertEquals("a chunk longer than its size says", aborted.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void doesNotWaitForEverForAHeadForARequestOrForARoomyClient() throws Exception {
        Files.write(root.resolve("big.zip"), new byte[30_000_000]);
        try (RunningFrontend server = new RunningFrontend(root, exchange -> {}, RunningFrontend::impatient)) {
            try (RawClient client = server.client()) {
                client.send("GET / HTT");
                assertEquals(408, client.response().status());
            }
            try (RawClient client = server.client()) {
                assertEquals(-1, client.read());
            }
            try (RawClient client = server.client()) {
                server.served.clear();
                client.send("GET /big.zip HTTP/1.1\r\nHost: x\r\n\r\n");
                assertEquals("client takes nothing", server.nextServed().note());
            }
        }
    }

    @Test
    void takesTheOldestIdleConnectionsPlaceWhenAllAreTaken() throws Exception {
        BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
        try (RunningFrontend server = new RunningFrontend(root, waiting::add, RunningFrontend::impatient);
                RawClient first = server.client();
                RawClient second = server.client();
                RawClient third = server.client()) {
            for (RawClient busy : new RawClient[] {first, second, third}) {
                busy.send("GET /s.sh HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            Awaitility.await().until(() -> waiting.size() == 3);
            try (RawClient fourth = server.client()) {
                assertEquals(503, fourth.response().status());
            }
            Exchange one = waiting.poll();
            server.onLoop(() -> {
                TestFiles.answer(one, "done");
                return 0;
            });
            Awaitility.await().until(() -> server.onLoop(one::done) && server.served.size() == 1);
            try (RawClient fifth = server.client()) {
                assertEquals(404, fifth.get("/none").status());
            }
        }
    }

    @Test
    void stoppingLetsTheCurrentRequestEndAndClosesTheIdle() throws Exception {
        BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
        try (RunningFrontend server = new RunningFrontend(root, waiting::add);
                RawClient idle = server.client();
                RawClient busy = server.client()) {
            assertEquals(200, idle.get("/").status());
            busy.send("GET /s.sh HTTP/1.1\r\nHost: x\r\n\r\n");
            Exchange exchange = waiting.poll(10, TimeUnit.SECONDS);
            server.onLoop(() -> {
                server.frontend.stop();
                return 0;
            });
            assertEquals(-1, idle.read());
            server.onLoop(() -> {
                TestFiles.answer(exchange, "the last");
                return 0;
            });
            RawClient.Response response = busy.response();
            assertEquals("the last", response.text());
            assertTrue(response.has("Connection: close"));
            assertEquals(-1, busy.read());
        }
    }

    @Test
    void endsAConnectionThatSendsGarbageAndNoOther() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (RunningFrontend server = new RunningFrontend(root, Echo::new);
                RawClient steady = server.client()) {
            for (int i = 0; i < 100; i++) {
                byte[] garbage = new byte[random.nextInt(2000)];
                random.nextBytes(garbage);
                try (RawClient client = server.client()) {
                    client.send(i % 2 == 0 ? "" : POST + "Transfer-Encoding: chunked\r\n\r\n")
                            .send(garbage);
                }
            }
            assertEquals(200, steady.get("/s.sh").status());
            Awaitility.await().until(() -> server.closedConnections.get() == 100);
        }
    }
}
