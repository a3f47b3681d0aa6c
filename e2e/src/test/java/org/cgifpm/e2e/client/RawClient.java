package org.cgifpm.e2e.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.cgifpm.protocol.fastcgi.EndRequest;
import org.cgifpm.protocol.fastcgi.ProtocolException;
import org.cgifpm.protocol.fastcgi.WebServerReader;
import org.jspecify.annotations.Nullable;

/**
 * One FastCGI connection to the daemon, for what no front end sends: any bytes, in any order, read late or never.
 *
 * <p>Sending blocks the caller as long as the daemon does not read. Nothing is read before {@link #read} or one of the
 * waiting methods; from then on a thread of its own reads to the end.
 */
public final class RawClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final SocketChannel channel;
    private final Map<Integer, RawResponse> responses = new ConcurrentHashMap<>();
    private final List<Map<String, String>> values = new CopyOnWriteArrayList<>();
    private final List<Integer> unknownTypes = new CopyOnWriteArrayList<>();
    private @Nullable Thread reader;
    private volatile @Nullable String protocolError;
    private volatile byte[] lastBytes = new byte[0];
    private volatile boolean closed;

    private RawClient(SocketChannel channel) {
        this.channel = channel;
    }

    public static RawClient connect(SocketAddress address) throws IOException {
        return new RawClient(SocketChannel.open(address));
    }

    /** Sends one whole request on a connection of its own and waits for its end. */
    public static RawResponse exchange(SocketAddress address, Map<String, String> params, byte[] body)
            throws IOException {
        try (RawClient client = connect(address)) {
            client.read();
            Thread sender = new Thread(() -> client.sendAsFarAsItGoes(Wire.request(1, false, params, body)), "sender");
            sender.start();
            RawResponse response = client.awaitEnd(1);
            client.awaitClosed(LIMIT);
            sender.join(LIMIT.toMillis());
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    public RawClient send(byte[]... parts) throws IOException {
        for (byte[] part : parts) {
            ByteBuffer bytes = ByteBuffer.wrap(part);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        return this;
    }

    /** As {@link #send}, but a daemon that has closed meanwhile is no failure. Returns how many bytes went out. */
    public long sendAsFarAsItGoes(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } catch (IOException closedByDaemon) {
            return rest.position();
        }
        return rest.position();
    }

    /** Says that nothing more will be sent, and goes on reading. */
    public RawClient halfClose() {
        try {
            channel.shutdownOutput();
        } catch (IOException closedAlready) {
            return this;
        }
        return this;
    }

    /** What has come back for {@code id}; empty as long as nothing has. */
    public RawResponse response(int id) {
        return responses.computeIfAbsent(id, unused -> new RawResponse());
    }

    /** Drops what has come back for {@code id}, which is about to be used again. */
    public void forget(int id) {
        responses.remove(id);
    }

    /** Waits for END_REQUEST of {@code id}. */
    public RawResponse awaitEnd(int id) {
        RawResponse response = response(id);
        read();
        await("END_REQUEST for " + id + " on " + this, LIMIT, () -> response.end() != null || closed);
        if (response.end() == null) {
            throw new AssertionError("closed without END_REQUEST for " + id + ": " + this);
        }
        return response;
    }

    /** Waits until {@code text} has come as STDOUT of {@code id}. */
    public void awaitStdout(int id, String text) {
        RawResponse response = response(id);
        read();
        await("'" + text + "' on " + this, LIMIT, () -> response.stdout().contains(text) || closed);
        if (!response.stdout().contains(text)) {
            throw new AssertionError("closed without '" + text + "': " + this);
        }
    }

    /** Waits for a GET_VALUES_RESULT: the n-th on this connection, counted from 1. */
    public Map<String, String> awaitValues(int n) {
        read();
        await("GET_VALUES_RESULT " + n + " on " + this, LIMIT, () -> values.size() >= n || closed);
        return values.get(n - 1);
    }

    /** Waits until the daemon has closed the connection, in whatever way. */
    public void awaitClosed(Duration limit) {
        read();
        await("close of " + this, limit, () -> closed);
    }

    public boolean closed() {
        return closed;
    }

    /** What the reader found wrong in the daemon's bytes, or null. */
    public @Nullable String protocolError() {
        return protocolError;
    }

    /** The last eight bytes that came on this connection: a cut is eight zeros. */
    public byte[] lastBytes() {
        return lastBytes.clone();
    }

    /** The types that the daemon answered with UNKNOWN_TYPE. */
    public List<Integer> unknownTypes() {
        return List.copyOf(unknownTypes);
    }

    /** Starts to read, if that has not happened yet. */
    public synchronized void read() {
        if (reader == null) {
            Thread started = new Thread(this::readAll, "fastcgi reader");
            started.setDaemon(true);
            started.start();
            reader = started;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return responses + (protocolError == null ? "" : ", " + protocolError) + (closed ? ", closed" : ", open");
    }

    private void readAll() {
        WebServerReader records = new WebServerReader(new Recorder());
        ByteBuffer in = ByteBuffer.allocate(1 << 16);
        try {
            while (channel.read(in.clear()) >= 0) {
                in.flip();
                lastBytes = lastEight(lastBytes, in);
                if (protocolError == null) {
                    readRecords(records, in);
                }
            }
            if (protocolError == null && !records.betweenRecords()) {
                protocolError = "closed in the middle of a record";
            }
        } catch (IOException reset) {
            protocolError = protocolError == null ? reset.toString() : protocolError;
        } finally {
            closed = true;
        }
    }

    private void readRecords(WebServerReader records, ByteBuffer in) {
        try {
            records.read(in);
        } catch (ProtocolException e) {
            protocolError = String.valueOf(e.getMessage());
        }
    }

    private static byte[] lastEight(byte[] before, ByteBuffer in) {
        byte[] all = Arrays.copyOf(before, before.length + in.remaining());
        in.duplicate().get(all, before.length, in.remaining());
        return Arrays.copyOfRange(all, Math.max(0, all.length - 8), all.length);
    }

    private static void await(String what, Duration limit, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(condition);
    }

    private final class Recorder implements WebServerReader.Listener {
        @Override
        public void stdout(int id, ByteBuffer piece) {
            response(id).stdout(piece);
        }

        @Override
        public void stdoutEnd(int id) {
            response(id);
        }

        @Override
        public void stderr(int id, ByteBuffer piece) {
            response(id).stderr(piece);
        }

        @Override
        public void stderrEnd(int id) {
            response(id);
        }

        @Override
        public void endRequest(int id, EndRequest record) throws ProtocolException {
            response(id).end(record);
        }

        @Override
        public void getValuesResult(Map<String, String> result) {
            values.add(result);
        }

        @Override
        public void unknownType(int type) {
            unknownTypes.add(type);
        }
    }
}
