package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.cgifpm.adapters.frontend.RunningListener.Setup;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests and connections end before their time, from either side. */
class ConnectionEndTest {
    private static final int MEGABYTE = 1 << 20;

    @ParameterizedTest(name = "unix {0}, keep {1}")
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aCutResponseEndsWithEightZeroBytes(boolean unix, boolean keep) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix));
                FrontEnd client = server.connect()) {
            client.send(Sent.get(1, keep));
            Handled request = server.take();
            server.run(() -> {
                request.head();
                request.exchange.write(java.nio.ByteBuffer.wrap(new byte[] {'h', 'a', 'l', 'f'}));
                request.exchange.cut();
            });
            assertEquals(
                    "Status: 200 OK\r\nContent-Type: text/plain\r\n\r\n",
                    client.record().text());
            assertEquals("half", client.record().text());
            assertEquals(0, client.record().type());
            client.assertEnded();
        }
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void aCutArrivesAlthoughTheBodyIsStillComing(boolean unix) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix));
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, 3 * MEGABYTE));
            Handled request = server.take();
            server.run(() -> {
                request.head();
                request.exchange.cut();
            });
            client.send(new Sent().stdin(1, new byte[3 * MEGABYTE]).stdinEnd(1));
            assertNotNull(client.record());
            assertEquals(0, client.record().type());
            client.assertEnded();
        }
    }

    @Test
    void aHalfCloseOfAUnixSocketAfterACompleteRequestChangesNothing() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.post(1, true, new byte[200_000]));
            client.halfClose();
            Handled request = server.take();
            server.turns(3);
            server.run(request::count);
            assertEquals("200000", client.answer(1).body());
            client.assertEnded();
            assertNull(request.aborted);
        }
    }

    @Test
    void aHalfCloseOfAUnixSocketWhilePausedIsSeenAfterTheBody() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, false, 200_000));
            Handled request = server.take();
            client.send(new Sent().stdin(1, new byte[200_000]).stdinEnd(1));
            client.halfClose();
            server.turns(5);
            assertNull(request.aborted);
            long turns = server.ask(server.loop::turns);
            server.pass(20);
            assertTrue(server.ask(server.loop::turns) - turns < 20, "the loop spins while it has nothing to do");
            server.run(request::count);
            assertEquals("200000", client.answer(1).body());
            client.assertEnded();
        }
    }

    @Test
    void aHalfCloseOfAUnixSocketInTheMiddleOfABodyIsAnAbort() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, 100).stdin(1, "half"));
            Handled request = server.take();
            client.halfClose();
            server.await(() -> request.aborted != null);
            client.awaitEnd();
        }
    }

    @Test
    void aHalfCloseOfATcpConnectionIsAnAbort() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onTcp());
                FrontEnd client = server.connect()) {
            client.send(Sent.get(1, true));
            Handled request = server.take();
            client.halfClose();
            server.await(() -> request.aborted != null);
            client.awaitEnd();
        }
    }

    @ParameterizedTest(name = "unix {0}, paused {1}")
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void aClosedConnectionAbortsWhatRunsOnIt(boolean unix, boolean paused) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix))) {
            Handled request;
            try (FrontEnd client = server.connect()) {
                client.send(Sent.head(1, false, MEGABYTE));
                request = server.take();
                if (paused) {
                    // No more than the kernel holds: behind more, TCP would keep the news of the end to itself.
                    client.send(new Sent().stdin(1, new byte[100_000]));
                    server.await(() -> request.exchange.body().received() >= ConnectionLimits.BODY_MEMORY);
                }
            }
            server.await(() -> request.aborted != null);
            assertEquals(1, server.ask(() -> request.abortedTimes));
        }
    }

    @ParameterizedTest(name = "paused {0}")
    @ValueSource(booleans = {true, false})
    void aUnixSocketThatIsClosedAfterItsHalfCloseAbortsWhatRunsOnIt(boolean paused) throws Exception {
        int size = paused ? 150_000 : 10;
        try (RunningListener server = new RunningListener(Setup.onUnix())) {
            Handled request;
            try (FrontEnd client = server.connect()) {
                client.send(Sent.post(1, false, new byte[size]));
                request = server.take();
                client.halfClose();
                server.turns(5);
                assertNull(request.aborted);
            }
            server.await(() -> request.aborted != null);
        }
    }

    @Test
    void aClientThatGoesWhileItsAnswerWaitsForItAborts() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix())) {
            Handled request;
            try (FrontEnd client = server.connect()) {
                client.send(Sent.get(1, true));
                request = server.take();
                server.run(() -> request.stream(64 << 20));
                server.await(() -> request.exchange.room() == 0);
            }
            server.await(() -> request.aborted != null);
        }
    }

    @Test
    void abortsARunningRequestAndKeepsTheConnection() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, 10));
            Handled request = server.take();
            client.send(new Sent().abort(1));
            FrontEnd.Answer answer = client.answer(1);
            assertEquals("", answer.stdout());
            assertTrue(answer.is(ProtocolStatus.REQUEST_COMPLETE));
            assertNotNull(request.aborted);

            client.send(new Sent().stdin(1, "rest").stdinEnd(1).and(Sent.get(1, true)));
            Handled next = server.take();
            server.run(() -> next.answer("next"));
            assertEquals("next", client.answer(1).body());
        }
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void abortsARunningRequestAndEndsTheConnection(boolean unix) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix))) {
            for (int i = 0; i < 20; i++) {
                try (FrontEnd client = server.connect()) {
                    client.send(Sent.head(1, false, 3000).stdin(1, "a"));
                    Handled request = server.take();
                    client.send(new Sent().abort(1));
                    server.await(() -> request.aborted != null);
                    client.send(new Sent().stdin(1, new byte[2999]).stdinEnd(1));
                    assertTrue(client.answer(1).is(ProtocolStatus.REQUEST_COMPLETE));
                    client.assertEnded();
                }
            }
        }
    }

    @Test
    void abortsARequestWhoseParamsAreNotComplete() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(new Sent()
                    .begin(1, true)
                    .record(4, 1, new byte[] {1, 1, 'A', 'B'})
                    .abort(1));
            assertTrue(client.answer(1).is(ProtocolStatus.REQUEST_COMPLETE));
            client.send(new Sent().begin(2, true).params(2, "A", "B").abort(2));
            assertTrue(client.answer(2).is(ProtocolStatus.REQUEST_COMPLETE));
            client.send(Sent.get(1, true));
            Handled only = server.take();
            assertEquals(1, only.exchange.params().all().size());
            assertTrue(server.nothingHandled());
        }
    }

    @Test
    void anAbortOfAnUnknownRequestIsIgnored() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            server.handler = request -> request.answer("fine");
            client.send(new Sent().abort(5).and(Sent.get(1, true)));
            assertEquals("fine", client.answer(1).body());
            assertEquals(List.of(), server.failures);
        }
    }

    @Test
    void paramsThatDoNotComeEndTheConnection() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().params(50))) {
            for (Sent part : List.of(
                    new Sent().raw(1),
                    new Sent().begin(1, true),
                    new Sent().begin(1, true).record(4, 1, new byte[] {1, 1, 'A', 'B'}))) {
                try (FrontEnd client = server.connect()) {
                    client.send(part);
                    client.assertEnded();
                }
            }
            assertEquals(List.of("params_timeout", "params_timeout", "params_timeout"), server.failures);
        }
    }

    @Test
    void paramsTimeoutIsForEachRequestAndNotForTheBodyOrTheWaitBetween() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().params(600));
                FrontEnd client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(new Sent().begin(1, true));
                server.pass(100);
                client.send(new Sent().params(1, "CONTENT_LENGTH", "3"));
                Handled request = server.take();
                server.pass(700);
                client.send(new Sent().stdin(1, "abc").stdinEnd(1));
                server.run(request::count);
                assertEquals("3", client.answer(1).body());
                server.pass(700);
            }
            assertEquals(List.of(), server.failures);
        }
    }

    /** Requests that overlap: there is always one whose params are not complete, but none for long. */
    @Test
    void paramsTimeoutIsNotTheSumOfManyRequests() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().params(700));
                FrontEnd client = server.connect()) {
            server.handler = request -> request.answer("in time");
            client.send(new Sent().begin(1, true));
            for (int id = 1; id <= 10; id++) {
                client.send(new Sent().begin(id + 1, true));
                server.pass(100);
                client.send(new Sent().params(id, "A", "B").stdinEnd(id));
                assertEquals("in time", client.answer(id).body());
            }
            client.awaitEnd();
            assertEquals(List.of("params_timeout"), server.failures);
        }
    }

    @Test
    void aConnectionWithoutARequestEndsAfterConnectionIdleTimeout() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().idle(500));
                FrontEnd fresh = server.connect();
                FrontEnd used = server.connect();
                FrontEnd busy = server.connect()) {
            busy.send(Sent.get(1, true));
            Handled running = server.take();
            used.send(Sent.get(1, true));
            Handled request = server.take();
            server.run(() -> request.answer("then idle"));
            assertEquals("then idle", used.answer(1).body());
            used.assertEnded();
            fresh.assertEnded();
            server.pass(600);
            server.run(() -> running.answer("was not idle"));
            assertEquals("was not idle", busy.answer(1).body());
            busy.assertEnded();
            assertEquals(List.of(), server.failures);
        }
    }

    @Test
    void aConnectionInUseNowAndThenIsNotIdle() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().idle(1000));
                FrontEnd client = server.connect()) {
            server.handler = request -> request.answer("again");
            for (int i = 0; i < 6; i++) {
                assertEquals("again", client.send(Sent.get(1, true)).answer(1).body());
                server.pass(250);
            }
        }
    }

    @Test
    void drainingEndsIdleConnectionsNowAndBusyOnesWithTheirAnswer() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd idle = server.connect();
                FrontEnd busy = server.connect()) {
            busy.send(Sent.head(1, true, 3));
            Handled request = server.take();
            server.await(() -> server.shared.budget().open() == 2);
            server.drain();
            idle.assertEnded();
            busy.send(new Sent().stdin(1, "abc").stdinEnd(1));
            server.run(request::count);
            assertEquals("3", busy.answer(1).body());
            busy.assertEnded();
        }
    }
}
