package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.cgifpm.adapters.frontend.RunningListener.Setup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolErrorsTest {
    static Stream<Arguments> mistakes() {
        Sent open = Sent.head(1, true, 10);
        Sent filter = Sent.filterHead(1, true, 10);
        return Stream.of(
                Arguments.of("another version", new Sent().raw(2, 1, 0, 1, 0, 8, 0, 0), "version 2"),
                Arguments.of("HTTP", new Sent().raw('G', 'E', 'T', ' ', '/'), "version 71"),
                Arguments.of("END_REQUEST", new Sent().record(3, 1, new byte[8]), "END_REQUEST"),
                Arguments.of("STDOUT", new Sent().record(6, 1, new byte[1]), "STDOUT"),
                Arguments.of("STDERR", new Sent().record(7, 1, new byte[1]), "STDERR"),
                Arguments.of("id 0", new Sent().begin(0, true), "id 0"),
                Arguments.of("a short BEGIN_REQUEST", new Sent().record(1, 1, new byte[7]), "7 bytes"),
                Arguments.of("BEGIN_REQUEST twice", new Sent().begin(1, true).begin(1, true), "under way"),
                Arguments.of("BEGIN_REQUEST at work", copy(open).begin(1, true), "under way"),
                Arguments.of("PARAMS after their end", copy(open).params(1, "A", "B"), "after their end"),
                Arguments.of("PARAMS ended twice", copy(open).params(1), "ended twice"),
                Arguments.of(
                        "STDIN after its end", copy(open).stdinEnd(1).stdin(1, "more"), "STDIN of request 1 after"),
                Arguments.of("DATA before STDIN", copy(filter).data(1, new byte[1]), "DATA of request 1 before"),
                Arguments.of("DATA in STDIN", copy(filter).stdin(1, "a").data(1, new byte[1]), "before the end"),
                Arguments.of("DATA ended before STDIN", copy(filter).dataEnd(1), "DATA of request 1 before"),
                Arguments.of(
                        "DATA after its end",
                        copy(filter).stdinEnd(1).dataEnd(1).data(1, new byte[1]),
                        "DATA of request 1 after"),
                Arguments.of(
                        "STDIN of a filter after its end",
                        copy(filter).stdinEnd(1).data(1, new byte[1]).stdin(1, "more"),
                        "STDIN of request 1 after"),
                Arguments.of(
                        "half a pair",
                        new Sent()
                                .begin(1, true)
                                .record(4, 1, new byte[] {5, 5, 'a'})
                                .record(4, 1, new byte[0]),
                        ""));
    }

    private static Sent copy(Sent records) {
        return new Sent().and(records);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeEndsItsConnectionAndNoOther(String what, Sent records, String named) throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().everyRole());
                FrontEnd other = server.connect();
                FrontEnd client = server.connect()) {
            other.send(Sent.head(1, true, 5));
            Handled untouched = server.take();

            client.send(records).awaitEnd();

            server.await(() -> !server.failures.isEmpty());
            String told = server.failures.get(0);
            assertTrue(told.contains(named), what + ": " + told);
            server.run(untouched::count);
            other.send(new Sent().stdin(1, "12345").stdinEnd(1));
            assertEquals("5", other.answer(1).body());
        }
    }

    @Test
    void whatWasAtWorkOnTheConnectionIsAbortedOnce() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, 10).and(Sent.head(2, true, 10)));
            Handled first = server.take();
            Handled second = server.take();
            client.send(new Sent().raw(9)).awaitEnd();
            server.await(() -> first.aborted != null && second.aborted != null);
            assertEquals(1, server.ask(() -> first.abortedTimes));
            server.run(() -> {
                first.answer("to nobody");
                second.exchange.cut();
                second.exchange.body().discard();
                second.exchange.body().resume();
            });
            assertEquals(1, server.ask(() -> second.abortedTimes));
            assertNotNull(first.aborted);
        }
    }

    @Test
    void everyPrefixOfARequestLeavesTheListenerAtWork() throws Exception {
        byte[] request = new Sent()
                .begin(1, false)
                .params(1, "REQUEST_METHOD", "POST", "CONTENT_LENGTH", "3")
                .stdin(1, "abc")
                .stdinEnd(1)
                .bytes();
        try (RunningListener server = new RunningListener(Setup.onUnix())) {
            server.handler = Handled::count;
            for (int length = 0; length < request.length; length++) {
                try (FrontEnd client = server.connect()) {
                    client.send(Arrays.copyOf(request, length));
                }
            }
            for (int length = 0; length < request.length; length++) {
                try (FrontEnd client = server.connect()) {
                    client.send(Arrays.copyOf(request, length));
                    client.halfClose();
                    client.awaitEnd();
                }
            }
            for (int length = 0; length < request.length; length++) {
                try (FrontEnd client = server.connect()) {
                    client.send(Arrays.copyOf(request, length));
                    server.turns(1);
                    client.send(Arrays.copyOfRange(request, length, request.length));
                    assertEquals("3", client.answer(1).body(), "cut after " + length + " bytes");
                }
            }
        }
    }

    @Test
    void randomBytesLeaveTheListenerAtWork() throws Exception {
        long seed = System.nanoTime();
        System.out.println("randomBytesLeaveTheListenerAtWork: seed " + seed);
        Random random = new Random(seed);
        try (RunningListener server = new RunningListener(Setup.onUnix().params(100))) {
            server.handler = Handled::echo;
            for (int i = 0; i < 300; i++) {
                byte[] garbage = new byte[1 + random.nextInt(3000)];
                random.nextBytes(garbage);
                if (i % 2 == 0) {
                    garbage[0] = 1; // far enough to be taken for a record
                }
                sendAndLeave(server, garbage);
            }
            assertServes(server);
        }
    }

    /** Valid records in a random order, of a few ids, so that every state meets every record. */
    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void recordsInAnyOrderLeaveTheListenerAtWork(boolean unix) throws Exception {
        long seed = System.nanoTime();
        System.out.println("recordsInAnyOrderLeaveTheListenerAtWork: seed " + seed);
        Random random = new Random(seed);
        try (RunningListener server = new RunningListener(Setup.of(unix).everyRole())) {
            Random ways = new Random(seed); // of the loop thread's own
            server.handler = request -> {
                switch (ways.nextInt(4)) {
                    case 0 -> request.answer("early");
                    case 1 -> request.echo();
                    case 2 -> request.exchange.cut();
                    default -> request.count();
                }
            };
            for (int i = 0; i < 500; i++) {
                Sent records = new Sent();
                for (int k = random.nextInt(20); k >= 0; k--) {
                    add(records, random);
                }
                sendAndLeave(server, records.bytes());
            }
            assertServes(server);
        }
    }

    private static void add(Sent records, Random random) {
        int id = 1 + random.nextInt(3);
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> records.begin(id, random.nextBoolean());
            case 3, 4, 5 -> records.params(id, "CONTENT_LENGTH", "" + random.nextInt(9));
            case 6 -> records.stdin(id, new byte[random.nextInt(5000)]);
            case 7 -> records.stdinEnd(id);
            case 8 -> records.abort(id);
            case 9 -> records.getValues("FCGI_MAX_REQS");
            case 10, 11, 12 -> records.begin(id, random.nextInt(5), random.nextBoolean());
            case 13 -> records.data(id, new byte[random.nextInt(5000)]);
            case 14 -> records.dataEnd(id);
            default -> records.record(random.nextInt(256), random.nextInt(4), new byte[random.nextInt(20)]);
        }
    }

    private static void sendAndLeave(RunningListener server, byte[] bytes) throws Exception {
        try (FrontEnd client = server.connect()) {
            try {
                client.send(bytes);
                client.halfClose();
                client.awaitEnd();
            } catch (java.net.SocketTimeoutException e) {
                throw e;
            } catch (java.io.IOException e) {
                return; // the listener had enough of it before it was all sent
            }
        }
    }

    private static void assertServes(RunningListener server) throws Exception {
        server.handler = Handled::count;
        try (FrontEnd client = server.connect()) {
            assertEquals(
                    "3", client.send(Sent.post(1, true, new byte[3])).answer(1).body());
        }
        assertEquals(List.of(), server.acceptFailures);
    }
}
