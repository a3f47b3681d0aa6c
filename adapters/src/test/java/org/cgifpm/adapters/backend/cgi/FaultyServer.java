package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.frontend.Acceptor;
import org.cgifpm.adapters.frontend.AllowedPeers;
import org.cgifpm.adapters.frontend.ConnectionBudget;
import org.cgifpm.adapters.frontend.ConnectionLimits;
import org.cgifpm.adapters.frontend.FastCgiListener;
import org.cgifpm.adapters.frontend.FrontendEvents;
import org.cgifpm.adapters.frontend.SharedBuffers;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.FailingLibc;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.LoopThread;
import org.cgifpm.adapters.os.Processes;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.testing.Programs;
import org.cgifpm.protocol.fastcgi.NameValueWriter;
import org.cgifpm.protocol.fastcgi.RecordType;
import org.cgifpm.protocol.fastcgi.RecordWriter;
import org.cgifpm.protocol.fastcgi.Role;
import org.jspecify.annotations.Nullable;

/** Front end, backend and loop over one C library that fails on demand, and a plain client. No time-out helps here. */
final class FaultyServer {
    private static final long NEVER = CgiStand.seconds(600);
    private static final int PATIENCE_SECONDS = 10;

    /**
     * What a client got.
     *
     * @param ended false if the connection broke off before END_REQUEST
     */
    record Reply(String output, boolean ended) {
        static final Reply NOTHING = new Reply("", false);

        String status() {
            return output.startsWith("Status: ") ? output.substring(8, 11) : "";
        }

        String body() {
            int end = output.indexOf("\r\n\r\n");
            return end < 0 ? "" : output.substring(end + 4);
        }
    }

    final FailingLibc libc = new FailingLibc();
    private final Syscalls syscalls = libc.syscalls();
    private final Sockets sockets = new Sockets(syscalls);
    private final LoopThread running = new LoopThread(syscalls);
    private final ConnectionBudget budget = new ConnectionBudget(10);
    private final ExecutorService clients = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "client");
        thread.setDaemon(true);
        return thread;
    });
    private final Path folder;
    private final String mark = "FAULTY_SERVER=" + System.nanoTime();
    private final int listening;
    private final int devNull;
    private final long openWhenIdle;
    private final FastCgiListener listener;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile String script = "";
    /** What the front end told the daemon of refused and broken connections. */
    final List<String> told = new CopyOnWriteArrayList<>();

    FaultyServer(Path folder) throws Exception {
        this.folder = folder;
        listening = sockets.listenUnix(folder.resolve("socket").toString(), -1, -1, 0600, 16);
        devNull = syscalls.openAt(Syscalls.AT_FDCWD, "/dev/null", Syscalls.O_RDWR);
        DescriptorLimit descriptors = new DescriptorLimit(syscalls);
        ProcessSurroundings around = new ProcessSurroundings(
                running.loop,
                syscalls,
                new LaunchThreads(syscalls, 4),
                descriptors,
                devNull,
                ByteBuffer.allocateDirect(ProcessSurroundings.SCRATCH_SIZE),
                (exchange, name, line) -> {});
        CgiBackend backend = new CgiBackend(around, new CgiSettings("test", NEVER, NEVER, NEVER, true));
        Acceptor.Shared shared = new Acceptor.Shared(running.loop, syscalls, sockets, descriptors, budget);
        ConnectionLimits limits =
                new ConnectionLimits(NEVER, NEVER, CgiStand.seconds(2), 1 << 30, 10, 10, folder.toString());
        listener = running.call(() -> new FastCgiListener(
                shared,
                new SharedBuffers(syscalls),
                listening,
                true,
                new AllowedPeers.Anyone(),
                limits,
                events(backend)));
        openWhenIdle = Processes.openHere();
    }

    private FrontendEvents events(CgiBackend backend) {
        AtomicLong ids = new AtomicLong();
        return new FrontendEvents() {
            @Override
            public long nextId() {
                return ids.incrementAndGet();
            }

            @Override
            public void handle(Exchange exchange, @Nullable IOException tooLarge) {
                begun.incrementAndGet();
                backend.serve(exchange, FaultyServer.this::plan, outcome -> ended.incrementAndGet());
            }

            @Override
            public void peerFailed(String peer, String why) {
                told.add(why);
            }

            @Override
            public void peerRefused(String peer, String why) {
                told.add(why);
            }

            @Override
            public void acceptFailed(String why) {
                told.add(why);
            }
        };
    }

    /** As the supervisor does it: opens the folder and looks at what it opened. */
    private LaunchPlan plan() throws RefusedException {
        int directory = syscalls.openAt(Syscalls.AT_FDCWD, folder.toString(), Syscalls.O_PATH);
        if (directory < 0) {
            throw new RefusedException(503, script, "open: " + -directory);
        }
        try {
            syscalls.status(directory);
        } catch (SyscallException e) {
            syscalls.close(directory);
            throw new RefusedException(503, script, String.valueOf(e.getMessage()));
        }
        List<String> environment = List.of("PATH=/usr/local/bin:/usr/bin:/bin", mark);
        return new LaunchPlan(directory, "./" + script, List.of("./" + script), environment, script, Confinement.NONE);
    }

    /** The shell script that answers from now on. */
    void script(String text) throws IOException {
        String name = "script-" + System.nanoTime();
        Programs.write(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        script = name;
    }

    /** One POST on a connection of its own; fails the test if neither an answer nor an end of the connection comes. */
    Reply post(String body) throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("socket")))) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(channel, body), clients);
            CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(() -> receive(channel), clients);
            Reply got = reply.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return got;
        } catch (TimeoutException e) {
            return fail("neither an answer nor an end of the connection; the loop says " + running.broken, e);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(SocketChannel channel, String body) {
        ByteBuffer out = ByteBuffer.allocate(body.length() + body.length() / 1000 + 4096);
        RecordWriter.beginRequest(out, 1, Role.RESPONDER, false);
        ByteBuffer params = ByteBuffer.allocate(1024);
        NameValueWriter.write(params, "REQUEST_METHOD", "POST");
        NameValueWriter.write(params, "CONTENT_LENGTH", Integer.toString(body.length()));
        RecordWriter.record(out, RecordType.PARAMS, 1, params.flip());
        RecordWriter.endOfStream(out, RecordType.PARAMS, 1);
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0; at < bytes.length; at += 30_000) {
            RecordWriter.record(
                    out, RecordType.STDIN, 1, ByteBuffer.wrap(bytes, at, Math.min(30_000, bytes.length - at)));
        }
        RecordWriter.endOfStream(out, RecordType.STDIN, 1);
        out.flip();
        try {
            while (out.hasRemaining()) {
                channel.write(out);
            }
        } catch (IOException e) {
            return; // the server closed: what it answered before that is what counts
        }
    }

    private static Reply receive(SocketChannel channel) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(64 * 1024);
        try {
            while (channel.read(piece.clear()) >= 0) {
                all.write(piece.array(), 0, piece.position());
            }
        } catch (IOException e) {
            return parse(all.toByteArray()); // a reset ends a connection too
        }
        return parse(all.toByteArray());
    }

    private static Reply parse(byte[] records) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.wrap(records);
        while (in.remaining() >= RecordWriter.HEADER) {
            int version = in.get();
            int type = in.get();
            in.getShort();
            int length = Short.toUnsignedInt(in.getShort());
            int padding = Byte.toUnsignedInt(in.get());
            in.get();
            if (version != 1 || in.remaining() < length + padding) {
                break;
            }
            if (type == RecordType.END_REQUEST.code()) {
                return new Reply(output.toString(StandardCharsets.ISO_8859_1), true);
            }
            output.write(records, in.position(), length);
            in.position(in.position() + length + padding);
        }
        return new Reply(output.toString(StandardCharsets.ISO_8859_1), false);
    }

    /** Waits until nothing of any request is left: no descriptor, no child, no process of a script. */
    void settle(String after) {
        await(after, () -> {
            assertQuiet();
            assertEquals(Set.of(), Processes.children(), "children");
            assertEquals(Set.of(), Processes.marked(mark), "processes of scripts");
        });
    }

    /** Waits until no request is under way; that much is seen without a look at all processes of the machine. */
    void quiet(String after) {
        await(after, this::assertQuiet);
    }

    private void assertQuiet() {
        assertEquals(begun.get(), ended.get(), "requests under way");
        assertEquals(openWhenIdle, Processes.openHere(), "open descriptors");
    }

    private static void await(String after, ThrowingRunnable assertion) {
        Awaitility.await(after)
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(3))
                .untilAsserted(assertion);
    }

    void stop() throws Exception {
        running.run(() -> {
            assertEquals(0, listener.connections());
            // The acceptor asks for one more connection than there is, and gives that place back.
            assertEquals(0, budget.open());
            listener.drain(() -> {});
        });
        running.close();
        syscalls.close(listening);
        syscalls.close(devNull);
        clients.shutdownNow();
    }
}
