package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.cgifpm.adapters.frontend.RunningListener.Setup;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to requests whose body nobody reads. */
class EarlyAnswerTest {
    private static final int THREE_MEGABYTES = 3 << 20;
    private static final String ANSWER = "x".repeat(10_000);

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void arriveWholeAHundredTimesOfAHundredBeforeTheConnectionEnds(boolean unix) throws Exception {
        byte[] request = Sent.post(1, false, new byte[THREE_MEGABYTES]).bytes();
        try (RunningListener server = new RunningListener(Setup.of(unix))) {
            server.handler = early -> early.answer(ANSWER);
            for (int i = 0; i < 100; i++) {
                try (FrontEnd client = server.connect()) {
                    // As front ends do: all of the body first, then a look at the answer.
                    client.send(request);
                    assertEquals(ANSWER, client.answer(1).body(), "answer " + i);
                    client.assertEnded();
                }
            }
        }
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void arriveWholeAlthoughTheBodyGoesOnForAWhileAfterThem(boolean unix) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix))) {
            server.handler = early -> early.answer(ANSWER);
            for (int i = 0; i < 20; i++) {
                try (FrontEnd client = server.connect()) {
                    client.send(Sent.head(1, false, THREE_MEGABYTES).stdin(1, new byte[10]));
                    server.turns(3);
                    client.send(
                            new Sent().stdin(1, new byte[THREE_MEGABYTES - 10]).stdinEnd(1));
                    assertEquals(ANSWER, client.answer(1).body(), "answer " + i);
                    client.assertEnded();
                }
            }
        }
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void leaveAKeptConnectionFitForTheNextRequest(boolean unix) throws Exception {
        try (RunningListener server =
                        new RunningListener(Setup.of(unix).linger(1000).idle(5_000));
                FrontEnd client = server.connect()) {
            server.handler = early -> early.answer(ANSWER);
            for (int i = 0; i < 10; i++) {
                client.send(Sent.head(1, true, THREE_MEGABYTES).stdin(1, new byte[10]));
                assertEquals(ANSWER, client.answer(1).body());
                client.send(new Sent().stdin(1, new byte[THREE_MEGABYTES - 10]).stdinEnd(1));
            }
            server.handler = Handled::count;
            assertEquals(
                    "3", client.send(Sent.post(1, true, new byte[3])).answer(1).body());
            server.pass(1200);
            assertEquals(
                    "3", client.send(Sent.post(1, true, new byte[3])).answer(1).body());
        }
    }

    @ParameterizedTest(name = "keep {0}")
    @ValueSource(booleans = {true, false})
    void doNotHoldAConnectionLongerThanLingerTimeout(boolean keep) throws Exception {
        try (RunningListener server = new RunningListener(Setup.onTcp().linger(50));
                FrontEnd client = server.connect()) {
            server.handler = early -> early.answer(ANSWER);
            client.send(Sent.head(1, keep, THREE_MEGABYTES));
            assertEquals(ANSWER, client.answer(1).body());
            client.awaitEnd();
            server.await(() -> server.shared.budget().open() == 0);
        }
    }

    @ParameterizedTest(name = "keep {0}")
    @ValueSource(booleans = {true, false})
    void doNotMakeAConnectionStayForEverWhenAnotherRequestEndsAfterThem(boolean keep) throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix().linger(50));
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, keep, THREE_MEGABYTES).and(Sent.get(2, keep)));
            Handled early = server.take();
            Handled other = server.take();
            server.run(() -> early.answer("early"));
            server.run(() -> other.answer("later"));
            assertEquals("early", client.answer(1).body());
            assertEquals("later", client.answer(2).body());
            client.awaitEnd();
        }
    }

    @ParameterizedTest(name = "keep {0}")
    @ValueSource(booleans = {true, false})
    void arriveWholeWhenTheFrontEndGivesUpItsBody(boolean keep) throws Exception {
        try (RunningListener server = new RunningListener(Setup.onUnix());
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, keep, THREE_MEGABYTES).stdin(1, new byte[10]));
            Handled early = server.take();
            server.run(() -> early.stream(Long.MAX_VALUE));
            server.await(() -> early.exchange.room() == 0);
            server.run(() -> early.exchange.end(0));
            // Some of it waits for the client when the client ends its side, which is no reason to lose it.
            client.halfClose();
            server.turns(3);
            assertEquals(
                    server.ask(early.exchange::bytesWritten),
                    client.answer(1).body().length());
        }
    }

    /** A front end that says by ABORT_REQUEST that no more of the body comes has a connection that it may use again. */
    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void endTheirLingeringWithAnAbort(boolean unix) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix).linger(500));
                FrontEnd client = server.connect()) {
            server.handler = request -> request.answer("answer");
            client.send(Sent.head(1, true, 100));
            assertEquals("answer", client.answer(1).body());
            client.send(new Sent().abort(1));
            server.turns(2);
            server.pass(700);
            client.send(Sent.get(1, true));
            assertEquals("answer", client.answer(1).body());
        }
    }
}
