package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.cgifpm.adapters.frontend.FrontEnd.Received;
import org.cgifpm.adapters.frontend.RunningListener.Setup;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {
    private static final int GET_VALUES_RESULT = 10;
    private static final int UNKNOWN_TYPE = 11;

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void answersManyRequestsOnOneConnectionThatIsKept(boolean unix) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix));
                FrontEnd client = server.connect()) {
            server.handler = request -> request.answer("number " + request.exchange.id());
            for (int i = 1; i <= 500; i++) {
                int id = 1 + i % 3;
                FrontEnd.Answer answer = client.send(Sent.get(id, true)).answer(id);

                assertEquals("number " + i, answer.body());
                assertEquals("Status: 200 OK", answer.status());
                assertTrue(answer.is(ProtocolStatus.REQUEST_COMPLETE));
            }
            assertEquals(1, server.connections());
        }
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void endsAConnectionThatIsNotToBeKept(boolean unix) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix));
                FrontEnd client = server.connect()) {
            server.handler = request -> request.answer("bye");

            assertEquals("bye", client.send(Sent.get(1, false)).answer(1).body());
            client.assertEnded();
        }
    }

    @Test
    void passesTheExitStatusOn() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            server.handler = request -> {
                request.head();
                request.exchange.end(3);
            };
            assertEquals(3, client.send(Sent.get(1, false)).answer(1).appStatus());
        }
    }

    @Test
    void showsTheParamsInTheirOrderAndTheBodyByteForByte() throws Exception {
        byte[] body = new byte[256];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) i;
        }
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(new Sent()
                    .begin(7, true)
                    .params(7, "A", "\u00e9\u0080", "EMPTY", "", "A", "x".repeat(300), "CONTENT_LENGTH", "256")
                    .stdin(7, body)
                    .stdinEnd(7));
            Handled request = server.take();
            server.run(request::count);

            assertEquals("256", client.answer(7).body());
            assertEquals("x".repeat(300), request.exchange.params().getOrEmpty("A"));
            assertArrayEquals(body, request.body().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void handlesARequestAsSoonAsItsParamsAreComplete() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, 10));
            Handled request = server.take();
            assertTrue(server.ask(() -> request.exchange.body().expected()));
            assertFalse(server.ask(() -> request.bodyEnded));

            server.run(request::echo);
            client.send(new Sent().stdin(1, "hello"));
            assertEquals(
                    "Status: 200 OK\r\nContent-Type: text/plain\r\n\r\n",
                    client.record().text());
            assertEquals("hello", client.record().text());
            client.send(new Sent().stdin(1, "world").stdinEnd(1));
            assertEquals("world", client.answer(1).stdout());
        }
    }

    @Test
    void expectsNoBodyOfAGetWithoutLength() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(new Sent().begin(1, true).params(1, "REQUEST_METHOD", "GET"));
            Handled request = server.take();
            assertFalse(server.ask(() -> request.exchange.body().expected()));
            server.run(() -> request.answer("at once"));
            assertEquals("at once", client.answer(1).body());

            client.send(new Sent().stdinEnd(1).and(Sent.get(1, true)));
            Handled next = server.take();
            server.run(() -> next.answer("again"));
            assertEquals("again", client.answer(1).body());
        }
    }

    @Test
    void bodyBytesThatComeBeforeTheParamsSayThereAreNoneHoldUpNothing() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            server.handler = request -> request.answer("fine");
            client.send(new Sent().begin(1, false).stdin(1, new byte[100_000]).params(1, "REQUEST_METHOD", "GET"));
            client.send(new Sent().stdin(1, new byte[400_000]).stdinEnd(1));
            assertEquals("fine", client.answer(1).body());
        }
    }

    @Test
    void answersGetValuesBeforeBetweenAndAfterRequests() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().connections(64));
                FrontEnd client = server.connect()) {
            Sent question = new Sent().getValues("FCGI_MAX_CONNS", "NO_SUCH", "FCGI_MPXS_CONNS", "FCGI_MAX_REQS");
            String expected = "\u000e\u0002FCGI_MAX_CONNS64\u000f\u0001FCGI_MPXS_CONNS1\r\u0002FCGI_MAX_REQS80";
            for (int i = 0; i < 2; i++) {
                Received before = client.send(question).record();
                assertEquals(GET_VALUES_RESULT, before.type());
                assertEquals(0, before.id());
                assertEquals(expected, before.text());

                client.send(Sent.head(1, true, 5));
                Handled request = server.take();
                assertEquals(expected, client.send(question).record().text());

                server.run(request::count);
                client.send(new Sent().stdin(1, "12345").stdinEnd(1));
                assertEquals("5", client.answer(1).body());
            }
        }
    }

    @Test
    void answersAnEmptyGetValuesWithAnEmptyResult() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            for (Sent question : List.of(new Sent().getValues(), new Sent().getValues("WHAT", "EVER"))) {
                Received result = client.send(question).record();
                assertEquals(GET_VALUES_RESULT, result.type());
                assertEquals("", result.text());
            }
        }
    }

    @Test
    void namesManagementRecordsThatItDoesNotKnow() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            for (int type : new int[] {12, 99, 255}) {
                Received result =
                        client.send(new Sent().record(type, 0, new byte[77])).record();
                assertEquals(UNKNOWN_TYPE, result.type());
                assertArrayEquals(new byte[] {(byte) type, 0, 0, 0, 0, 0, 0, 0}, result.content());
            }
            server.handler = request -> request.answer("still here");
            assertEquals("still here", client.send(Sent.get(1, true)).answer(1).body());
        }
    }

    @ParameterizedTest(name = "role {0}")
    @ValueSource(ints = {0, 2, 3, 4, 65535})
    void refusesEveryRoleButResponder(int role) throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            server.handler = request -> request.answer("responder");
            client.send(new Sent().begin(1, role, true));
            assertTrue(client.answer(1).is(ProtocolStatus.UNKNOWN_ROLE));
            client.send(new Sent().params(1, "A", "B").stdin(1, "body").stdinEnd(1));
            client.send(Sent.get(1, true));
            assertEquals("responder", client.answer(1).body());
            assertTrue(server.nothingHandled());
        }
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void theRefusalOfARoleArrivesAlthoughTheRestOfTheRequestIsStillComing(boolean unix) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix))) {
            for (int i = 0; i < 50; i++) {
                try (FrontEnd client = server.connect()) {
                    client.send(new Sent().begin(1, 2, false));
                    server.turns(2);
                    client.send(new Sent()
                            .params(1, "A", "B")
                            .stdin(1, new byte[2000])
                            .stdinEnd(1));
                    assertTrue(client.answer(1).is(ProtocolStatus.UNKNOWN_ROLE));
                    client.assertEnded();
                }
            }
        }
    }

    /** The connection ends with the refusal, so nobody would hear an answer to what comes behind it. */
    @Test
    void takesNoRequestBehindARefusalThatEndsTheConnection() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(new Sent().begin(1, 2, false).and(Sent.get(2, false)));
            assertTrue(client.answer(1).is(ProtocolStatus.UNKNOWN_ROLE));
            client.assertEnded();
            assertTrue(server.nothingHandled());
        }
    }

    @Test
    void ignoresParamsAndBodyOfRequestsThatItDoesNotKnow() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            server.handler = request -> request.answer("known");
            client.send(
                    new Sent().params(9, "A", "B").stdin(9, "body").stdinEnd(9).abort(9));
            client.send(Sent.get(1, true));
            assertEquals("known", client.answer(1).body());
            client.send(new Sent().stdin(1, "late").stdinEnd(1).and(Sent.get(2, true)));
            assertEquals("known", client.answer(2).body());
            assertEquals(List.of(), server.failures);
        }
    }

    @Test
    void ignoresTheDataStreamThatOnlyAFilterHas() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            server.handler = request -> request.answer("fine");
            client.send(Sent.head(1, true, 0)
                    .record(8, 1, new byte[100])
                    .record(8, 1, new byte[0])
                    .stdinEnd(1));
            assertEquals("fine", client.answer(1).body());
        }
    }

    @Test
    void tellsOfParamsAboveTheLimitsAndGoesOnWithTheConnection() throws Exception {
        String[] many = new String[2 * (ConnectionLimits.MAX_PARAMS + 1)];
        java.util.Arrays.fill(many, "N");
        for (Sent tooMuch : List.of(
                new Sent().begin(1, true).params(1, many).stdinEnd(1),
                new Sent()
                        .begin(1, true)
                        .params(1, "BIG", "x".repeat(ConnectionLimits.MAX_PARAMS_BYTES))
                        .stdinEnd(1))) {
            try (RunningListener server = new RunningListener(Setup.onUnix());
                    FrontEnd client = server.connect()) {
                client.send(tooMuch);
                Handled request = server.take();
                assertNotNull(request.tooLarge);
                server.run(() -> request.answer("431"));
                assertEquals("431", client.answer(1).body());

                client.send(Sent.get(1, true));
                Handled next = server.take();
                assertNull(next.tooLarge);
                server.run(() -> next.answer("fine"));
                assertEquals("fine", client.answer(1).body());
            }
        }
    }

    @Test
    void tellsOfABodyAboveRequestBodyMaxOnceAndThrowsTheRestAway() throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().bodies(100_000));
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, 100_000).stdin(1, new byte[100_000]).stdinEnd(1));
            Handled fits = server.take();
            server.run(fits::count);
            assertEquals("100000", client.answer(1).body());
            assertFalse(fits.bodyTooLarge);

            client.send(new Sent().begin(1, true).params(1, "REQUEST_METHOD", "POST"));
            Handled request = server.take();
            client.send(new Sent().stdin(1, new byte[100_001]));
            server.await(() -> request.bodyTooLarge);
            client.send(new Sent().stdin(1, new byte[500_000]));
            server.run(() -> request.answer("413"));
            assertEquals("413", client.answer(1).body());
            client.send(new Sent().stdinEnd(1).and(Sent.get(2, true)));
            Handled next = server.take();
            server.run(() -> next.answer("fine"));
            assertEquals("fine", client.answer(2).body());
        }
    }
}
