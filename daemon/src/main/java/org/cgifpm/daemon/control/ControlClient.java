package org.cgifpm.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The other end of the control socket: asks a daemon one thing after the other. It waits as long as the daemon says that
 * it is still at work, but not for one that says nothing. One thread at a time.
 */
public final class ControlClient implements AutoCloseable {
    /** How long a daemon may say nothing. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int LONGEST = ControlAnswer.LONGEST + 64 * 1024;

    private final Path socket;
    private final Duration patience;
    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024).flip();

    private ControlClient(Path socket, Duration patience, SocketChannel channel) throws IOException {
        this.socket = socket;
        this.patience = patience;
        this.channel = channel;
        this.selector = Selector.open();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    /** @throws ControlException {@link ControlException#NO_DAEMON} if nobody listens there */
    public static ControlClient connect(Path socket, Duration patience) throws ControlException {
        // A full queue makes connect(2) wait, and the JDK can neither limit that nor do it without waiting.
        FutureTask<SocketChannel> connecting = new FutureTask<>(() -> {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        });
        Thread thread = new Thread(connecting, "connect");
        thread.setDaemon(true);
        thread.start();
        try {
            return new ControlClient(socket, patience, connecting.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            Throwable why = e.getCause();
            throw notConnected(socket, why == null ? e : why);
        } catch (TimeoutException e) {
            throw silent(socket, patience);
        } catch (IOException e) {
            throw new ControlException(ControlException.FAILED, socket + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlException(ControlException.FAILED, "interrupted");
        }
    }

    private static ControlException notConnected(Path socket, Throwable why) {
        if (why instanceof ConnectException || Files.notExists(socket)) {
            return new ControlException(ControlException.NO_DAEMON, "no cgi-fpm daemon at " + socket);
        }
        return new ControlException(
                ControlException.FAILED,
                "control socket " + socket + ": " + why.getMessage()
                        + (Files.isReadable(socket) ? "" : " (only root and the daemon's own user are heard)"));
    }

    private static ControlException silent(Path socket, Duration patience) {
        return new ControlException(
                ControlException.FAILED,
                List.of("the daemon at " + socket + " does not answer (waited " + patience.toSeconds() + " s)"),
                true);
    }

    /**
     * Asks, and waits for the answer.
     *
     * @return its members
     * @throws ControlException if the daemon says no, says nothing or says what cannot be understood
     */
    public JsonObject ask(JsonObject command) throws ControlException {
        JsonObject answer;
        try {
            ByteBuffer line = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            // It may have said why before it closed; what there is to read tells.
            buffer.clear().flip();
        }
        try {
            answer = (JsonObject) JsonParser.parseString(line());
        } catch (JsonParseException | ClassCastException e) {
            throw new ControlException(ControlException.FAILED, socket + " is no cgi-fpm daemon's: not an answer");
        }
        JsonElement ok = answer.get("ok");
        if (ok != null && ok.isJsonPrimitive() && ok.getAsBoolean()) {
            return answer;
        }
        List<String> problems = new ArrayList<>();
        if (answer.get("problems") != null && answer.get("problems").isJsonArray()) {
            answer.getAsJsonArray("problems").forEach(problem -> problems.add(problem.getAsString()));
        }
        JsonElement code = answer.get("code");
        throw new ControlException(code == null ? ControlException.FAILED : code.getAsInt(), problems, false);
    }

    /** Waits until the daemon is gone: its process has ended, or at least let go of this connection. */
    public void awaitEnd() throws ControlException {
        do {
            buffer.position(buffer.limit());
        } while (more());
    }

    /** The next line with something in it. */
    private String line() throws ControlException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (buffer.hasRemaining()) {
                byte octet = buffer.get();
                if (octet != '\n') {
                    line.write(octet);
                } else if (line.size() > 0) {
                    return line.toString(StandardCharsets.UTF_8);
                }
            }
            if (!more()) {
                throw new ControlException(
                        ControlException.FAILED, List.of("the daemon at " + socket + " ended without an answer"), true);
            }
            if (line.size() > LONGEST) {
                throw new ControlException(ControlException.FAILED, socket + ": an answer that does not end");
            }
        }
    }

    /** Waits for more; false at the end. */
    private boolean more() throws ControlException {
        long until = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                buffer.clear();
                int count = channel.read(buffer);
                buffer.flip();
                if (count != 0) {
                    return count > 0;
                }
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (left <= 0 || Thread.interrupted()) {
                    throw silent(socket, patience);
                }
                selector.select(left);
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            buffer.clear().flip();
            return false; // reset: the other end is gone
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
            channel.close();
        } catch (IOException e) {
            return; // it is only let go of
        }
    }
}
