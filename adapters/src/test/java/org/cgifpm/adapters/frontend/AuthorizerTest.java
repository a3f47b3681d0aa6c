package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.cgifpm.adapters.frontend.RunningListener.Setup;
import org.cgifpm.protocol.fastcgi.ProtocolStatus;
import org.cgifpm.protocol.fastcgi.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of the role AUTHORIZER (FastCGI 1.0, 6.3), and which roles a listener takes at all. */
class AuthorizerTest {
    private static RunningListener on(boolean unix) throws java.io.IOException {
        return new RunningListener(Setup.of(unix).everyRole());
    }

    @Test
    void hasNoInputWhateverItsParamsSay() throws Exception {
        try (RunningListener server = on(true);
                FrontEnd client = server.connect()) {
            client.send(Sent.authorize(1, true));
            Handled request = server.take();

            assertEquals(Role.AUTHORIZER, request.exchange.role());
            assertNull(request.exchange.data());
            assertFalse(server.ask(() -> request.exchange.body().expected()));
            assertTrue(server.ask(() -> request.exchange.body().hasEnded()));
            Eater eater = new Eater(request.exchange.body());
            server.run(() -> eater.eat(10));
            assertEquals(1, server.ask(() -> eater.ends));
            boolean[] complete = new boolean[1];
            server.run(() -> request.exchange.body().buffer(() -> complete[0] = true));
            assertTrue(complete[0], "reading it in first waits for nothing");

            server.run(() -> request.answer("allowed"));
            assertEquals("allowed", client.answer(1).body());
        }
    }

    @Test
    void leavesItsConnectionFreeForTheNextRequestRightAfterTheAnswer() throws Exception {
        try (RunningListener server =
                        new RunningListener(Setup.onUnix().everyRole().linger(50));
                FrontEnd client = server.connect()) {
            for (int i = 0; i < 5; i++) {
                server.handler = request -> request.answer("allowed");
                assertEquals(
                        "allowed",
                        client.send(Sent.authorize(1, true)).answer(1).body());
                server.pass(70);
                server.handler = Handled::count;
                client.send(Sent.post(1, true, new byte[7]));
                assertEquals("7", client.answer(1).body());
            }
            assertEquals(1, server.connections());
        }
    }

    @Test
    void ignoresWhatSomeFrontEndsSendAsItsInput() throws Exception {
        try (RunningListener server =
                        new RunningListener(Setup.onUnix().everyRole().bodies(1000));
                FrontEnd client = server.connect()) {
            Sent stray = new Sent()
                    .stdin(1, new byte[200_000])
                    .stdinEnd(1)
                    .stdinEnd(1)
                    .stdin(1, "more")
                    .data(1, new byte[200_000])
                    .dataEnd(1);
            client.send(Sent.authorize(1, true).and(stray));
            Handled before = server.take();
            client.send(stray);
            server.turns(3);
            assertEquals(0, server.ask(() -> before.exchange.body().received()));
            assertFalse(server.ask(() -> before.bodyTooLarge));
            assertEquals(0, server.spoolFiles());
            server.run(() -> before.answer("allowed"));
            assertEquals("allowed", client.answer(1).body());

            client.send(stray.and(Sent.get(1, true)));
            Handled next = server.take();
            assertEquals(Role.RESPONDER, next.exchange.role());
            server.run(() -> next.answer("next"));
            assertEquals("next", client.answer(1).body());
            assertEquals(List.of(), server.failures);
        }
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void endsAConnectionThatIsNotToBeKeptWithoutWaitingForStdin(boolean unix) throws Exception {
        try (RunningListener server = on(unix);
                FrontEnd client = server.connect()) {
            server.handler = request -> request.answer("allowed");
            assertEquals(
                    "allowed", client.send(Sent.authorize(1, false)).answer(1).body());
            client.assertEnded();
        }
    }

    /** Over TCP, a close with input unread takes the answer from a front end that has not read it yet. */
    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void isAnsweredAlthoughAnEndOfStdinStillComes(boolean unix) throws Exception {
        try (RunningListener server = on(unix)) {
            for (int i = 0; i < 50; i++) {
                for (boolean cut : new boolean[] {false, true}) {
                    try (FrontEnd client = server.connect()) {
                        server.handler = cut ? request -> request.exchange.cut() : request -> request.answer("allowed");
                        client.send(Sent.authorize(1, false));
                        server.turns(3);
                        client.send(new Sent().stdin(1, new byte[100_000]).stdinEnd(1));
                        if (cut) {
                            assertEquals(0, client.record().type());
                        } else {
                            assertEquals("allowed", client.answer(1).body());
                        }
                        client.assertEnded();
                    }
                }
            }
        }
    }

    @Test
    void isCompleteWithItsParamsWhenTheFrontEndEndsItsSide() throws Exception {
        try (RunningListener server = on(true);
                FrontEnd client = server.connect()) {
            client.send(Sent.authorize(1, true));
            client.halfClose();
            Handled request = server.take();
            server.turns(3);
            assertNull(request.aborted);
            server.run(() -> request.answer("allowed"));
            assertEquals("allowed", client.answer(1).body());
            client.assertEnded();
        }
    }

    @Test
    void isAbortedAndLeavesItsConnectionFree() throws Exception {
        try (RunningListener server = on(true);
                FrontEnd client = server.connect()) {
            client.send(Sent.authorize(1, true));
            Handled request = server.take();
            client.send(new Sent().abort(1));
            assertTrue(client.answer(1).is(ProtocolStatus.REQUEST_COMPLETE));
            assertNotNull(request.aborted);
            client.send(new Sent().stdinEnd(1).and(Sent.authorize(1, true)));
            Handled next = server.take();
            server.run(() -> next.answer("allowed"));
            assertEquals("allowed", client.answer(1).body());
        }
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void isAbortedAndEndsItsConnectionAlthoughAnEndOfStdinStillComes(boolean unix) throws Exception {
        try (RunningListener server = on(unix)) {
            for (int i = 0; i < 20; i++) {
                try (FrontEnd client = server.connect()) {
                    client.send(Sent.authorize(1, false));
                    Handled request = server.take();
                    client.send(new Sent().abort(1));
                    server.await(() -> request.aborted != null);
                    server.turns(2);
                    client.send(new Sent().stdin(1, new byte[3000]).stdinEnd(1));
                    assertTrue(client.answer(1).is(ProtocolStatus.REQUEST_COMPLETE));
                    client.assertEnded();
                }
            }
        }
    }

    @Test
    void sharesAConnectionWithOtherRoles() throws Exception {
        try (RunningListener server = on(true);
                FrontEnd client = server.connect()) {
            client.send(Sent.head(1, true, 5).and(Sent.authorize(2, true)).and(Sent.filterHead(3, true, 0)));
            Handled responder = server.take();
            Handled authorizer = server.take();
            Handled filter = server.take();
            server.run(responder::count);
            server.run(() -> authorizer.answer("allowed"));
            server.run(filter::filter);
            assertEquals("allowed", client.answer(2).body());
            client.send(new Sent().stdinEnd(3).data(3, new byte[7]).stdin(1, "12345"));
            client.send(new Sent().dataEnd(3).stdinEnd(1));
            assertEquals("0 and 7", client.answer(3).body());
            assertEquals("5", client.answer(1).body());
        }
    }

    @Test
    void onlyRolesThatTheListenerTakesAreTaken() throws Exception {
        Set<Role> some = Set.of(Role.AUTHORIZER, Role.FILTER);
        try (RunningListener server = new RunningListener(Setup.onUnix().roles(some));
                FrontEnd client = server.connect()) {
            for (int role : new int[] {0, Role.RESPONDER.code(), 4, 256 + 2, 65535}) {
                client.send(new Sent().begin(1, role, true));
                assertTrue(client.answer(1).is(ProtocolStatus.UNKNOWN_ROLE), "role " + role);
            }
            for (Role role : some) {
                client.send(new Sent().begin(1, role.code(), true).params(1, "A", "B"));
                Handled request = server.take();
                assertEquals(role, request.exchange.role());
                server.run(() -> request.answer("taken"));
                assertEquals("taken", client.answer(1).body());
            }
        }
    }
}
