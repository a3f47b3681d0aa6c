package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;

/** The FastCGI front end on a loop and a socket file of its own; what broke in a handler fails the test at the end. */
final class RunningFastCgi implements AutoCloseable {
    private final Syscalls syscalls = new Syscalls();
    private final Sockets sockets = new Sockets(syscalls);
    private final List<Throwable> broken = new CopyOnWriteArrayList<>();
    private final EventLoop loop = new EventLoop(syscalls, broken::add);
    private final Path file;
    private final int socket;
    private final Thread thread;

    /** Why connections were ended. */
    final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

    /** Why params were not all there. */
    final BlockingQueue<IOException> incomplete = new LinkedBlockingQueue<>();

    RunningFastCgi(Path folder, long lingerMillis, long idleMillis, Consumer<Exchange> handler) throws IOException {
        file = folder.resolve("socket");
        socket = sockets.listenUnix(file.toString(), -1, -1, 0600, 16);
        Acceptor.Shared shared =
                new Acceptor.Shared(loop, syscalls, sockets, new DescriptorLimit(syscalls), new ConnectionBudget(100));
        ConnectionLimits limits = new ConnectionLimits(
                10_000 * EventLoop.MILLIS,
                idleMillis * EventLoop.MILLIS,
                lingerMillis * EventLoop.MILLIS,
                1 << 20,
                10,
                10,
                folder.toString());
        new FastCgiListener(
                shared, new SharedBuffers(syscalls), socket, true, new AllowedPeers.Anyone(), limits, events(handler));
        thread = new Thread(loop::run, "loop");
        thread.start();
    }

    private FrontendEvents events(Consumer<Exchange> handler) {
        return new FrontendEvents() {
            private long ids;

            @Override
            public long nextId() {
                return ++ids;
            }

            @Override
            public void handle(Exchange exchange, @Nullable IOException reason) {
                if (reason != null) {
                    incomplete.add(reason);
                }
                handler.accept(exchange);
            }

            @Override
            public void peerFailed(String peer, String why) {
                failures.add(why);
            }

            @Override
            public void peerRefused(String peer, String why) {
                failures.add(why);
            }

            @Override
            public void acceptFailed(String why) {
                failures.add(why);
            }
        };
    }

    SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(file));
    }

    /** Runs it on the loop thread and waits. */
    void onLoop(Runnable task) throws InterruptedException {
        onLoopAfter(0, task);
    }

    /** Runs it on the loop thread after timers that are due earlier, and waits. */
    void onLoopAfter(long millis, Runnable task) throws InterruptedException {
        BlockingQueue<Boolean> done = new LinkedBlockingQueue<>();
        loop.post(() -> loop.schedule(millis * EventLoop.MILLIS, () -> {
            task.run();
            done.add(true);
        }));
        next(done);
    }

    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(10, TimeUnit.SECONDS), "nothing within 10 s");
    }

    @Override
    public void close() throws IOException {
        loop.post(loop::stop);
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        assertFalse(thread.isAlive(), "the loop did not stop");
        syscalls.close(socket);
        loop.close();
        assertEquals(List.of(), broken, "thrown in the loop");
    }
}
