package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.protocol.fastcgi.Role;
import org.jspecify.annotations.Nullable;

/**
 * The FastCGI front end on a loop of its own, behind a real socket. Closing it fails the test if a connection or a
 * descriptor is left, or if something was thrown in the loop.
 */
final class RunningListener implements AutoCloseable, FrontendEvents {
    /** How it listens; every time in milliseconds, 0: no limit. */
    record Setup(
            boolean unix,
            long paramsMillis,
            long idleMillis,
            long lingerMillis,
            long bodyMax,
            AllowedPeers allowed,
            int maxConnections,
            Syscalls syscalls,
            Set<Role> roles) {
        private static final Set<Role> ONLY_RESPONDER = Set.of(Role.RESPONDER);

        static Setup onUnix() {
            return new Setup(true, 0, 0, 0, 1 << 30, new AllowedPeers.Anyone(), 64, new Syscalls(), ONLY_RESPONDER);
        }

        static Setup onTcp() {
            return of(false);
        }

        static Setup of(boolean unix) {
            return unix
                    ? onUnix()
                    : new Setup(false, 0, 0, 0, 1 << 30, new AllowedPeers.Anyone(), 64, new Syscalls(), ONLY_RESPONDER);
        }

        Setup params(long millis) {
            return new Setup(unix, millis, idleMillis, lingerMillis, bodyMax, allowed, maxConnections, syscalls, roles);
        }

        Setup idle(long millis) {
            return new Setup(
                    unix, paramsMillis, millis, lingerMillis, bodyMax, allowed, maxConnections, syscalls, roles);
        }

        Setup linger(long millis) {
            return new Setup(unix, paramsMillis, idleMillis, millis, bodyMax, allowed, maxConnections, syscalls, roles);
        }

        Setup bodies(long max) {
            return new Setup(
                    unix, paramsMillis, idleMillis, lingerMillis, max, allowed, maxConnections, syscalls, roles);
        }

        Setup allowing(AllowedPeers peers) {
            return new Setup(
                    unix, paramsMillis, idleMillis, lingerMillis, bodyMax, peers, maxConnections, syscalls, roles);
        }

        Setup connections(int max) {
            return new Setup(unix, paramsMillis, idleMillis, lingerMillis, bodyMax, allowed, max, syscalls, roles);
        }

        Setup everyRole() {
            return roles(EnumSet.allOf(Role.class));
        }

        Setup roles(Set<Role> taken) {
            return new Setup(
                    unix, paramsMillis, idleMillis, lingerMillis, bodyMax, allowed, maxConnections, syscalls, taken);
        }

        Setup on(Syscalls calls) {
            return new Setup(
                    unix, paramsMillis, idleMillis, lingerMillis, bodyMax, allowed, maxConnections, calls, roles);
        }
    }

    private static final long LONG_ENOUGH = TimeUnit.SECONDS.toNanos(30);

    private final Setup setup;
    private final long descriptorsBefore;
    private final Syscalls syscalls;
    private final Sockets sockets;
    private final List<Throwable> broken = new CopyOnWriteArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private final BlockingQueue<Handled> handled = new LinkedBlockingQueue<>();
    private final Thread thread;
    private final int fd;
    private final FastCgiListener listener;
    private final SharedBuffers buffers;
    final EventLoop loop;
    final Acceptor.Shared shared;
    final Path folder;
    final SocketAddress address;
    final List<String> failures = new CopyOnWriteArrayList<>();
    final List<String> refusals = new CopyOnWriteArrayList<>();
    final List<String> acceptFailures = new CopyOnWriteArrayList<>();
    /** Runs on the loop thread with each request; by default requests wait for {@link #take}. */
    volatile Consumer<Handled> handler = handled::add;

    RunningListener(Setup setup) throws IOException {
        Descriptors.warmUp();
        this.descriptorsBefore = Descriptors.count();
        this.setup = setup;
        this.syscalls = setup.syscalls();
        this.sockets = new Sockets(syscalls);
        this.folder = Files.createTempDirectory("fastcgi");
        this.loop = new EventLoop(syscalls, broken::add);
        this.shared = new Acceptor.Shared(
                loop, syscalls, sockets, new DescriptorLimit(syscalls), new ConnectionBudget(setup.maxConnections()));
        if (setup.unix()) {
            Path socket = folder.resolve("s");
            this.fd = sockets.listenUnix(socket.toString(), -1, -1, 0600, 64);
            this.address = UnixDomainSocketAddress.of(socket);
        } else {
            InetAddress here = InetAddress.getLoopbackAddress();
            this.fd = sockets.listenTcp(here, 0, 64);
            this.address = new InetSocketAddress(here, sockets.localPort(fd));
        }
        this.buffers = new SharedBuffers(syscalls);
        this.listener = new FastCgiListener(shared, buffers, fd, setup.unix(), setup.allowed(), limits(), this);
        this.thread = new Thread(loop::run, "loop");
        thread.start();
    }

    private ConnectionLimits limits() {
        return new ConnectionLimits(
                nanos(setup.paramsMillis()),
                nanos(setup.idleMillis()),
                setup.lingerMillis() == 0 ? LONG_ENOUGH : nanos(setup.lingerMillis()),
                setup.bodyMax(),
                80,
                setup.maxConnections(),
                folder.toString(),
                setup.roles());
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    FrontEnd connect() throws IOException {
        return new FrontEnd(SocketChannel.open(address));
    }

    /** The next request whose params are complete. */
    Handled take() throws InterruptedException {
        return Objects.requireNonNull(handled.poll(10, TimeUnit.SECONDS), "no request was handled within 10 s");
    }

    /** No request waits to be taken. */
    boolean nothingHandled() {
        return handled.isEmpty();
    }

    /** Runs it on the loop thread and waits for its result. */
    <T> T ask(Supplier<T> question) throws InterruptedException {
        BlockingQueue<T> result = new LinkedBlockingQueue<>();
        loop.post(() -> result.add(question.get()));
        return Objects.requireNonNull(result.poll(10, TimeUnit.SECONDS), "the loop stands still");
    }

    void run(Runnable task) throws InterruptedException {
        ask(() -> {
            task.run();
            return true;
        });
    }

    /** Lets the loop look at all its descriptors that often: what it wants to read by then, it has read. */
    void turns(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            run(() -> {});
        }
    }

    /** Lets so much of the loop's own time pass: timers that are due by then have fired. */
    void pass(long millis) throws InterruptedException {
        CountDownLatch passed = new CountDownLatch(1);
        loop.post(() -> loop.schedule(nanos(millis), passed::countDown));
        assertTrue(passed.await(10, TimeUnit.SECONDS), "the loop stands still");
    }

    /** Waits, at most five seconds, until it is so on the loop thread. */
    void await(BooleanSupplier condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> ask(condition::getAsBoolean));
    }

    int connections() throws InterruptedException {
        return ask(listener::connections);
    }

    void drain() throws InterruptedException {
        run(() -> listener.drain(() -> {}));
    }

    /** Temporary files that are open now. */
    long spoolFiles() throws IOException {
        return Descriptors.countBelow(folder);
    }

    @Override
    public long nextId() {
        return ids.incrementAndGet();
    }

    @Override
    public void handle(Exchange exchange, @Nullable IOException tooLarge) {
        handler.accept(new Handled(exchange, tooLarge));
    }

    @Override
    public void peerFailed(String peer, String why) {
        failures.add(why);
    }

    @Override
    public void peerRefused(String peer, String why) {
        refusals.add(why);
    }

    @Override
    public void acceptFailed(String why) {
        acceptFailures.add(why);
    }

    @Override
    public void close() throws IOException {
        try {
            await(() -> listener.connections() == 0);
            run(() -> listener.drain(() -> {}));
            loop.post(loop::stop);
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        assertFalse(thread.isAlive(), "the loop did not stop");
        syscalls.close(fd);
        loop.close();
        Files.deleteIfExists(folder.resolve("s"));
        Files.delete(folder);
        assertEquals(List.of(), broken, "thrown in the loop");
        assertEquals(0, shared.budget().open(), "places for connections still taken");
        assertEquals(0, buffers.params().held(), "bytes of params still counted");
        assertEquals(descriptorsBefore, Descriptors.count(), "open descriptors");
    }
}
