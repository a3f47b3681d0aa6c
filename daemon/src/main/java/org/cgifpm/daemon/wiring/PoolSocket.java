package org.cgifpm.daemon.wiring;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cgifpm.adapters.frontend.AllowedPeers;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.IpAddress;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.ListenSettings;
import org.cgifpm.daemon.config.NamedId;
import org.cgifpm.systemd.ListenFds;
import org.jspecify.annotations.Nullable;

/**
 * A pool's open listening socket.
 *
 * @param file the socket file that was made and is to be removed at the end; null for TCP and for inherited sockets,
 *     whose file belongs to the service manager
 * @param inherited whether the service manager has it too
 */
record PoolSocket(
        int fd,
        boolean unix,
        AllowedPeers allowed,
        @Nullable SocketFile file,
        boolean inherited) {
    record SocketFile(String path, FileStatus created) {}

    /** Opens it as the pool's {@code listen} keys say. Any thread, before the daemon takes requests. */
    static PoolSocket open(Syscalls syscalls, Sockets sockets, ListenSettings settings, ListenFds inherited)
            throws SyscallException {
        ListenAddress address = settings.address();
        if (address instanceof ListenAddress.UnixPath unix) {
            int fd = sockets.listenUnix(
                    unix.path(), id(settings.owner()), id(settings.group()), settings.mode(), settings.backlog());
            return new PoolSocket(
                    fd,
                    true,
                    peers(settings, true),
                    new SocketFile(unix.path(), syscalls.statusOfPath(unix.path())),
                    false);
        }
        if (address instanceof ListenAddress.Tcp tcp) {
            int fd = sockets.listenTcp(numeric(tcp.host()), tcp.port(), settings.backlog());
            return new PoolSocket(fd, false, peers(settings, false), null, false);
        }
        String name = ((ListenAddress.Inherited) address).name();
        int fd = sockets.adopt(inheritedFd(name, inherited));
        boolean unix = sockets.isUnix(fd);
        return new PoolSocket(fd, unix, peers(settings, unix), null, true);
    }

    /** By name; {@code fd:0} is a listening standard input, as spawn-fcgi and inetd hand it over. */
    private static int inheritedFd(String name, ListenFds inherited) throws SyscallException {
        if (name.equals("0")) {
            return 0;
        }
        for (ListenFds.Inherited socket : inherited.sockets()) {
            if (socket.name().equals(name)) {
                return socket.fd();
            }
        }
        String there =
                inherited.sockets().stream().map(ListenFds.Inherited::name).collect(Collectors.joining(", "));
        throw new SyscallException(
                "no socket named " + name + " was handed over ("
                        + inherited.refused().orElse(there.isEmpty() ? "none were" : "there are: " + there) + ")",
                "",
                org.cgifpm.adapters.os.Errno.ENOENT);
    }

    private static int id(Optional<NamedId> named) {
        return named.map(NamedId::id).orElse(-1);
    }

    private static InetAddress numeric(String host) {
        try {
            // Numbers only, so that no name is ever looked up.
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address in numbers: " + host, e);
        }
    }

    private static AllowedPeers peers(ListenSettings settings, boolean unix) {
        if (!unix) {
            return new AllowedPeers.Clients(client -> settings.allowedClients().stream()
                    .anyMatch(network -> network.contains(IpAddress.of(client.getAddress()))));
        }
        if (settings.allowedUsers().isEmpty()) {
            return new AllowedPeers.Anyone();
        }
        return new AllowedPeers.UserIds(
                settings.allowedUsers().get().stream().map(NamedId::id).collect(Collectors.toSet()));
    }

    /** The same socket for another list of those who may connect. */
    PoolSocket lettingIn(ListenSettings settings) {
        return new PoolSocket(fd, unix, peers(settings, unix), file, inherited);
    }

    /**
     * Gives its file the owner, group and mode of those settings, and it their queue. An inherited socket is left as the
     * service manager made it.
     */
    void become(Syscalls syscalls, Sockets sockets, ListenSettings settings) throws SyscallException {
        if (inherited) {
            return;
        }
        if (file != null) {
            sockets.giveTo(
                    file.path(),
                    file.created(),
                    settings.owner().map(NamedId::id).orElse(syscalls.effectiveUser()),
                    settings.group().map(NamedId::id).orElse(syscalls.effectiveGroup()),
                    settings.mode());
        }
        sockets.backlog(fd, settings.backlog());
    }

    /** Removes its file, unless somebody else has put another one there: nobody finds the way to it any more. */
    void unlink(Sockets sockets) {
        if (file != null) {
            sockets.unlinkOwn(file.path(), file.created());
        }
    }

    /** Closes it and removes its file; an inherited one stays open, as it can be had only once. */
    void close(Syscalls syscalls, Sockets sockets) {
        unlink(sockets);
        if (!inherited) {
            syscalls.close(fd);
        }
    }
}
