package org.cgifpm.daemon.control;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.cgifpm.adapters.backend.worker.GroupView;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.status.DaemonReport;
import org.cgifpm.daemon.status.PoolCounters;
import org.cgifpm.daemon.status.PoolReport;
import org.cgifpm.daemon.status.PoolState;
import org.cgifpm.daemon.status.RunningReport;

/** A control server on a loop of its own, behind which nothing is but what a test has set. */
public final class FakeDaemon implements AutoCloseable, Administration {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What was asked for, in words. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    public volatile ReloadResult reloaded =
            new ReloadResult.Done(List.of("new"), List.of(), List.of(), List.of("alpha"), List.of());
    public volatile List<RunningReport> runs = List.of();
    public volatile List<PoolReport> pools = List.of(pool("alpha"), pool("beta"));
    /** Where a drain is answered; a test that lets one wait calls it itself. */
    public volatile boolean drainsAtOnce = true;

    private final List<Consumer<String>> draining = new ArrayList<>();
    private final Syscalls syscalls = new Syscalls();
    private final List<Throwable> broken = new CopyOnWriteArrayList<>();
    private final ControlSocket socket;
    private final EventLoop loop;
    private final Thread thread;

    public FakeDaemon(Path path) throws SyscallException {
        socket = ControlSocket.open(syscalls, new Sockets(syscalls), ByteText.fromText(path.toString()));
        loop = new EventLoop(syscalls, broken::add);
        new ControlServer(loop, syscalls, socket, this);
        thread = new Thread(loop::run, "loop");
        thread.setDaemon(true);
        thread.start();
    }

    public static PoolReport pool(String name, GroupView... workers) {
        return new PoolReport(
                PoolSettings.defaults(name, new ListenAddress.Tcp("127.0.0.1", 9000), "/srv"),
                PoolState.UP,
                1000,
                7,
                2,
                3,
                4,
                new PoolReport.Peaks(5, 6, 1),
                0,
                new PoolCounters().values(),
                List.of(workers),
                List.of());
    }

    @Override
    public DaemonReport report() {
        return new DaemonReport("1.2.3", 4711, "root", "/x.toml", 1000, 61_000, 2, 0, false, 9, 4096, 3, 256, pools);
    }

    @Override
    public void running(Consumer<List<RunningReport>> told) {
        told.accept(runs);
    }

    @Override
    public void reload(Consumer<ReloadResult> told) {
        asked.add("reload");
        loop.post(() -> told.accept(reloaded));
    }

    @Override
    public void stop(boolean atOnce) {
        asked.add("stop " + atOnce);
        loop.schedule(EventLoop.MILLIS, loop::stop);
    }

    @Override
    public void reopenLogs() {
        asked.add("reopen");
    }

    @Override
    public void drain(String pool, Consumer<String> told) {
        asked.add("drain " + pool);
        if (drainsAtOnce) {
            told.accept("");
        } else {
            draining.add(told);
        }
    }

    /** All drains that wait are done. */
    public void drained() {
        loop.post(() -> draining.forEach(told -> told.accept("")));
    }

    @Override
    public boolean kill(long id) {
        asked.add("kill " + id);
        return id == 17;
    }

    @Override
    public int killUser(int uid) {
        asked.add("kill uid " + Integer.toUnsignedString(uid));
        return 3;
    }

    /** Does nothing until the returned latch is counted down. */
    public CountDownLatch hang() {
        CountDownLatch goOn = new CountDownLatch(1);
        loop.post(() -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return goOn;
    }

    /** Waits until it has been stopped over its socket. */
    public void awaitStopped() throws InterruptedException {
        thread.join(LIMIT.toMillis());
        if (thread.isAlive()) {
            throw new AssertionError("still running");
        }
    }

    @Override
    public void close() {
        loop.post(loop::stop);
        try {
            thread.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        socket.close();
        loop.close();
        if (!broken.isEmpty()) {
            throw new AssertionError("thrown in the loop", broken.get(0));
        }
    }
}
