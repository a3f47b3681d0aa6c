package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cgifpm.adapters.frontend.RunningListener.Setup;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.Syscalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptorTest {
    @Test
    void aUserWhoIsNotAllowedIsRefusedAndNamed() throws Exception {
        int self = new Syscalls().effectiveUser();
        try (RunningListener server =
                        new RunningListener(Setup.onUnix().allowing(new AllowedPeers.UserIds(Set.of(self + 1))));
                FrontEnd client = server.connect()) {
            client.awaitEnd();
            assertEquals(List.of("uid " + self + " is not in allowed_users"), server.refusals);
        }
    }

    @Test
    void aUserWhoIsAllowedIsServed() throws Exception {
        int self = new Syscalls().effectiveUser();
        try (RunningListener server =
                        new RunningListener(Setup.onUnix().allowing(new AllowedPeers.UserIds(Set.of(self))));
                FrontEnd client = server.connect()) {
            client.send(Sent.get(1, false));
            Handled request = server.take();
            long pid = ProcessHandle.current().pid();
            assertEquals("uid " + self + " pid " + pid, request.exchange.peer());
            server.run(() -> request.answer("welcome"));
            assertEquals("welcome", client.answer(1).body());
        }
    }

    @Test
    void aClientAddressThatIsNotAllowedIsRefusedAndNamed() throws Exception {
        InetAddress stranger = InetAddress.getByName("127.0.0.99");
        AllowedPeers loopbackOnly =
                new AllowedPeers.Clients(address -> address.equals(InetAddress.getLoopbackAddress()));
        try (RunningListener server = new RunningListener(Setup.onTcp().allowing(loopbackOnly))) {
            SocketChannel channel = SocketChannel.open();
            channel.bind(new InetSocketAddress(stranger, 0));
            channel.connect(server.address);
            try (FrontEnd refused = new FrontEnd(channel);
                    FrontEnd allowed = server.connect()) {
                refused.awaitEnd();
                assertEquals(List.of("127.0.0.99 is not in allowed_clients"), server.refusals);
                allowed.send(Sent.get(1, false));
                Handled request = server.take();
                assertTrue(request.exchange.peer().startsWith("127.0.0.1:"), request.exchange.peer());
                server.run(() -> request.answer("welcome"));
                assertEquals("welcome", allowed.answer(1).body());
            }
        }
    }

    @ParameterizedTest(name = "unix {0}")
    @ValueSource(booleans = {true, false})
    void aConnectionAboveTheMostWaitsUntilAnotherEnds(boolean unix) throws Exception {
        try (RunningListener server = new RunningListener(Setup.of(unix).connections(2))) {
            server.handler = request -> request.answer("served");
            FrontEnd first = server.connect();
            try (FrontEnd second = server.connect();
                    FrontEnd third = server.connect();
                    FrontEnd fourth = server.connect()) {
                assertEquals("served", first.send(Sent.get(1, true)).answer(1).body());
                assertEquals("served", second.send(Sent.get(1, true)).answer(1).body());
                third.send(Sent.get(1, false));
                fourth.send(Sent.get(1, false));
                server.turns(5);
                assertEquals(2, server.connections());
                long turns = server.ask(server.loop::turns);
                server.pass(20);
                assertTrue(server.ask(server.loop::turns) - turns < 20, "the loop spins while it waits for a place");
                first.close();
                assertEquals("served", third.answer(1).body());
                assertEquals("served", fourth.answer(1).body());
            }
        }
    }

    /** The place that becomes free must not go to a pool that has nobody waiting for it. */
    @Test
    void aFreePlaceIsOfferedToEveryListener() throws Exception {
        Syscalls syscalls = new Syscalls();
        Sockets sockets = new Sockets(syscalls);
        try (RunningListener server = new RunningListener(Setup.onUnix().connections(1))) {
            int fd = sockets.listenTcp(InetAddress.getLoopbackAddress(), 0, 8);
            List<Integer> accepted = new CopyOnWriteArrayList<>();
            List<Acceptor> other = new ArrayList<>();
            FrontEnd first = server.connect();
            server.await(() -> server.shared.budget().open() == 1);
            server.run(() -> {
                try {
                    other.add(new Acceptor(
                            server.shared,
                            fd,
                            false,
                            new AllowedPeers.Anyone(),
                            server,
                            (connection, peer) -> accepted.add(connection)));
                } catch (org.cgifpm.adapters.os.SyscallException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try (SocketChannel waiting = SocketChannel.open(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), sockets.localPort(fd)))) {
                server.turns(5);
                assertEquals(List.of(), accepted);
                first.close();
                server.await(() -> !accepted.isEmpty());
                assertTrue(waiting.isConnected());
            }
            server.run(() -> {
                other.get(0).close();
                syscalls.close(accepted.get(0));
                server.shared.budget().release();
            });
            syscalls.close(fd);
        }
    }

    @ParameterizedTest(name = "errno {0}")
    @ValueSource(ints = {Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS})
    void saysOnceThatConnectionsCannotBeTakenAndTriesAgain(int errno) throws Exception {
        FailingLibc libc = new FailingLibc();
        try (RunningListener server = new RunningListener(Setup.onUnix().on(libc.syscalls()))) {
            server.handler = request -> request.answer("served");
            libc.fail("accept4", errno, 2);
            try (FrontEnd client = server.connect()) {
                assertEquals("served", client.send(Sent.get(1, false)).answer(1).body());
            }
            assertEquals(0, libc.left());
            assertEquals(1, server.acceptFailures.size());
            String told = server.acceptFailures.get(0);
            assertTrue(told.contains(Errno.words(errno)), told);
        }
    }

    @ParameterizedTest(name = "errno {0}")
    @ValueSource(ints = {Errno.ECONNABORTED, Errno.EPROTO, Errno.EINTR})
    void aClientThatLeftBeforeItWasAcceptedIsNoNews(int errno) throws Exception {
        FailingLibc libc = new FailingLibc();
        try (RunningListener server = new RunningListener(Setup.onUnix().on(libc.syscalls()))) {
            server.handler = request -> request.answer("served");
            libc.fail("accept4", errno, 3);
            try (FrontEnd client = server.connect()) {
                assertEquals("served", client.send(Sent.get(1, false)).answer(1).body());
            }
            assertEquals(List.of(), server.acceptFailures);
        }
    }

    @Test
    void withoutADescriptorTheLimitIsRaisedFirst() throws Exception {
        FailingLibc libc = new FailingLibc();
        try (RunningListener server = new RunningListener(Setup.onUnix().on(libc.syscalls()))) {
            server.handler = request -> request.answer("served");
            libc.fail("accept4", Errno.EMFILE, 1);
            try (FrontEnd client = server.connect()) {
                assertEquals("served", client.send(Sent.get(1, false)).answer(1).body());
            }
            assertEquals(List.of(), server.acceptFailures);

            libc.fail("accept4", Errno.EMFILE, 2);
            try (FrontEnd client = server.connect()) {
                assertEquals("served", client.send(Sent.get(1, false)).answer(1).body());
            }
            assertEquals(1, server.acceptFailures.size());
        }
    }

    @Test
    void aConnectionThatCannotBeWatchedIsClosedAndItsPlaceIsFreeAgain() throws Exception {
        FailingLibc libc = new FailingLibc();
        try (RunningListener server = new RunningListener(Setup.onUnix().on(libc.syscalls()))) {
            server.handler = request -> request.answer("served");
            libc.fail("epoll_ctl", Errno.ENOSPC, 1);
            try (FrontEnd client = server.connect()) {
                client.awaitEnd();
            }
            assertEquals(1, server.refusals.size());
            try (FrontEnd client = server.connect()) {
                assertEquals("served", client.send(Sent.get(1, false)).answer(1).body());
            }
        }
    }
}
