package org.cgifpm.adapters.frontend;

import java.util.function.BiConsumer;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections from one listening socket and checks who they are. Loop thread only.
 *
 * <p>Where the system has no descriptor or memory for one more, it waits {@link #BACK_OFF_MILLIS} instead of asking
 * again at once: epoll would report the same waiting client for ever.
 */
public final class Acceptor {
    private static final int ACCEPTS_PER_TURN = 32;
    private static final int BACK_OFF_MILLIS = 100;
    /** No more than the longest queue that Linux has by default: on TCP new ones may come for as long as one looks. */
    private static final int LAST_ACCEPTS = 4096;

    private final EventLoop loop;
    private final Syscalls syscalls;
    private final Sockets sockets;
    private final DescriptorLimit descriptors;
    private final ConnectionBudget budget;
    private final FrontendEvents events;
    private final BiConsumer<Integer, String> accepted;
    private final int fd;
    private final boolean unix;
    private final Registration registration;
    private AllowedPeers allowed;
    private @Nullable Timer backOff;
    private @Nullable Runnable afterLast;
    private boolean failing;
    private long acceptedCount;
    /** The turn of the loop in which connections came last. */
    private long lastTurn;

    private boolean closed;

    /** What all acceptors of a daemon share. */
    public record Shared(
            EventLoop loop, Syscalls syscalls, Sockets sockets, DescriptorLimit descriptors, ConnectionBudget budget) {}

    /**
     * @param fd a listening, non-blocking socket; stays the caller's to close
     * @param accepted gets each connection's descriptor and its peer for logs
     */
    public Acceptor(
            Shared shared,
            int fd,
            boolean unix,
            AllowedPeers allowed,
            FrontendEvents events,
            BiConsumer<Integer, String> accepted)
            throws SyscallException {
        this.loop = shared.loop();
        this.syscalls = shared.syscalls();
        this.sockets = shared.sockets();
        this.descriptors = shared.descriptors();
        this.budget = shared.budget();
        this.fd = fd;
        this.unix = unix;
        this.allowed = allowed;
        this.events = events;
        this.accepted = accepted;
        this.registration = loop.register(fd, EventLoop.IN, ready -> acceptSome());
    }

    /** Where one comes after the other, asking for a second one each time is a call for nothing. */
    private void acceptSome() {
        boolean crowded = loop.turns() - lastTurn <= 1;
        lastTurn = loop.turns();
        int most = afterLast != null ? LAST_ACCEPTS : crowded ? ACCEPTS_PER_TURN : 1;
        for (int i = 0; i < most && !closed; i++) {
            if (!budget.take(this::resume)) {
                registration.interest(0);
                return;
            }
            Sockets.Accepted connection = sockets.accept(fd, unix);
            if (connection.fd() < 0) {
                budget.release();
                if (!mayGoOn(-connection.fd())) {
                    endAfterLast(connection.fd() == -Errno.EAGAIN);
                    return;
                }
            } else {
                failing = false;
                acceptedCount++;
                descriptors.opened(connection.fd());
                take(connection);
            }
        }
        endAfterLast(true);
    }

    private void endAfterLast(boolean noMore) {
        Runnable after = afterLast;
        if (after != null && noMore && !closed) {
            close();
            after.run();
        }
    }

    /** False when there is nothing more to accept now. */
    private boolean mayGoOn(int errno) {
        switch (errno) {
            case Errno.EAGAIN -> {
                return false;
            }
            case Errno.ECONNABORTED, Errno.EPROTO -> {
                return true; // that client is gone, the next one is not
            }
            case Errno.EMFILE -> {
                if (descriptors.exhausted()) {
                    return true;
                }
            }
            default -> {}
        }
        if (!failing) {
            failing = true;
            events.acceptFailed("accept: " + Errno.words(errno) + "; trying again every " + BACK_OFF_MILLIS + " ms");
        }
        registration.interest(0);
        backOff = loop.schedule(BACK_OFF_MILLIS * EventLoop.MILLIS, this::resume);
        return false;
    }

    private void resume() {
        if (!closed) {
            registration.interest(EventLoop.IN);
            if (afterLast != null) {
                acceptSome();
            }
        }
    }

    private void take(Sockets.Accepted connection) {
        String peer = "";
        try {
            String refusal = null;
            if (unix) {
                var credentials = sockets.credentials(connection.fd());
                peer = "uid " + credentials.uid() + " pid " + credentials.pid();
                if (allowed instanceof AllowedPeers.UserIds users && !users.allow(credentials.uid())) {
                    refusal = "uid " + credentials.uid() + " is not in allowed_users";
                }
            } else if (connection.address() != null) {
                peer = connection.address().getHostAddress() + ":" + connection.port();
                if (allowed instanceof AllowedPeers.Clients clients
                        && !clients.allowed().test(connection.address())) {
                    refusal = connection.address().getHostAddress() + " is not in allowed_clients";
                }
                sockets.noDelay(connection.fd());
            }
            if (refusal == null) {
                accepted.accept(connection.fd(), peer);
                return;
            }
            events.peerRefused(peer, refusal);
        } catch (SyscallException e) {
            events.peerRefused(peer, e.getMessage() == null ? "" : e.getMessage());
        }
        syscalls.close(connection.fd());
        budget.release();
    }

    /** Who may connect from now on. */
    public void allowed(AllowedPeers wanted) {
        allowed = wanted;
    }

    /** How many connections were taken from the socket, those included that were refused then. */
    public long accepted() {
        return acceptedCount;
    }

    /**
     * Takes what waits already and then no more.
     *
     * @param after told once, when that is done; now, unless there is no room for a connection
     */
    public void closeAfterLast(Runnable after) {
        if (!closed) {
            afterLast = after;
            acceptSome();
        }
    }

    /** Takes no more connections. */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (backOff != null) {
            backOff.cancel();
        }
        registration.close();
    }
}
