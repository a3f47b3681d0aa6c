package org.cgifpm.adapters.frontend.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cgifpm.adapters.RequestHandler;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.Syscalls;

/** The front end on a loop of its own and a free port; what broke in a handler fails the test at the end. */
final class RunningFrontend implements AutoCloseable {
    private final Syscalls syscalls = new Syscalls();
    private final Sockets sockets = new Sockets(syscalls);
    private final List<Throwable> broken = new CopyOnWriteArrayList<>();
    private final ExecutorService files = Executors.newFixedThreadPool(2);
    private final Thread thread;
    private final int listener;
    final AtomicInteger closedConnections = new AtomicInteger();
    final BlockingQueue<ServedRequest> served = new LinkedBlockingQueue<>();
    final EventLoop loop = new EventLoop(syscalls, broken::add);
    final int port;
    final HttpFrontend frontend;

    RunningFrontend(Path root, RequestHandler handler) throws IOException {
        this(root, handler, settings -> settings);
    }

    RunningFrontend(Path root, RequestHandler handler, UnaryOperator<HttpListenerSettings> change) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        listener = sockets.listenTcp(here, 0, 64);
        port = sockets.localPort(listener);
        HttpListenerSettings settings =
                change.apply(HttpListenerSettings.of(root.toRealPath(), here.getHostAddress(), port));
        frontend = new HttpFrontend(
                settings,
                new HttpFrontend.Wiring(
                        loop,
                        syscalls,
                        handler,
                        files,
                        served::add,
                        new AtomicLong()::incrementAndGet,
                        InstantSource.system(),
                        closedConnections::incrementAndGet));
        Registration registration = loop.register(listener, EventLoop.IN, ready -> acceptAll());
        thread = new Thread(
                () -> {
                    loop.run();
                    frontend.close();
                    registration.close();
                },
                "loop");
        thread.start();
    }

    private void acceptAll() {
        Sockets.Accepted accepted = sockets.accept(listener, false);
        while (accepted.fd() >= 0) {
            frontend.accept(accepted.fd(), "127.0.0.1:" + accepted.port());
            accepted = sockets.accept(listener, false);
        }
    }

    /** With short waits, for tests of what happens when they are over. */
    static HttpListenerSettings impatient(HttpListenerSettings settings) {
        return new HttpListenerSettings(
                settings.root(),
                settings.host(),
                settings.port(),
                settings.scriptPath(),
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                Duration.ofMillis(200),
                100_000,
                3);
    }

    RawClient client() throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    ServedRequest nextServed() throws InterruptedException {
        return Objects.requireNonNull(served.poll(10, TimeUnit.SECONDS), "no request was logged within 10 s");
    }

    /** Runs it on the loop thread and waits. */
    <T> T onLoop(Supplier<T> task) throws InterruptedException {
        BlockingQueue<T> result = new LinkedBlockingQueue<>();
        loop.post(() -> result.add(task.get()));
        return Objects.requireNonNull(result.poll(10, TimeUnit.SECONDS), "the loop stands still");
    }

    @Override
    public void close() throws IOException {
        loop.post(loop::stop);
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        assertTrue(!thread.isAlive(), "the loop did not stop");
        files.shutdown();
        syscalls.close(listener);
        loop.close();
        assertEquals(List.of(), broken, "thrown in the loop");
    }
}
