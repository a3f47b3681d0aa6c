package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cgifpm.adapters.frontend.RunningListener.Setup;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultiplexingTest {
    private static final int MEGABYTE = 1 << 20;

    @ParameterizedTest(name = "keep {0}")
    @ValueSource(booleans = {true, false})
    void aRequestThatTakesNothingBlocksNoOther(boolean keep) throws Exception {
        byte[] body = randomBytes(MEGABYTE);
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, keep, body.length).and(Sent.head(2, keep, 5)));
            Handled stalled = server.take();
            Handled other = server.take();
            client.send(new Sent().stdin(1, body).stdinEnd(1));
            client.send(new Sent().stdin(2, "12345").stdinEnd(2));
            server.run(other::count);
            assertEquals("5", client.answer(2).body());
            assertEquals(1, server.spoolFiles());

            server.run(stalled::count);
            assertEquals(Integer.toString(MEGABYTE), client.answer(1).body());
            assertEquals(new String(body, StandardCharsets.ISO_8859_1), stalled.body());
            assertEquals(0, server.spoolFiles());
        }
    }

    @Test
    void aBodyThatComesInDribsBlocksNoOther() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, 200_000));
            Handled stalled = server.take();
            for (int sent = 1000; sent <= ConnectionLimits.BODY_MEMORY + 1000; sent += 1000) {
                client.send(new Sent().stdin(1, new byte[1000]));
                int expected = sent;
                server.await(() -> stalled.exchange.body().received() == expected);
            }
            client.send(Sent.get(2, true));
            Handled other = server.take();
            server.run(() -> other.answer("not blocked"));
            assertEquals("not blocked", client.answer(2).body());
        }
    }

    @Test
    void aKeptConnectionIsNotPausedForItsOnlyRequestBecauseAnotherMayFollow() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, MEGABYTE));
            Handled stalled = server.take();
            client.send(new Sent().stdin(1, new byte[MEGABYTE]).stdinEnd(1));
            client.send(Sent.get(2, true));
            Handled other = server.take();
            server.run(() -> other.answer("not blocked"));
            assertEquals("not blocked", client.answer(2).body());
            server.run(stalled::count);
            assertEquals(Integer.toString(MEGABYTE), client.answer(1).body());
        }
    }

    /** The rest of a body comes after the temporary file has been read empty: it must not wait there. */
    @Test
    void aBodyStreamsOnAfterItsTemporaryFileWasReadEmpty() throws Exception {
        byte[] body = randomBytes(MEGABYTE);
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, body.length + 5));
            Handled request = server.take();
            client.send(new Sent().stdin(1, body));
            server.await(() -> request.exchange.body().received() == body.length);
            assertEquals(1, server.spoolFiles());
            server.run(() -> request.eat(Integer.MAX_VALUE));
            server.await(() -> request.eaten() == body.length);
            client.send(new Sent().stdin(1, "hello"));
            server.await(() -> request.eaten() == body.length + 5);
            assertEquals(new String(body, StandardCharsets.ISO_8859_1) + "hello", request.body());
            assertEquals(0, server.spoolFiles());
            client.send(new Sent().stdinEnd(1));
            server.await(() -> request.bodyEnded);
            server.run(() -> request.answer("done"));
            assertEquals("done", client.answer(1).body());
        }
    }

    @Test
    void theTemporaryFileIsGoneWhenTheBodyIsNotWanted() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix())) {
            try (FrontEnd client = server.connect()) {
                client.send(Sent.head(1, true, MEGABYTE).stdin(1, new byte[MEGABYTE]));
                Handled request = server.take();
                server.await(() -> request.exchange.body().received() == MEGABYTE);
                assertEquals(1, server.spoolFiles());
                server.run(() -> request.answer("no, thank you"));
                assertEquals(0, server.spoolFiles());
                client.send(
                        new Sent().stdinEnd(1).and(Sent.head(1, true, MEGABYTE).stdin(1, new byte[MEGABYTE])));
                Handled next = server.take();
                server.await(() -> next.exchange.body().received() == MEGABYTE);
                assertEquals(1, server.spoolFiles());
            }
            server.await(() -> server.shared.budget().open() == 0);
            assertEquals(0, server.spoolFiles());
        }
    }

    @Test
    void aTemporaryFileThatCannotBeMadeEndsItsRequestOnly() throws Exception {
        FailingLibc libc = new FailingLibc();
        try (RunningListener server = new RunningListener(Setup.onUnix().on(libc.syscalls()));
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, MEGABYTE).and(Sent.head(2, true, 5)));
            Handled stalled = server.take();
            Handled other = server.take();
            libc.fail("openat", org.cgifpm.adapters.os.Errno.ENOSPC, 1);
            client.send(new Sent().stdin(1, new byte[MEGABYTE]).stdinEnd(1));
            client.send(new Sent().stdin(2, "12345").stdinEnd(2));
            server.run(other::count);
            assertEquals("5", client.answer(2).body());
            assertEquals("Status: 503 Service Unavailable", client.answer(1).status());
            assertTrue(server.ask(() -> String.valueOf(stalled.aborted)).contains("ENOSPC"), stalled.aborted);
        }
    }

    @Test
    void answersManyRequestsInTheOrderThatTheyAreReady() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onTcp());
                FrontEnd client = server.connect()) {
            Sent all = new Sent();
            for (int id = 1; id <= 100; id++) {
                all.and(Sent.post(id, true, new byte[id]));
            }
            client.send(all);
            List<Handled> requests = new ArrayList<>();
            for (int id = 1; id <= 100; id++) {
                requests.add(server.take());
            }
            for (int id = 100; id >= 1; id--) {
                server.run(requests.get(id - 1)::count);
            }
            for (int id = 1; id <= 100; id++) {
                assertEquals(Integer.toString(id), client.answer(id).body());
            }
        }
    }

    @Test
    void refusesTheRequestAboveTheMostThatAConnectionCarriesAndNoOther() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            Sent all = new Sent();
            for (int id = 1; id <= ConnectionLimits.MAX_MULTIPLEXED + 1; id++) {
                all.and(Sent.get(id, true));
            }
            client.send(all);
            assertTrue(client.answer(ConnectionLimits.MAX_MULTIPLEXED + 1).is(ProtocolStatus.OVERLOADED));
            for (int id = 1; id <= ConnectionLimits.MAX_MULTIPLEXED; id++) {
                Handled request = server.take();
                server.run(() -> request.answer("taken"));
                assertEquals("taken", client.answer(id).body());
            }
            assertTrue(server.nothingHandled());
        }
    }

    @Test
    void aCutEndsItsRequestWithStatusOneWhileOthersLive() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.get(1, true).and(Sent.get(2, true)));
            Handled broken = server.take();
            Handled whole = server.take();
            server.run(() -> {
                broken.head();
                broken.exchange.cut();
            });
            assertEquals(1, client.answer(1).appStatus());
            server.run(() -> whole.answer("whole"));
            assertEquals("whole", client.answer(2).body());
            client.send(Sent.get(1, true));
            Handled next = server.take();
            server.run(() -> next.answer("the id is free again"));
            assertEquals("the id is free again", client.answer(1).body());
        }
    }

    @Test
    void anAbortEndsItsRequestOnly() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, 100).and(Sent.get(2, true)));
            Handled aborted = server.take();
            Handled other = server.take();
            client.send(new Sent().abort(1));
            assertTrue(client.answer(1).is(ProtocolStatus.REQUEST_COMPLETE));
            assertEquals("the front end sent ABORT_REQUEST", server.ask(() -> aborted.aborted));
            server.run(() -> other.answer("lives"));
            assertEquals("lives", client.answer(2).body());
            assertNull(other.aborted);
        }
    }

    /** After END_REQUEST a front end owes nothing more of that request's body (HAProxy sends none). */
    @Test
    void aBodyThatNeverEndsAfterAnEarlyAnswerHarmsNoOtherRequest() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().linger(500));
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, 100));
            Handled early = server.take();
            server.run(() -> early.answer("early"));
            assertEquals("early", client.answer(1).body());

            client.send(Sent.get(2, true));
            Handled live = server.take();
            server.pass(700);
            assertNull(live.aborted);
            server.run(() -> live.answer("alive"));
            assertEquals("alive", client.answer(2).body());
        }
    }

    @Test
    void earlyAnswersDoNotUseUpWhatAConnectionMayCarry() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().linger(50));
                FrontEnd client = server.connect()) {
            client.send(Sent.get(1000, true));
            Handled live = server.take();
            server.handler = request -> request.answer("early");
            for (int id = 1; id < ConnectionLimits.MAX_MULTIPLEXED; id++) {
                client.send(Sent.head(id, true, 100));
                assertEquals("early", client.answer(id).body());
            }
            server.pass(150);
            client.send(Sent.get(999, true));
            assertEquals("early", client.answer(999).body());
            server.run(() -> live.answer("alive"));
            assertEquals("alive", client.answer(1000).body());
        }
    }

    @Test
    void anIdOfAnEarlyAnswerMayBeUsedAgainBeforeItsBodyHasEnded() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().linger(500));
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, 100));
            Handled early = server.take();
            server.run(() -> early.answer("early"));
            assertEquals("early", client.answer(1).body());

            client.send(Sent.head(1, true, 3));
            Handled live = server.take();
            server.pass(700);
            server.run(live::count);
            client.send(new Sent().stdin(1, "abc").stdinEnd(1));
            assertEquals("3", client.answer(1).body());
        }
    }

    @Test
    void anEndlessAnswerToAFastFrontEndDoesNotStarveOtherConnections() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd greedy = server.connect();
                FrontEnd other = server.connect()) {
            greedy.send(Sent.get(1, true));
            Handled endless = server.take();
            server.handler = request -> request.answer("served");
            Thread reader = new Thread(() -> {
                try {
                    greedy.awaitEnd();
                } catch (java.io.IOException e) {
                    return; // the test's end
                }
            });
            reader.start();
            server.run(() -> endless.stream(Long.MAX_VALUE));
            for (int i = 0; i < 20; i++) {
                assertEquals("served", other.send(Sent.get(1, true)).answer(1).body());
            }
            assertFalse(server.ask(() -> endless.exchange.done()));
            server.run(() -> endless.exchange.cut());
            reader.join(10_000);
            assertFalse(reader.isAlive());
        }
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
