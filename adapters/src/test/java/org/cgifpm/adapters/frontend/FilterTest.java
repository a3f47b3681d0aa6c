package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.adapters.frontend.RunningListener.Setup;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.cgifpm.protocol.fastcgi.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of the role FILTER (FastCGI 1.0, 6.4): what holds for STDIN holds for the DATA behind it. */
class FilterTest {
    private static final int MEGABYTE = 1 << 20;
    private static final int BOUND = ConnectionLimits.BODY_MEMORY + SharedBuffers.READ_SIZE;

    private static RunningListener on(Setup setup) throws java.io.IOException {
        return new RunningListener(setup.everyRole());
    }

    private static RequestBody data(Handled request) {
        return Objects.requireNonNull(request.exchange.data());
    }

    private static byte[] randomBytes(int count, int seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void hasBothStreamsByteForByteAndItsConnectionStays(boolean unix) throws Exception {
        byte[] form = randomBytes(300_000, 1);
        byte[] file = randomBytes(3 * MEGABYTE, 2);
        try (RunningListener server = on(Setup.of(unix));
                FrontEnd client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(Sent.filter(1, true, form, file));
                Handled request = server.take();
                assertEquals(Role.FILTER, request.exchange.role());
                Eater body = new Eater(request.exchange.body());
                Eater data = new Eater(data(request));
                server.run(() -> body.eat(Integer.MAX_VALUE));
                server.await(() -> body.ends == 1);
                server.run(() -> data.eat(Integer.MAX_VALUE));
                server.await(() -> data.ends == 1);
                assertEquals(text(form), body.text());
                assertEquals(text(file), data.text());
                assertEquals(1, server.ask(() -> request.bodyReceivedTimes));
                server.run(() -> request.answer("filtered"));
                assertEquals("filtered", client.answer(1).body());
            }
            assertEquals(0, server.spoolFiles());
            assertEquals(1, server.connections());
        }
    }

    @Test
    void isHandledWithItsParamsAndHasItsInputWhenBothStreamsHaveEnded() throws Exception {
        try (RunningListener server = on(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.filterHead(1, true, 5));
            Handled request = server.take();
            assertTrue(server.ask(() -> data(request).expected()));
            client.send(new Sent().stdin(1, "12345").stdinEnd(1));
            server.await(() -> request.exchange.body().hasEnded());
            assertFalse(server.ask(() -> data(request).hasEnded()));
            assertEquals(0, server.ask(() -> request.bodyReceivedTimes));
            client.send(new Sent().dataEnd(1));
            server.await(() -> data(request).hasEnded());
            assertFalse(server.ask(() -> data(request).expected()), "it ended empty");
            assertEquals(1, server.ask(() -> request.bodyReceivedTimes));
            client.send(new Sent().dataEnd(1).stdinEnd(1));
            server.turns(3);
            assertEquals(1, server.ask(() -> request.bodyReceivedTimes));
            server.run(request::filter);
            assertEquals("5 and 0", client.answer(1).body());
            assertEquals(List.of(), server.failures);
        }
    }

    @Test
    void isWholeWhereverItsRecordsAreCut() throws Exception {
        byte[] request = Sent.filter(1, false, new byte[3], new byte[4]).bytes();
        try (RunningListener server = on(Setup.onUnix())) {
            server.handler = Handled::filter;
            for (int length = 0; length < request.length; length++) {
                try (FrontEnd client = server.connect()) {
                    client.send(Arrays.copyOf(request, length));
                    server.turns(1);
                    client.send(Arrays.copyOfRange(request, length, request.length));
                    assertEquals("3 and 4", client.answer(1).body(), "cut after " + length + " bytes");
                }
            }
        }
    }

    @Test
    void isAbortedByAHalfCloseBeforeItsDataHasEndedAndNotAfter() throws Exception {
        try (RunningListener server = on(Setup.onUnix());
                FrontEnd early = server.connect();
                FrontEnd whole = server.connect()) {
            early.send(Sent.filterHead(1, true, 0).stdinEnd(1).data(1, new byte[10]));
            Handled first = server.take();
            early.halfClose();
            server.await(() -> first.aborted != null);
            early.awaitEnd();

            whole.send(Sent.filter(1, true, new byte[2], new byte[3]));
            whole.halfClose();
            Handled second = server.take();
            server.turns(3);
            assertNull(second.aborted);
            server.run(second::filter);
            assertEquals("2 and 3", whole.answer(1).body());
        }
    }

    /** STDIN was taken; DATA alone stops the connection, and what is kept of it is what is kept of a body. */
    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void dataThatNobodyTakesPausesItsConnection(boolean unix) throws Exception {
        byte[] records = new Sent().data(1, new byte[64 * MEGABYTE]).dataEnd(1).bytes();
        try (RunningListener server = on(Setup.of(unix));
                FrontEnd client = server.connect()) {
            client.send(Sent.filterHead(1, false, 10).stdin(1, new byte[10]).stdinEnd(1));
            Handled request = server.take();
            server.run(() -> request.eat(10));
            int sent = sendUntilItIsTakenNoMore(server, client, records, 0);
            long kept = server.ask(() -> data(request).received());
            assertTrue(kept <= BOUND, kept + " bytes kept, at most " + BOUND);
            assertTrue(kept >= ConnectionLimits.BODY_MEMORY, kept + " bytes kept");
            assertTrue(sent < 32 * MEGABYTE, sent + " bytes taken from the client");
            assertEquals(0, server.spoolFiles());

            Eater data = new Eater(data(request));
            server.run(() -> data.eat(MEGABYTE));
            sendUntilItIsTakenNoMore(server, client, records, sent);
            server.await(() -> data.eaten() == MEGABYTE);
            long keptNow = server.ask(() -> data(request).received()) - MEGABYTE;
            assertTrue(keptNow <= BOUND, keptNow + " bytes kept, at most " + BOUND);
            server.run(() -> request.answer("enough"));
            assertEquals("enough", client.answer(1).body());
        }
    }

    private static int sendUntilItIsTakenNoMore(RunningListener server, FrontEnd client, byte[] records, int from)
            throws Exception {
        int sent = from;
        int idle = 0;
        // TCP moves bytes from one socket's buffer to the other's when it likes: a few empty turns are no proof.
        while (idle < 50 && sent < records.length) {
            int count = client.sendSome(records, sent);
            sent += count;
            idle = count == 0 ? idle + 1 : 0;
            server.turns(2);
        }
        return sent;
    }

    @Test
    void dataThatNobodyTakesBlocksNoOtherRequest() throws Exception {
        byte[] form = randomBytes(MEGABYTE, 3);
        byte[] file = randomBytes(MEGABYTE, 4);
        try (RunningListener server = on(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.filterHead(1, false, form.length).and(Sent.head(2, false, 5)));
            Handled stalled = server.take();
            Handled other = server.take();
            client.send(new Sent().stdin(1, form).stdinEnd(1).data(1, file));
            client.send(new Sent().stdin(2, "12345").stdinEnd(2));
            server.run(other::count);
            assertEquals("5", client.answer(2).body());
            assertEquals(2, server.spoolFiles(), "one for each stream");

            Eater body = new Eater(stalled.exchange.body());
            Eater data = new Eater(data(stalled));
            server.run(() -> body.eat(Integer.MAX_VALUE));
            server.await(() -> body.ends == 1);
            assertEquals(1, server.spoolFiles());
            server.run(() -> data.eat(Integer.MAX_VALUE));
            server.await(() -> data.eaten() == file.length);
            assertEquals(0, server.spoolFiles());
            client.send(new Sent().data(1, file).dataEnd(1));
            server.await(() -> data.ends == 1);
            assertEquals(text(form), body.text());
            assertEquals(text(file) + text(file), data.text());
            server.run(() -> stalled.answer("whole"));
            assertEquals("whole", client.answer(1).body());
        }
    }

    @Test
    void dataThatCannotBeKeptEndsItsRequestOnly() throws Exception {
        FailingLibc libc = new FailingLibc();
        try (RunningListener server = on(Setup.onUnix().on(libc.syscalls()));
                FrontEnd client = server.connect()) {
            client.send(Sent.filterHead(1, true, 0).stdinEnd(1).and(Sent.head(2, true, 5)));
            Handled stalled = server.take();
            Handled other = server.take();
            libc.fail("openat", Errno.ENOSPC, 1);
            client.send(new Sent().data(1, new byte[MEGABYTE]).dataEnd(1));
            client.send(new Sent().stdin(2, "12345").stdinEnd(2));
            server.run(other::count);
            assertEquals("5", client.answer(2).body());
            assertEquals("Status: 503 Service Unavailable", client.answer(1).status());
            assertTrue(server.ask(() -> String.valueOf(stalled.aborted)).contains("ENOSPC"), stalled.aborted);
        }
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void anEarlyAnswerArrivesWholeAndLeavesAKeptConnectionFitForTheNext(boolean unix) throws Exception {
        try (RunningListener server = on(Setup.of(unix).linger(1000).idle(5_000));
                FrontEnd client = server.connect()) {
            for (int i = 0; i < 10; i++) {
                client.send(Sent.filterHead(1, true, 3).stdin(1, "abc").stdinEnd(1));
                client.send(new Sent().data(1, new byte[MEGABYTE]));
                Handled early = server.take();
                server.await(() -> data(early).received() == MEGABYTE);
                assertEquals(1, server.spoolFiles());
                server.run(() -> early.answer("from the cache"));
                assertEquals(0, server.spoolFiles());
                assertEquals("from the cache", client.answer(1).body());
                client.send(new Sent().data(1, new byte[MEGABYTE]).dataEnd(1));
            }
            server.pass(1200);
            server.handler = Handled::filter;
            client.send(Sent.filter(1, true, new byte[3], new byte[4]));
            assertEquals("3 and 4", client.answer(1).body());
            server.pass(1200);
            client.send(Sent.filter(1, true, new byte[3], new byte[4]));
            assertEquals("3 and 4", client.answer(1).body());
        }
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void anEarlyAnswerArrivesAlthoughDataGoesOnForAWhileAfterIt(boolean unix) throws Exception {
        String answer = "x".repeat(10_000);
        try (RunningListener server = on(Setup.of(unix))) {
            server.handler = early -> early.answer(answer);
            for (int i = 0; i < 20; i++) {
                try (FrontEnd client = server.connect()) {
                    client.send(Sent.filterHead(1, false, 0).stdinEnd(1));
                    server.turns(3);
                    client.send(new Sent().data(1, new byte[3 * MEGABYTE]).dataEnd(1));
                    assertEquals(answer, client.answer(1).body(), "answer " + i);
                    client.assertEnded();
                }
            }
        }
    }

    @ParameterizedTest(name = "keep {0}")
    @ValueSource(booleans = {true, false})
    void dataThatNeverEndsHoldsAnAnsweredConnectionNoLongerThanLingerTimeout(boolean keep) throws Exception {
        try (RunningListener server = on(Setup.onTcp().linger(50));
                FrontEnd client = server.connect()) {
            server.handler = early -> early.answer("early");
            client.send(Sent.filterHead(1, keep, 0).stdinEnd(1).data(1, new byte[10]));
            assertEquals("early", client.answer(1).body());
            client.awaitEnd();
            server.await(() -> server.shared.budget().open() == 0);
        }
    }

    @Test
    void anAbortInTheMiddleOfDataLeavesTheConnectionFitForTheNext() throws Exception {
        try (RunningListener server = on(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.filterHead(1, true, 0).stdinEnd(1).data(1, new byte[MEGABYTE]));
            Handled request = server.take();
            server.await(() -> data(request).received() == MEGABYTE);
            assertEquals(1, server.spoolFiles());
            client.send(new Sent().abort(1));
            assertTrue(client.answer(1).is(ProtocolStatus.REQUEST_COMPLETE));
            assertEquals("the front end sent ABORT_REQUEST", server.ask(() -> request.aborted));
            assertEquals(0, server.spoolFiles());

            client.send(new Sent().data(1, new byte[10]).dataEnd(1));
            client.send(Sent.filter(1, true, new byte[3], new byte[4]));
            Handled next = server.take();
            server.run(next::filter);
            assertEquals("3 and 4", client.answer(1).body());
            assertEquals(List.of(), server.failures);
        }
    }

    @Test
    void aConnectionThatBreaksInTheMiddleOfDataAborts() throws Exception {
        try (RunningListener server = on(Setup.onUnix())) {
            Handled request;
            try (FrontEnd client = server.connect()) {
                client.send(Sent.filterHead(1, true, 0).stdinEnd(1).data(1, new byte[MEGABYTE]));
                request = server.take();
                server.await(() -> data(request).received() == MEGABYTE);
            }
            server.await(() -> request.aborted != null);
            assertEquals(0, server.spoolFiles());
        }
    }

    @Test
    void eachStreamMayBeAsLongAsRequestBodyMax() throws Exception {
        try (RunningListener server = on(Setup.onUnix().bodies(100_000));
                FrontEnd client = server.connect()) {
            client.send(Sent.filter(1, true, new byte[100_000], new byte[100_000]));
            Handled fits = server.take();
            server.run(fits::filter);
            assertEquals("100000 and 100000", client.answer(1).body());
            assertFalse(fits.bodyTooLarge);
        }
    }

    @Test
    void eitherStreamAboveRequestBodyMaxIsToldOnceAndBothAreThrownAway() throws Exception {
        try (RunningListener server = on(Setup.onUnix().bodies(100_000));
                FrontEnd client = server.connect()) {
            for (int[] lengths : new int[][] {{0, 100_001}, {100_001, 0}, {100_001, 100_001}}) {
                client.send(Sent.filterHead(1, true, 0));
                Handled request = server.take();
                client.send(new Sent().stdin(1, new byte[lengths[0]]).stdinEnd(1));
                client.send(new Sent().data(1, new byte[lengths[1]]));
                server.await(() -> request.bodyTooLarge);
                client.send(new Sent().data(1, new byte[500_000]));
                server.await(() -> data(request).received() == lengths[1] + 500_000);
                assertEquals(1, request.bodyTooLargeTimes);
                assertEquals(0, server.spoolFiles());
                server.run(() -> request.answer("413"));
                assertEquals("413", client.answer(1).body());
                client.send(new Sent().dataEnd(1));
            }
            server.handler = Handled::filter;
            client.send(Sent.filter(1, true, new byte[3], new byte[4]));
            assertEquals("3 and 4", client.answer(1).body());
        }
    }

    @Test
    void dataOfRequestsThatAreUnknownIsIgnored() throws Exception {
        try (RunningListener server = on(Setup.onUnix());
                FrontEnd client = server.connect()) {
            server.handler = Handled::filter;
            client.send(new Sent().data(9, new byte[10]).dataEnd(9));
            client.send(Sent.filter(1, true, new byte[3], new byte[4]));
            assertEquals("3 and 4", client.answer(1).body());
            client.send(new Sent().data(1, new byte[10]).dataEnd(1));
            client.send(Sent.filter(1, true, new byte[5], new byte[6]));
            assertEquals("5 and 6", client.answer(1).body());
            assertEquals(List.of(), server.failures);
        }
    }
}
