package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.RequestHandler;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;

/**
 * HTTP in front of one folder, for development: scripts go to the handler, everything else is answered here.
 *
 * <p>Give it connected sockets with {@link #accept}. Loop thread only; the executor is for what may block.
 */
public final class HttpFrontend {
    private static final String FULL = String.join(
            "\r\n",
            "HTTP/1.1 503 Service Unavailable",
            "Content-Length: 0",
            "Retry-After: 1",
            "Connection: close",
            "",
            "");

    /**
     * What the front end is wired to.
     *
     * @param handler gets the exchanges of scripts; they implement {@link org.cgifpm.adapters.ShowsFailures}
     * @param files runs file look-ups and reads; two threads are plenty
     * @param log told of each request when it is over, on the loop thread
     * @param ids counts requests over the life of the daemon, from 1
     * @param clock the time of day, for the log and the Date field
     * @param connectionClosed told once for each {@link #accept}, when its socket is closed
     */
    public record Wiring(
            EventLoop loop,
            Syscalls syscalls,
            RequestHandler handler,
            Executor files,
            Consumer<ServedRequest> log,
            LongSupplier ids,
            InstantSource clock,
            Runnable connectionClosed) {}

    private final ServerContext context;
    private final Set<HttpConnection> connections = new LinkedHashSet<>();
    private final Runnable connectionClosed;
    private boolean stopping;

    /** May touch the disk once; any thread. */
    public HttpFrontend(HttpListenerSettings settings, Wiring wiring) {
        this.connectionClosed = wiring.connectionClosed();
        String root = WirePath.absolute(settings.root());
        this.context = new ServerContext(
                wiring.loop(),
                wiring.syscalls(),
                settings,
                wiring.handler(),
                wiring.files(),
                wiring.log(),
                wiring.ids(),
                wiring.clock(),
                new Buffers(),
                new SiteMap(settings.root(), settings.scriptPath()),
                new CgiParams(root, settings.host(), settings.port()),
                new ListingPage(Listing.decoded(root.isEmpty() ? "/" : root.substring(root.lastIndexOf('/') + 1))));
    }

    /**
     * Takes over a connected, non-blocking socket and closes it some day.
     *
     * @param peer {@code 127.0.0.1:50122} or {@code [::1]:50122}
     */
    public void accept(int fd, String peer) {
        if (connections.size() >= context.settings().maxConnections() && !makeRoom()) {
            context.syscalls().write(fd, directly(FULL));
            refuse(fd);
        } else if (stopping) {
            refuse(fd);
        } else {
            try {
                connections.add(new HttpConnection(context, fd, peer, this::closed));
            } catch (SyscallException noPlaceInEpoll) {
                refuse(fd);
            }
        }
    }

    private void refuse(int fd) {
        context.syscalls().close(fd);
        connectionClosed.run();
    }

    private void closed(HttpConnection connection) {
        connections.remove(connection);
        connectionClosed.run();
    }

    /** Browsers hold connections open that they may never use again: the oldest of those goes first. */
    private boolean makeRoom() {
        for (HttpConnection connection : connections) {
            if (connection.isIdle()) {
                connection.close();
                return true;
            }
        }
        return false;
    }

    private static ByteBuffer directly(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** Closes idle connections, lets the others finish what they do, and refuses new ones. */
    public void stop() {
        stopping = true;
        List.copyOf(connections).forEach(HttpConnection::stop);
    }

    /** Closes all connections at once; the listeners of their exchanges are told. */
    public void close() {
        stopping = true;
        List.copyOf(connections).forEach(HttpConnection::close);
    }

    /** How many connections there are now. */
    public int connections() {
        return connections.size();
    }
}
