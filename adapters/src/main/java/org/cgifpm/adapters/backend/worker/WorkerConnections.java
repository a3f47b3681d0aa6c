package org.cgifpm.adapters.backend.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.SocketFolder;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one worker: which a request goes over, and which are left when the worker has ended. Loop thread
 * only; {@link #end} must be called, or its socket stays open.
 *
 * <p>The socket stays open in the daemon, so a connection that the worker has not accepted when it ends is not lost: it is
 * handed on to the next worker ({@link Unaccepted}).
 */
final class WorkerConnections implements RelayConnection.Owner {
    /** What the worker hears of its connections. */
    interface Events {
        /** What the worker says it can do; nothing if it does not say. */
        void told(Map<String, String> values);

        /** What came over one is no FastCGI, or not for this moment. */
        void misbehaved(String why);

        /** One has ended; its requests have been told before. */
        void closed();
    }

    private final WorkerSurroundings around;
    private final Events events;
    private final List<RelayConnection> connections = new ArrayList<>(1);
    private final AcceptWatch accepting;
    /**
     * Of an application with several threads or processes: one that waits on a kept connection often holds a lock that
     * the others need to accept theirs (libfcgi's own example does), and then nobody reads what is sent over those.
     */
    private final boolean once;

    private @Nullable Unaccepted inherited;
    private SocketFolder.@Nullable Listener listener;
    private @Nullable Timer askTimer;
    private int maxConnections = Integer.MAX_VALUE;

    /** @param inherited those that an ended worker has left, and the socket that they are on */
    WorkerConnections(WorkerSurroundings around, @Nullable Unaccepted inherited, Events events) {
        this.around = around;
        this.inherited = inherited;
        this.events = events;
        this.once = around.settings().concurrency().orElse(1) > 1;
        this.accepting = new AcceptWatch(
                around.machine().loop(),
                () -> listener != null && around.sockets().waitsToBeAccepted(listener));
        if (inherited != null) {
            // Those whose requests were given up meanwhile are closed, and wait to be accepted all the same.
            for (RelayConnection connection : inherited.open()) {
                connection.owner(this);
                connections.add(connection);
            }
        }
    }

    /** The requests that are under way on them. */
    List<RelayRequest> requests() {
        return connections.stream().flatMap(c -> c.requests().stream()).toList();
    }

    /** Whether requests were sent over one that, as far as is known, nobody has accepted. */
    boolean holdUnaccepted() {
        return connections.stream().anyMatch(connection -> connection.load() > 0 && !connection.heard());
    }

    // The socket

    /**
     * From now on there is a process that accepts them.
     *
     * @param on the socket that it accepts on
     */
    void open(SocketFolder.Listener on) {
        listener = on;
    }

    /**
     * Makes the first connection, unless there is one.
     *
     * @throws SyscallException if none can be had
     */
    void connectFirst() throws SyscallException {
        if (connections.isEmpty()) {
            connect();
        }
    }

    /**
     * Makes another connection.
     *
     * @throws SyscallException if none can be had
     */
    RelayConnection connect() throws SyscallException {
        SocketFolder.Listener to = listener;
        if (to == null) {
            throw new IllegalStateException("no socket yet");
        }
        dropOnce();
        int fd = around.sockets().connect(to);
        try {
            RelayConnection connection = new RelayConnection(around.machine(), around.buffers(), fd, once, this);
            connections.add(connection);
            return connection;
        } catch (SyscallException e) {
            around.machine().syscalls().close(fd);
            throw e;
        }
    }

    /** Runs that when the worker has accepted all of them; never within this call. */
    void whenAccepted(Runnable run) {
        accepting.until(() -> {
            dropOnce();
            run.run();
        });
    }

    /** Nothing is said about accepted connections any more. */
    void stopWatching() {
        accepting.cancel();
    }

    /** What was inherited is the worker's own: it has accepted it. */
    void settled() {
        inherited = null;
    }

    private void dropOnce() {
        if (once) {
            connections.stream().filter(RelayConnection::idle).toList().forEach(this::drop);
        }
    }

    // Requests

    /**
     * The one that a request goes over.
     *
     * <p>A connection that was used before may be closed by a worker that has had enough, at this very moment. What could
     * not be begun anew goes over one that waits to be accepted: if not by this process, by the next.
     *
     * @throws SyscallException if none can be had now
     */
    RelayConnection forRequest(RelayRequest request, int concurrency) throws SyscallException {
        RelayConnection free = null;
        RelayConnection least = null;
        for (RelayConnection connection : connections) {
            if (connection.idle()) {
                free = connection;
            } else if (connection.reusable() && (least == null || connection.load() < least.load())) {
                least = connection;
            }
        }
        // The second time nothing is left to chance: several workers may have had enough at once.
        if (free != null && !once && request.replayable() && request.firstTry()) {
            return free;
        }
        if (free != null) {
            drop(free);
        }
        boolean multiplexes = least != null && connections.size() >= Math.min(concurrency, maxConnections);
        return multiplexes && least != null ? least : connect();
    }

    /** How many connections it takes at once, as it says. */
    void atMost(int count) {
        maxConnections = Math.max(1, count);
    }

    /** Closes one; nobody is told. */
    void drop(RelayConnection connection) {
        connections.remove(connection);
        connection.close();
    }

    /** Closes those that carry no request. */
    void dropUnused() {
        for (RelayConnection connection : List.copyOf(connections)) {
            if (connection.load() == 0) {
                drop(connection);
            }
        }
    }

    // What it can do

    /** Asks the worker once what it can do, if there is a connection for that. Only while it has no request. */
    boolean ask() {
        for (RelayConnection connection : connections) {
            if (connection.idle()) {
                askTimer = around.machine().loop().schedule(RelaySettings.ASK_MILLIS * EventLoop.MILLIS, () -> {
                    drop(connection);
                    told(Map.of());
                });
                connection.ask();
                return true;
            }
        }
        return false;
    }

    /** Whether the worker has been asked and has not answered yet: it gets no request meanwhile. */
    boolean asking() {
        return askTimer != null;
    }

    @Override
    public void told(Map<String, String> values) {
        stopAsking();
        events.told(values);
    }

    private void stopAsking() {
        if (askTimer != null) {
            askTimer.cancel();
            askTimer = null;
        }
    }

    @Override
    public void misbehaved(String why) {
        events.misbehaved(why);
    }

    @Override
    public void closed(RelayConnection connection) {
        connections.remove(connection);
        if (connection.isAsked()) {
            told(Map.of());
        }
        events.closed();
    }

    // The end

    /** The worker is no more: what it has not accepted is another's, and what it has said is read now. */
    @Nullable
    Unaccepted end() {
        stopAsking();
        accepting.cancel();
        List<RelayConnection> left = new ArrayList<>();
        for (RelayConnection connection : List.copyOf(connections)) {
            boolean open = connection.heard() || connection.drain();
            if (open && connection.load() == 0) {
                drop(connection);
            } else if (open && !connection.heard()) {
                left.add(connection);
            }
        }
        connections.removeAll(left);
        SocketFolder.Listener socket = listener == null && inherited != null ? inherited.listener() : listener;
        listener = null;
        if (socket != null && left.isEmpty()) {
            around.sockets().close(socket);
        }
        return socket == null || left.isEmpty() ? null : new Unaccepted(socket, left);
    }
}
