package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketsTest {
    private static final int ENOTSOCK = 88;
    private static final int F_GETFD = 1;
    private static final int F_GETFL = 3;

    private final FailingLibc libc = new FailingLibc();
    private final Syscalls syscalls = libc.syscalls();
    private final Sockets sockets = new Sockets(syscalls);
    private final List<Integer> open = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private String path;

    @BeforeEach
    void choosePath() {
        path = folder.resolve("pool.sock").toString();
    }

    @AfterEach
    void close() {
        open.forEach(syscalls::close);
    }

    @Test
    void hasOwnerGroupAndModeBeforeTheFirstConnectionIsPossible() throws Exception {
        int uid = syscalls.effectiveUser();
        int gid = syscalls.effectiveGroup();
        // Only root may give files away; anybody else at least may say what is so already.
        int owner = uid == 0 ? 1234 : uid;
        int group = uid == 0 ? 2345 : gid;
        List<FileStatus> atListen = new ArrayList<>();
        libc.before(function -> {
            if (function.equals("listen")) {
                try {
                    atListen.add(new Syscalls().statusOfPath(path));
                } catch (SyscallException e) {
                    throw new AssertionError(e);
                }
            }
        });

        listen(path, owner, group, 0620);

        assertEquals(1, atListen.size());
        assertEquals(owner, atListen.get(0).uid());
        assertEquals(group, atListen.get(0).gid());
        assertEquals(0620, atListen.get(0).permissions());
    }

    @Test
    void isNonBlockingAndClosedAtExec() throws Exception {
        int fd = listen(path);

        assertEquals(1, syscalls.libc().fcntl(fd, F_GETFD, 0));
        assertTrue((syscalls.libc().fcntl(fd, F_GETFL, 0) & Syscalls.O_NONBLOCK) != 0);
        assertTrue(sockets.isUnix(fd));
        assertEquals(-Errno.EAGAIN, sockets.accept(fd, true).fd());
    }

    @Test
    void replacesASocketFileThatNobodyListensOn() throws Exception {
        syscalls.close(sockets.listenUnix(path, -1, -1, 0600, 8));
        assertTrue(Files.exists(Path.of(path)), "closing leaves the file");

        int fd = listen(path);

        try (SocketChannel client = connect()) {
            assertTrue(client.isConnected());
            assertTrue(accept(fd).fd() >= 0);
        }
    }

    @Test
    void refusesASocketFileThatALivingProcessListensOnAndLeavesIt() throws Exception {
        int first = listen(path);
        long before = Processes.openHere();

        var failure = assertThrows(SyscallException.class, () -> listen(path));

        assertEquals(Errno.EADDRINUSE, failure.errno());
        assertEquals(before, Processes.openHere());
        accept(first); // the question itself
        try (SocketChannel client = connect()) {
            assertTrue(client.isConnected());
        }
    }

    @Test
    void replacesAFileThatItMayNotConnectToAndNobodyListensOn() throws Exception {
        syscalls.close(sockets.listenUnix(path, -1, -1, 0600, 8));
        libc.fail("connect", 1, Errno.EACCES);

        int fd = listen(path);

        assertTrue(libc.disarm());
        try (SocketChannel client = connect()) {
            assertTrue(client.isConnected());
            assertTrue(accept(fd).fd() >= 0);
        }
    }

    @Test
    void leavesAFileThatItMayNotConnectToWhereSomebodyListens() throws Exception {
        listen(path);
        libc.fail("connect", 1, Errno.EACCES);

        var failure = assertThrows(SyscallException.class, () -> listen(path));

        assertTrue(libc.disarm());
        assertEquals(Errno.EADDRINUSE, failure.errno());
        try (SocketChannel client = connect()) {
            assertTrue(client.isConnected());
        }
    }

    @Test
    void changesTheModeOfAFileThatIsAnothersByMakingItItsOwnFirst() throws Exception {
        int uid = syscalls.effectiveUser();
        int owner = uid == 0 ? 1234 : uid;
        listen(path);
        FileStatus created = syscalls.statusOfPath(path);
        List<String> calls = new ArrayList<>();
        libc.before(function -> {
            if (function.startsWith("ch")) {
                calls.add(function);
            }
        });

        sockets.giveTo(path, created, owner, -1, created.permissions());
        assertEquals(List.of("chown"), calls, "a mode that is right already");

        libc.fail("chmod", 1, Errno.EPERM);
        sockets.giveTo(path, created, owner, -1, 0640);

        assertTrue(libc.disarm());
        assertEquals(List.of("chown", "chown", "chmod", "chown"), calls, "after the call that fails");
        assertEquals(0640, syscalls.statusOfPath(path).permissions());
        assertEquals(owner, syscalls.statusOfPath(path).uid());
    }

    @Test
    void refusesAnAddressWhoseBacklogIsFullAsALivingOne() throws Exception {
        int first = sockets.listenUnix(path, -1, -1, 0600, 0);
        open.add(first);
        try (SocketChannel waiting = connect()) {
            assertTrue(waiting.isConnected());

            var failure = assertThrows(SyscallException.class, () -> listen(path));

            assertEquals(Errno.EADDRINUSE, failure.errno());
        }
    }

    @Test
    void refusesARegularFileAndLeavesIt() throws Exception {
        Files.writeString(Path.of(path), "precious");

        var failure = assertThrows(SyscallException.class, () -> listen(path));

        assertEquals(Errno.EEXIST, failure.errno());
        assertTrue(String.valueOf(failure.getMessage()).contains("which is a regular file"), failure.getMessage());
        assertEquals("precious", Files.readString(Path.of(path)));
    }

    @Test
    void followsNoLinkInThePlaceOfTheSocketFile() throws Exception {
        Path target = Files.writeString(folder.resolve("target"), "precious");
        Files.createSymbolicLink(Path.of(path), target);

        assertThrows(SyscallException.class, () -> listen(path));

        assertEquals("precious", Files.readString(target));
    }

    @Test
    void takesAPathOfOneHundredAndSevenBytesAndNotOneMore() throws Exception {
        String longest = folder + "/" + "x".repeat(107 - folder.toString().length() - 1);
        assertTrue(listen(longest) >= 0);
        long before = Processes.openHere();

        assertThrows(IllegalArgumentException.class, () -> listen(longest + "y"));

        assertEquals(before, Processes.openHere(), "the socket that was made for it");
    }

    @Test
    void leavesNeitherFileNorDescriptorWhenAStepFails() throws Exception {
        long before = Processes.openHere();
        for (String step : List.of("socket", "bind", "openat", "statx", "chmod", "chown", "listen")) {
            libc.fail(step, step.equals("statx") ? 2 : 1, Errno.ENOMEM);

            var failure = assertThrows(SyscallException.class, () -> listen(path, 0, 0, 0600), step);

            assertTrue(libc.disarm(), step);
            assertEquals(Errno.ENOMEM, failure.errno(), step);
            assertEquals(before, Processes.openHere(), step);
            assertFalse(Files.exists(Path.of(path)), step);
        }
    }

    @Test
    void removesItsOwnSocketFileAndNotTheOneOfItsSuccessor() throws Exception {
        listen(path);
        FileStatus own = syscalls.statusOfPath(path);
        Files.move(Path.of(path), folder.resolve("elsewhere"));
        listen(path);
        FileStatus successor = syscalls.statusOfPath(path);

        sockets.unlinkOwn(path, own);
        assertTrue(Files.exists(Path.of(path)));

        sockets.unlinkOwn(path, successor);
        assertFalse(Files.exists(Path.of(path)));
        sockets.unlinkOwn(path, successor); // no harm
    }

    @Test
    void tellsWhoConnected() throws Exception {
        int fd = listen(path);
        try (SocketChannel client = connect()) {
            PeerCredentials peer = sockets.credentials(accept(fd).fd());

            assertTrue(client.isConnected());
            assertEquals(
                    new PeerCredentials(
                            (int) ProcessHandle.current().pid(), syscalls.effectiveUser(), syscalls.effectiveGroup()),
                    peer);
        }
    }

    @Test
    void tellsAddressAndPortOfATcpClient() throws Exception {
        int fd = sockets.listenTcp(InetAddress.getLoopbackAddress(), 0, 8);
        open.add(fd);
        assertFalse(sockets.isUnix(fd));
        try (Socket client = new Socket()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), sockets.localPort(fd)), 10_000);

            Started.awaitReadable(syscalls, fd);
            Sockets.Accepted accepted = sockets.accept(fd, false);

            open.add(accepted.fd());
            assertEquals(InetAddress.getLoopbackAddress(), accepted.address());
            assertEquals(client.getLocalPort(), accepted.port());
            sockets.noDelay(accepted.fd());
        }
    }

    @Test
    void acceptsAgainWhenASignalInterruptsIt() throws Exception {
        int fd = listen(path);
        try (SocketChannel client = connect()) {
            libc.fail("accept4", 1, Errno.EINTR);

            assertTrue(client.isConnected());
            assertTrue(accept(fd).fd() >= 0);
            assertTrue(libc.disarm());
        }
    }

    @Test
    void adoptsAListeningDescriptorAndMakesItNonBlockingAndClosedAtExec() throws Exception {
        int fd = listen(path);
        syscalls.libc().fcntl(fd, 2, 0);
        syscalls.libc().fcntl(fd, 4, 0);

        assertEquals(fd, sockets.adopt(fd));

        assertEquals(1, syscalls.libc().fcntl(fd, F_GETFD, 0));
        assertTrue((syscalls.libc().fcntl(fd, F_GETFL, 0) & Syscalls.O_NONBLOCK) != 0);
    }

    @Test
    void refusesToAdoptWhatDoesNotListen() throws Exception {
        int fd = listen(path);
        try (SocketChannel client = connect()) {
            int connected = accept(fd).fd();

            assertTrue(client.isConnected());
            assertEquals(
                    Errno.EINVAL,
                    assertThrows(SyscallException.class, () -> sockets.adopt(connected))
                            .errno());
        }
        int[] pipe = syscalls.pipe();
        open.add(pipe[0]);
        open.add(pipe[1]);
        assertEquals(
                ENOTSOCK,
                assertThrows(SyscallException.class, () -> sockets.adopt(pipe[0]))
                        .errno());
        assertEquals(
                Errno.EBADF,
                assertThrows(SyscallException.class, () -> sockets.adopt(1_000_000))
                        .errno());
    }

    private int listen(String where) throws SyscallException {
        return listen(where, -1, -1, 0600);
    }

    private int listen(String where, int owner, int group, int mode) throws SyscallException {
        int fd = sockets.listenUnix(where, owner, group, mode, 8);
        open.add(fd);
        return fd;
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    private Sockets.Accepted accept(int fd) {
        Started.awaitReadable(syscalls, fd);
        Sockets.Accepted accepted = sockets.accept(fd, true);
        open.add(accepted.fd());
        return accepted;
    }

    @Test
    void connectsTwoSocketsOfWhichOnlyOursDoesNotBlock() throws Exception {
        int[] ends = sockets.pair();
        open.addAll(List.of(ends[0], ends[1]));

        assertTrue((syscalls.libc().fcntl(ends[0], F_GETFL, 0) & Syscalls.O_NONBLOCK) != 0);
        assertEquals(0, syscalls.libc().fcntl(ends[1], F_GETFL, 0) & Syscalls.O_NONBLOCK);
        for (int end : ends) {
            assertEquals(1, syscalls.libc().fcntl(end, F_GETFD, 0), "no child inherits it by accident");
            assertTrue(sockets.isUnix(end));
        }
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(3).put(new byte[] {1, 2, 3}).flip();
        assertEquals(3, syscalls.write(ends[1], bytes));
        assertEquals(3, syscalls.read(ends[0], bytes.clear()));
        assertEquals(-Errno.EAGAIN, syscalls.read(ends[0], bytes.clear()));
    }

    @Test
    void saysThatThereIsNoRoomForAPair() {
        libc.fail("socketpair", 1, Errno.EMFILE);

        var failure = assertThrows(SyscallException.class, sockets::pair);

        assertEquals(Errno.EMFILE, failure.errno());
    }

    @Test
    void leavesNeitherOfAPairOpenThatCannotBeUsed() {
        long before = Processes.openHere();
        libc.fail("fcntl", 1, Errno.ENOMEM);

        assertThrows(SyscallException.class, sockets::pair);

        assertEquals(before, Processes.openHere());
    }
}
