package org.cgifpm.daemon.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cgifpm.adapters.frontend.AllowedPeers;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.ListenSettings;
import org.cgifpm.daemon.config.NamedId;
import org.cgifpm.systemd.ListenFds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class PoolSocketTest {
    private static final ListenFds NOTHING_INHERITED = ListenFds.parse(Map.of(), 1);

    private final Syscalls syscalls = new Syscalls();
    private final Sockets sockets = new Sockets(syscalls);

    @TempDir
    Path folder;

    private PoolSocket open(ListenAddress address, Optional<List<NamedId>> allowedUsers) throws SyscallException {
        ListenSettings settings = new ListenSettings(
                address,
                Optional.empty(),
                Optional.empty(),
                0640,
                16,
                allowedUsers,
                ListenSettings.DEFAULT_ALLOWED_CLIENTS);
        return PoolSocket.open(syscalls, sockets, settings, NOTHING_INHERITED);
    }

    @Test
    void aSocketFileHasItsModeAndIsGoneAfterwards() throws Exception {
        Path file = folder.resolve("s");
        PoolSocket socket = open(new ListenAddress.UnixPath(file.toString()), Optional.empty());
        assertTrue(socket.unix());
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        SocketChannel.open(UnixDomainSocketAddress.of(file)).close();
        assertInstanceOf(AllowedPeers.Anyone.class, socket.allowed());
        socket.close(syscalls, sockets);
        assertFalse(Files.exists(file));
    }

    @Test
    void aSocketFileThatSomebodyElsePutThereStays() throws Exception {
        Path file = folder.resolve("s");
        PoolSocket first = open(new ListenAddress.UnixPath(file.toString()), Optional.empty());
        Files.move(file, folder.resolve("moved"));
        PoolSocket second = open(new ListenAddress.UnixPath(file.toString()), Optional.empty());
        first.close(syscalls, sockets);
        assertTrue(Files.exists(file));
        second.close(syscalls, sockets);
        assertFalse(Files.exists(file));
    }

    @Test
    void allowedUsersAreKeptByNumber() throws Exception {
        PoolSocket socket = open(
                new ListenAddress.UnixPath(folder.resolve("s").toString()),
                Optional.of(List.of(new NamedId("www-data", 33), new NamedId("me", 1000))));
        assertEquals(new AllowedPeers.UserIds(Set.of(33, 1000)), socket.allowed());
        socket.close(syscalls, sockets);
    }

    @Test
    void onTcpTheClientsAddressDecides() throws Exception {
        PoolSocket socket = open(new ListenAddress.Tcp("127.0.0.1", 0), Optional.empty());
        assertFalse(socket.unix());
        assertNull(socket.file());
        var clients = assertInstanceOf(AllowedPeers.Clients.class, socket.allowed());
        assertTrue(clients.allowed().test(address(127, 0, 0, 1)));
        assertTrue(clients.allowed().test(address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)));
        assertFalse(clients.allowed().test(address(127, 0, 0, 2)));
        assertFalse(clients.allowed().test(address(192, 0, 2, 1)));
        socket.close(syscalls, sockets);
    }

    private static InetAddress address(int... octets) throws UnknownHostException {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return InetAddress.getByAddress(bytes);
    }

    @Test
    void aSocketThatWasNotHandedOverIsNamedWithWhatWas() {
        SyscallException none =
                assertThrows(SyscallException.class, () -> open(new ListenAddress.Inherited("web"), Optional.empty()));
        assertTrue(String.valueOf(none.getMessage()).contains("no socket named web"), none.getMessage());
    }
}
