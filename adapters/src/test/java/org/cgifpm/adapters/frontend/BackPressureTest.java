package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.cgifpm.adapters.frontend.RunningListener.Setup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackPressureTest {
    private static final int SIXTY_FOUR_MEGABYTES = 64 << 20;

    /**
     * The bound: what one request keeps in memory is BODY_MEMORY and what the read that filled it brought, 128 kB in
     * all; everything else stays in the kernel's socket buffers and with the client.
     */
    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void aBodyThatNobodyTakesPausesItsConnection(boolean unix) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix));
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, false, SIXTY_FOUR_MEGABYTES));
            Handled request = server.take();
            byte[] body = new Sent()
                    .stdin(1, new byte[SIXTY_FOUR_MEGABYTES])
                    .stdinEnd(1)
                    .bytes();
            int sent = sendUntilItIsTakenNoMore(server, client, body);

            long kept = server.ask(() -> request.exchange.body().received());
            int bound = ConnectionLimits.BODY_MEMORY + SharedBuffers.READ_SIZE;
            assertTrue(kept <= bound, kept + " bytes kept, at most " + bound);
            assertTrue(kept >= ConnectionLimits.BODY_MEMORY, kept + " bytes kept");
            assertTrue(sent < SIXTY_FOUR_MEGABYTES / 2, sent + " bytes taken from the client");
            assertEquals(0, server.spoolFiles());

            server.run(() -> request.eat(1_000_000));
            sendUntilItIsTakenNoMore(server, client, body, sent);
            server.await(() -> request.eaten() == 1_000_000);
            long keptNow = server.ask(() -> request.exchange.body().received()) - 1_000_000;
            assertTrue(keptNow <= bound, keptNow + " bytes kept, at most " + bound);
            server.run(() -> request.answer("enough"));
            assertEquals("enough", client.answer(1).body());
        }
    }

    private static int sendUntilItIsTakenNoMore(RunningListener server, FrontEnd client, byte[] body) throws Exception {
        return sendUntilItIsTakenNoMore(server, client, body, 0);
    }

    private static int sendUntilItIsTakenNoMore(RunningListener server, FrontEnd client, byte[] body, int from)
            throws Exception {
        int sent = from;
        int idle = 0;
        // TCP moves bytes from one socket's buffer to the other's when it likes: a few empty turns are no proof.
        while (idle < 50 && sent < body.length) {
            int count = client.sendSome(body, sent);
            sent += count;
            idle = count == 0 ? idle + 1 : 0;
            server.turns(2);
        }
        return sent;
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void aClientThatDoesNotReadStopsTheHandlerAfterOutputMemory(boolean unix) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix));
                FrontEnd client = server.connect()) {
            client.send(Sent.get(1, true));
            Handled request = server.take();
            server.run(() -> request.stream(SIXTY_FOUR_MEGABYTES));
            server.await(() -> request.exchange.room() == 0);
            long before = -1;
            long now = 0;
            while (now != before) {
                before = now;
                server.turns(20);
                now = server.ask(() -> request.exchange.bytesWritten());
            }
            assertTrue(now < SIXTY_FOUR_MEGABYTES / 2, now + " bytes written");
            assertNull(request.aborted);

            String body = client.answer(1).body();
            assertEquals(SIXTY_FOUR_MEGABYTES, body.length());
        }
    }

    @Test
    void roomIsNeverAboveOutputMemoryAndGrowsOnlyAsTheClientReads() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.get(1, true).and(Sent.get(2, true)));
            Handled first = server.take();
            Handled second = server.take();
            assertEquals(ConnectionLimits.OUTPUT_MEMORY, server.ask(() -> first.exchange.room()));
            server.run(() -> first.stream(3 << 20));
            server.await(() -> first.exchange.room() == 0);
            assertEquals(0, server.ask(() -> second.exchange.room()));
            assertEquals(3 << 20, client.answer(1).body().length());
            server.await(() -> second.exchange.room() == ConnectionLimits.OUTPUT_MEMORY);
        }
    }

    @Test
    void aPeerThatOnlyAsksAndNeverReadsIsNotReadAnyMore() throws Exception {
        byte[] questions = manyQuestions();
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            int sent = sendUntilItIsTakenNoMore(server, client, questions);
            assertTrue(sent < questions.length, "all questions were taken");
        }
    }

    private static byte[] manyQuestions() {
        Sent questions = new Sent();
        for (int i = 0; i < 200_000; i++) {
            questions.getValues("FCGI_MAX_CONNS", "FCGI_MAX_REQS", "FCGI_MPXS_CONNS");
        }
        return questions.bytes();
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void echoesAllOfALargeBodyWhileItStillComes(boolean unix) throws Exception {
        byte[] body = new byte[8 << 20];
        new java.util.Random(5).nextBytes(body);
        try (RunningListener server = new RunningListener(Setup.of(unix));
                FrontEnd client = server.connect()) {
            server.handler = Handled::echo;
            String sent = new String(body, java.nio.charset.StandardCharsets.ISO_8859_1);
            assertEquals(
                    sent, client.answerWhileSending(Sent.post(1, false, body)).body());
        }
    }

    @Test
    void anAnswerThatNobodyTakesForConnectionIdleTimeoutIsGivenUp() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().idle(400));
                FrontEnd client = server.connect()) {
            client.send(Sent.get(1, false));
            Handled request = server.take();
            server.run(() -> request.stream(Long.MAX_VALUE));
            server.await(() -> request.exchange.room() == 0);
            server.run(() -> request.exchange.end(0));
            server.await(() -> server.shared.budget().open() == 0);
            client.awaitEnd();
        }
    }

    @Test
    void anAnswerGoesOnWhileAClientReadsSlowerThanLingerTimeout() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().linger(50));
                FrontEnd client = server.connect()) {
            client.send(Sent.get(1, false));
            Handled request = server.take();
            server.run(() -> request.stream(Long.MAX_VALUE));
            server.await(() -> request.exchange.room() == 0);
            server.run(() -> request.exchange.end(0));
            server.pass(150);
            assertEquals(
                    server.ask(request.exchange::bytesWritten),
                    client.answer(1).body().length());
            client.assertEnded();
        }
    }
}
