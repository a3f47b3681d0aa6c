package org.cgifpm.daemon.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.PeerCredentials;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers on the control socket. The protocol (see {@code docs/control.md}): the client sends a line of JSON with a
 * command, the daemon answers with a line of JSON; an empty line from the daemon means that it is still at work. A
 * connection may carry several commands, one after the other.
 *
 * <p>Only root and the daemon's own user are heard, whatever the socket file's mode has been changed to. All but its
 * making belongs to the loop thread. Connections are never closed by the daemon's stop: that they end with its process
 * is what tells {@code cgi-fpm stop} that it is gone.
 */
public final class ControlServer {
    /** More wait in the socket's queue until one of these ends. */
    static final int MOST_CONNECTIONS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int BUFFER = 64 * 1024;
    private static final long BACK_OFF_NANOS = 100 * EventLoop.MILLIS;

    private final EventLoop loop;
    private final Syscalls syscalls;
    private final Sockets sockets;
    private final ControlSocket socket;
    private final ControlCommands commands;
    private final int self;
    private final Registration registration;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final Set<ControlConnection> connections = new LinkedHashSet<>();
    private boolean failing;
    private boolean backingOff;

    /**
     * Begins to answer with the loop's next turn.
     *
     * @throws SyscallException if the kernel has no room to watch the socket
     */
    public ControlServer(EventLoop loop, Syscalls syscalls, ControlSocket socket, Administration administration)
            throws SyscallException {
        this.loop = loop;
        this.syscalls = syscalls;
        this.sockets = new Sockets(syscalls);
        this.socket = socket;
        this.commands = new ControlCommands(loop, administration, syscalls.pid());
        this.self = syscalls.effectiveUser();
        this.registration = loop.register(socket.fd(), EventLoop.IN, ready -> accept());
    }

    private void accept() {
        while (connections.size() < MOST_CONNECTIONS) {
            int fd = sockets.accept(socket.fd(), true).fd();
            if (fd >= 0) {
                failing = false;
                take(fd);
            } else if (fd != -Errno.ECONNABORTED) {
                if (fd != -Errno.EAGAIN) {
                    backOff(-fd);
                }
                break;
            }
        }
        watch();
    }

    private void watch() {
        registration.interest(connections.size() < MOST_CONNECTIONS && !backingOff ? EventLoop.IN : 0);
    }

    /** Without descriptors or memory: epoll would report the same waiting client for ever. */
    private void backOff(int errno) {
        if (!failing) {
            failing = true;
            LOG.warn("control socket: accept: {}", Errno.words(errno));
        }
        backingOff = true;
        loop.schedule(BACK_OFF_NANOS, () -> {
            backingOff = false;
            watch();
        });
    }

    private void take(int fd) {
        try {
            PeerCredentials peer = sockets.credentials(fd);
            if (peer.uid() != 0 && peer.uid() != self) {
                LOG.warn("control socket: uid {} pid {} is refused", peer.uid(), peer.pid());
                refuse(fd);
                return;
            }
            ControlConnection connection =
                    new ControlConnection(loop, syscalls, fd, peer, buffer, commands, this::gone);
            connections.add(connection);
            connection.begin();
        } catch (SyscallException e) {
            LOG.warn("control socket: {}", e.getMessage());
            syscalls.close(fd);
        }
    }

    private void refuse(int fd) {
        String line = ControlAnswer.failure(1, "only root and the daemon's own user are heard")
                .line();
        syscalls.write(
                fd, buffer.clear().put(line.getBytes(StandardCharsets.US_ASCII)).flip());
        syscalls.close(fd);
    }

    private void gone(ControlConnection connection) {
        connections.remove(connection);
        watch();
    }
}
