package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.backend.process.ChainProbe;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.os.CgroupTree;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.LoopThread;
import org.cgifpm.adapters.os.PoolCgroups;
import org.cgifpm.adapters.os.Processes;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.Programs;
import org.jspecify.annotations.Nullable;

/**
 * A backend with a real loop, real launch threads and scripts in a folder. When it is closed, every request must have
 * been told of once, and neither a process nor a descriptor of any may be left.
 */
final class CgiStand implements AutoCloseable {
    static final CgiSettings USUAL = new CgiSettings("test", seconds(5), seconds(30), seconds(1) / 5, true);

    private final Path folder;
    private final Syscalls syscalls = new Syscalls();
    private final LoopThread running = new LoopThread(syscalls);
    private final int devNull = syscalls.openAt(Syscalls.AT_FDCWD, "/dev/null", Syscalls.O_RDWR);
    private final String mark = "CGI_STAND=" + System.nanoTime();
    private final long openBefore;
    private final Set<Integer> childrenBefore = Processes.children();
    private final List<Served> all = new ArrayList<>();
    final List<String> stderr = new CopyOnWriteArrayList<>();
    final DescriptorLimit descriptors = new DescriptorLimit(syscalls);
    final Optional<CgroupTree> tree;
    private final ProcessSurroundings around;
    final CgiBackend backend;
    /** As whom and within which bounds scripts run; set before they are served. */
    volatile Confinement confinement = Confinement.NONE;

    /** A request under way: what its front end sees, and what the supervisor is told. */
    static final class Served {
        final FakeExchange exchange;
        final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
        private int told;

        Served(FakeExchange exchange) {
            this.exchange = exchange;
        }

        FakeExchange.Answer answer() throws Exception {
            return exchange.answer();
        }

        Outcome outcome() throws InterruptedException {
            Outcome outcome = outcomes.poll(15, TimeUnit.SECONDS);
            assertTrue(outcome != null, "nobody was told of the end of the request");
            told++;
            return outcome;
        }

        boolean over() {
            return !outcomes.isEmpty();
        }
    }

    CgiStand(Path folder) throws IOException {
        this(folder, USUAL);
    }

    CgiStand(Path folder, CgiSettings settings) throws IOException {
        this(folder, settings, false);
    }

    /** @param leaves whether each request gets a control group */
    CgiStand(Path folder, CgiSettings settings, boolean leaves) throws IOException {
        this(folder, settings, leaves, null);
    }

    /** @param source where each request gets its control group from instead */
    CgiStand(Path folder, CgiSettings settings, LeafSource source) throws IOException {
        this(folder, settings, false, source);
    }

    private CgiStand(Path folder, CgiSettings settings, boolean leaves, @Nullable LeafSource source)
            throws IOException {
        this.folder = folder;
        this.tree = leaves ? CgroupTree.open(syscalls, why -> stderr.add(why)) : Optional.empty();
        assertEquals(leaves, tree.isPresent(), "these tests need a writable cgroup v2 tree");
        ProcessSurroundings around = new ProcessSurroundings(
                running.loop,
                syscalls,
                new LaunchThreads(syscalls, 4),
                descriptors,
                devNull,
                ByteBuffer.allocateDirect(ProcessSurroundings.SCRATCH_SIZE),
                (exchange, script, line) -> stderr.add(line));
        this.around = around;
        this.backend = new CgiBackend(
                around,
                settings,
                tree.isPresent()
                        ? LeafSource.ofPool(
                                tree.get().pool("stand", PoolCgroups.Limits.NONE, false, why -> stderr.add(why)))
                        : source);
        this.openBefore = Processes.openHere();
    }

    static long seconds(long seconds) {
        return seconds * 1000 * EventLoop.MILLIS;
    }

    static CgiSettings with(long launchNanos, long requestNanos, boolean killOnAbort) {
        return new CgiSettings("test", launchNanos, requestNanos, USUAL.killGraceNanos(), killOnAbort);
    }

    ChainProbe probe() {
        return new ChainProbe(around, null);
    }

    EventLoop loop() {
        return running.loop;
    }

    void onLoop(LoopThread.Task task) throws Exception {
        running.run(task);
    }

    /** A shell script with that body; its name is the program's. */
    String shell(String text) throws IOException {
        return file("script" + all.size() + "-" + System.nanoTime(), "#!/bin/sh\n" + text + "\n", "rwxr-xr-x");
    }

    String file(String name, String text, String permissions) throws IOException {
        Programs.write(folder.resolve(name), text, permissions);
        return name;
    }

    FakeExchange get() {
        return exchange("GET", "");
    }

    FakeExchange exchange(String method, String body) {
        return new FakeExchange(running.loop, method, body.getBytes(StandardCharsets.ISO_8859_1));
    }

    Served run(String text) throws Exception {
        return serve(get(), shell(text));
    }

    Served serve(FakeExchange exchange, String script, String... more) throws Exception {
        return serve(exchange, () -> plan(script, more));
    }

    Served serve(FakeExchange exchange, Backend.Planner planner) throws Exception {
        Served served = new Served(exchange);
        all.add(served);
        running.run(() -> backend.serve(exchange, planner, served.outcomes::add));
        return served;
    }

    /** The script in its folder, with the fixed PATH, a mark to find its processes by, and what else is wanted. */
    LaunchPlan plan(String script, String... more) throws RefusedException {
        return planIn(folder, script, confinement, more);
    }

    LaunchPlan planIn(Path home, String script, Confinement bounds, String... more) throws RefusedException {
        int directory = syscalls.openAt(Syscalls.AT_FDCWD, home.toString(), Syscalls.O_PATH);
        if (directory < 0) {
            throw new RefusedException(503, script, "no descriptor");
        }
        List<String> environment = new ArrayList<>(List.of("PATH=/usr/local/bin:/usr/bin:/bin", mark));
        environment.addAll(List.of(more));
        return new LaunchPlan(
                directory, "./" + script, List.of("./" + script), environment, home + "/" + script, bounds);
    }

    /** Waits until a script has made that file. */
    void awaitFile(String name) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(folder.resolve(name)));
    }

    /** Scripts wait for files: {@code while [ ! -e NAME ]; do sleep 0.02; done}. */
    void make(String name) throws IOException {
        Files.writeString(folder.resolve(name), "");
    }

    /** Living processes that any of the scripts started. */
    Set<Integer> alive() {
        return Processes.marked(mark);
    }

    @Override
    public void close() {
        try {
            for (Served served : all) {
                if (served.told == 0) {
                    served.outcome();
                }
                assertTrue(served.outcomes.isEmpty(), "told twice of the end of a request");
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertEquals(openBefore, Processes.openHere(), "open descriptors"));
            assertEquals(childrenBefore, Processes.children(), "children");
            assertEquals(Set.of(), alive(), "processes of scripts");
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        } finally {
            running.loop.post(backend::killAll);
            running.close();
            syscalls.close(devNull);
            tree.ifPresent(CgroupTree::close);
        }
    }
}
