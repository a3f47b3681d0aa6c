package org.cgifpm.daemon.wiring;

import org.cgifpm.adapters.frontend.FastCgiListener;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.jspecify.annotations.Nullable;

/**
 * Where requests come in: a listening socket and the connections that came from it. It leads to one {@link Pool} at a time,
 * also for the connections that are open already; without one, somebody else accepts on the socket. Loop thread only,
 * or before the loop runs.
 */
final class PoolDoor {
    private final PoolGround ground;
    private PoolSocket socket;
    private @Nullable FastCgiListener listener;
    private @Nullable PoolEvents events;
    private boolean closing;
    private boolean closed;

    PoolDoor(PoolGround ground, PoolSocket socket) {
        this.ground = ground;
        this.socket = socket;
    }

    PoolSocket socket() {
        return socket;
    }

    /** The same socket lets in others from now on. */
    void socket(PoolSocket changed) {
        socket = changed;
    }

    /** Whether the daemon accepts its connections. */
    boolean relays() {
        return listener != null;
    }

    /**
     * Requests that begin from now on are that pool's, and have its limits.
     *
     * @throws SyscallException if the kernel has no room to watch the socket; never for a door that relays already
     */
    void leadTo(Pool pool) throws SyscallException {
        Machine machine = ground.machine();
        int maxConnections = machine.acceptors().budget().max();
        if (listener != null && events != null) {
            events.leadTo(pool.settings().name(), pool.supervisor(), pool.pages());
            listener.change(socket.allowed(), pool.limits(maxConnections));
            return;
        }
        // Workers that accepted on it themselves had it wait.
        machine.cgi().syscalls().nonBlocking(socket.fd());
        PoolEvents to = new PoolEvents(pool.settings().name(), ground.ids(), pool.supervisor());
        to.leadTo(pool.settings().name(), pool.supervisor(), pool.pages());
        events = to;
        listener = new FastCgiListener(
                machine.acceptors(),
                machine.buffers(),
                socket.fd(),
                socket.unix(),
                socket.allowed(),
                pool.limits(maxConnections),
                to);
    }

    /** Is as if it had never been; its socket stays open. */
    void forget() {
        if (listener != null) {
            listener.leave();
        }
    }

    /** Connections end, none is taken any more; the socket is another door's from now on, which is returned. */
    PoolDoor handOver() {
        closing = true;
        closed = true;
        if (listener != null) {
            listener.leave();
        }
        return new PoolDoor(ground, socket);
    }

    /**
     * Who waits to be accepted is the last one; idle connections end now, the others with their last answer.
     *
     * @param stopping whether the daemon ends: then who waits at a socket of the service manager's goes on waiting
     */
    void close(boolean stopping) {
        if (closing) {
            return;
        }
        closing = true;
        Sockets sockets = ground.machine().acceptors().sockets();
        // First the way to it, so that nobody comes between the last one and the end.
        socket.unlink(sockets);
        if (listener == null) {
            closeSocket();
        } else if (stopping && socket.inherited()) {
            listener.leave();
            closed = true;
        } else {
            listener.drain(this::closeSocket);
        }
    }

    private void closeSocket() {
        closed = true;
        socket.close(
                ground.machine().cgi().syscalls(), ground.machine().acceptors().sockets());
    }

    /** True when it is closed and nobody is left who came by it. */
    boolean over() {
        return closed && connections() == 0;
    }

    /** Whether a request is under way on any connection. */
    boolean busy() {
        return listener != null && listener.busy();
    }

    int connections() {
        return listener == null ? 0 : listener.connections();
    }

    /** Connections that were taken. */
    long accepted() {
        return listener == null ? 0 : listener.accepted();
    }
}
