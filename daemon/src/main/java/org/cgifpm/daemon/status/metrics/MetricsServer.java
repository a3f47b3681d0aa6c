package org.cgifpm.daemon.status.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.status.DaemonReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET /metrics over HTTP, on a thread of its own: the loop thread is asked for a report and does nothing else
 * for it, so that metrics come while every pool is saturated, and pools are not slower for a slow reader.
 *
 * <p>At most {@link #MOST} connections, each for one request and at most {@link #PATIENCE_NANOS}.
 */
public final class MetricsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);

    private static final int MOST = 32;
    /** Of these, such as have a part of an answer when another one is made. */
    private static final int MOST_READING = 3;

    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long TICK_MILLIS = 1000;
    /** Without descriptors or memory: whoever waits would be told of for ever. */
    private static final long BACK_OFF_MILLIS = 100;

    private final MetricsSocket socket;
    private final Consumer<Consumer<DaemonReport>> reports;
    private final boolean users;
    private final long patienceNanos;
    private final Selector selector;
    private final SelectionKey listening;
    private final Thread thread;
    private final Queue<DaemonReport> told = new ConcurrentLinkedQueue<>();
    /** The oldest first. */
    private final Queue<ScrapeConnection> connections = new ArrayDeque<>();

    private boolean asked;
    /** The last connection could not be accepted, and the log says so. */
    private boolean failing;
    /** Until then no connection is accepted, while it is not interested in any. */
    private long backOffNanos;

    private MetricsServer(
            MetricsSocket socket,
            Selector selector,
            SelectionKey listening,
            Consumer<Consumer<DaemonReport>> reports,
            boolean users,
            long patienceNanos) {
        this.patienceNanos = patienceNanos;
        this.socket = socket;
        this.selector = selector;
        this.listening = listening;
        this.reports = reports;
        this.users = users;
        this.thread = new Thread(this::run, "metrics");
        thread.setDaemon(true);
    }

    /**
     * Opens the address and begins to answer. Any thread.
     *
     * @param reports called on the metrics thread, never twice before it has answered; may answer on any thread
     * @param users with counters for each user
     * @throws IOException if nobody can listen there; nothing is left behind then
     */
    public static MetricsServer open(
            ListenAddress address, Sockets sockets, Consumer<Consumer<DaemonReport>> reports, boolean users)
            throws IOException {
        return open(address, sockets, reports, users, PATIENCE_NANOS);
    }

    /** @param patienceNanos how long a connection may last */
    static MetricsServer open(
            ListenAddress address,
            Sockets sockets,
            Consumer<Consumer<DaemonReport>> reports,
            boolean users,
            long patienceNanos)
            throws IOException {
        MetricsSocket socket = MetricsSocket.open(address, sockets);
        try {
            Selector selector = Selector.open();
            socket.channel().configureBlocking(false);
            SelectionKey listening = socket.channel().register(selector, SelectionKey.OP_ACCEPT);
            MetricsServer server = new MetricsServer(socket, selector, listening, reports, users, patienceNanos);
            server.thread.start();
            return server;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Nobody can connect any more, and a socket file is gone; connections end at once. Any thread. */
    @Override
    public void close() {
        socket.close();
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                guardedTurn();
            }
        } catch (ClosedSelectorException | CancelledKeyException e) {
            // That is how it is told to end: keys are cancelled by it, and by nothing else while they are used.
            LOG.debug("metrics end");
        } catch (IOException e) {
            LOG.error("metrics are no longer served: {}", e.getMessage());
        } finally {
            connections.forEach(ScrapeConnection::close);
        }
    }

    /** Whoever asked while memory did not do for an answer has to ask again; the next one may be luckier. */
    private void guardedTurn() throws IOException {
        try {
            turn();
        } catch (OutOfMemoryError e) {
            asked = false;
            connections.forEach(ScrapeConnection::close);
            connections.clear();
        }
    }

    private void turn() throws IOException {
        boolean backingOff = listening.interestOps() == 0;
        selector.select(backingOff ? BACK_OFF_MILLIS : TICK_MILLIS);
        for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
            selector.selectedKeys().remove(key);
            if (key.isValid()) {
                served(key);
            }
        }
        long now = System.nanoTime();
        if (backingOff && now - backOffNanos >= 0) {
            listening.interestOps(SelectionKey.OP_ACCEPT);
        }
        connections.forEach(connection -> {
            if (now - connection.deadlineNanos() >= 0) {
                connection.close();
            }
        });
        DaemonReport report = told.poll();
        if (report != null) {
            asked = false;
            answer(report);
        }
        connections.removeIf(connection -> !connection.isOpen());
        if (!asked && connections.stream().anyMatch(ScrapeConnection::waits)) {
            asked = true;
            reports.accept(answer -> {
                told.add(answer);
                selector.wakeup();
            });
        }
    }

    private void served(SelectionKey key) {
        if (key.channel() instanceof ServerSocketChannel) {
            accept();
        } else if (key.attachment() instanceof ScrapeConnection connection) {
            try {
                if (key.isReadable()) {
                    connection.read();
                }
                if (key.isValid() && key.isWritable()) {
                    connection.write();
                }
            } catch (IOException e) {
                // It has gone.
                connection.close();
            }
        }
    }

    private void accept() {
        try {
            SocketChannel channel = socket.channel().accept();
            if (channel != null) {
                take(channel);
                failing = false;
            }
        } catch (ClosedChannelException e) {
            LOG.debug("metrics end");
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                LOG.warn(
                        "metrics: a connection could not be accepted: {}; trying again every {} ms",
                        e.getMessage(),
                        BACK_OFF_MILLIS);
            }
            backOffNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BACK_OFF_MILLIS);
            listening.interestOps(0);
        }
    }

    private void take(SocketChannel channel) throws IOException {
        makeRoom();
        if (connections.size() >= MOST) {
            channel.close();
            return;
        }
        try {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            ScrapeConnection connection = new ScrapeConnection(channel, key, System.nanoTime() + patienceNanos);
            key.attach(connection);
            connections.add(connection);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Who has all he came for goes when there is somebody else, and who connects and says nothing. */
    private void makeRoom() {
        connections.removeIf(connection -> !connection.isOpen());
        if (connections.size() >= MOST) {
            Stream.concat(
                            connections.stream().filter(ScrapeConnection::isServed),
                            connections.stream().filter(ScrapeConnection::isUnasked))
                    .findFirst()
                    .ifPresent(oldest -> {
                        oldest.close();
                        connections.remove(oldest);
                    });
        }
    }

    /** Texts of many pools are large, and each scrape has another: whoever reads slowest keeps no others from memory. */
    private void endSlowReaders() {
        List<ScrapeConnection> sending =
                connections.stream().filter(ScrapeConnection::isSending).toList();
        sending.stream().limit(Math.max(0, sending.size() - MOST_READING)).forEach(ScrapeConnection::close);
    }

    private void answer(DaemonReport report) {
        endSlowReaders();
        answer(report, true, "application/openmetrics-text; version=1.0.0; charset=utf-8");
        answer(report, false, "text/plain; version=0.0.4; charset=utf-8");
    }

    private void answer(DaemonReport report, boolean openMetrics, String type) {
        List<ScrapeConnection> waiting = connections.stream()
                .filter(connection -> connection.waits() && connection.wantsOpenMetrics() == openMetrics)
                .toList();
        if (waiting.isEmpty()) {
            return;
        }
        byte[] text = DaemonMetrics.render(report, users, openMetrics).getBytes(StandardCharsets.UTF_8);
        for (ScrapeConnection connection : waiting) {
            try {
                connection.answer(type, text);
            } catch (IOException e) {
                connection.close();
            }
        }
    }
}
