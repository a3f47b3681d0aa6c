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
    private ConnectionLimits limits;
    private boolean draining;

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
        this.limits = limits;
        this.around = new ConnectionSurroundings(
                loop, buffers, buffers.params().share(), () -> this.limits, unix, events, this::closed);
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
        if (draining) {
            connection.onlyOnce();
        }
        connection.begin();
    }

    private void closed(FastCgiConnection connection) {
        connections.remove(connection);
        shared.budget().release();
    }

    /** Who may connect from now on, and what holds for requests that begin from now on, also on open connections. */
    public void change(AllowedPeers allowed, ConnectionLimits wanted) {
        acceptor.allowed(allowed);
        limits = wanted;
    }

    /**
     * Ends the idle connections, takes those that wait to be accepted, and no more. A connection with a request ends with
     * its last answer; a request whose first bytes are here is served.
     *
     * @param closed told once, when the socket is not asked for connections any more
     */
    public void drain(Runnable closed) {
        endConnections();
        acceptor.closeAfterLast(closed);
    }

    /** As {@link #drain}, but whoever waits to be accepted goes on waiting: for whoever has the socket next. */
    public void leave() {
        acceptor.close();
        endConnections();
    }

    private void endConnections() {
        draining = true;
        List.copyOf(connections).forEach(FastCgiConnection::drain);
    }

    /** Connections that were taken, those included that were refused then. */
    public long accepted() {
        return acceptor.accepted();
    }

    /** Whether a request is under way on any connection, and be it its first bytes. */
    public boolean busy() {
        return connections.stream().anyMatch(FastCgiConnection::busy);
    }

    public int connections() {
        return connections.size();
    }
}
