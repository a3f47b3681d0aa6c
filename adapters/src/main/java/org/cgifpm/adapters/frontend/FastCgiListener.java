package org.cgifpm.adapters.frontend;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.SyscallException;

/** A pool's listening socket and the FastCGI connections that came from it. Loop thread only. */
public final class FastCgiListener {
    private final Acceptor.Shared shared;
    private final ConnectionSurroundings around;
    private final FrontendEvents events;
    private final Acceptor acceptor;
    private final Set<FastCgiConnection> connections = new HashSet<>();

    /**
     * @param fd a listening, non-blocking socket; stays the caller's to close
     * @param unix whether it is a Unix socket
     */
    public FastCgiListener(
            Acceptor.Shared shared,
            SharedBuffers buffers,
            int fd,
            boolean unix,
            AllowedPeers allowed,
            ConnectionLimits limits,
            FrontendEvents events)
            throws SyscallException {
        EventLoop loop = shared.loop();
        this.shared = shared;
        this.events = events;
        this.around = new ConnectionSurroundings(loop, buffers, limits, unix, events, this::closed);
        this.acceptor = new Acceptor(shared, fd, unix, allowed, events, this::accepted);
    }

    private void accepted(int fd, String peer) {
        FastCgiConnection connection;
        try {
            connection = new FastCgiConnection(around, fd, peer);
        } catch (SyscallException e) {
            events.peerRefused(peer, e.getMessage() == null ? "" : e.getMessage());
            shared.syscalls().close(fd);
            shared.budget().release();
            return;
        }
        connections.add(connection);
        connection.begin();
    }

    private void closed(FastCgiConnection connection) {
        connections.remove(connection);
        shared.budget().release();
    }

    /** Takes no more connections and ends the idle ones; the others end with their last answer. */
    public void drain() {
        acceptor.close();
        List.copyOf(connections).forEach(FastCgiConnection::drain);
    }

    public int connections() {
        return connections.size();
    }
}
