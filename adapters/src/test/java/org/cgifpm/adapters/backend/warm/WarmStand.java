package org.cgifpm.adapters.backend.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.WarmPlan;
import org.cgifpm.adapters.backend.cgi.CgiBackend;
import org.cgifpm.adapters.backend.process.KeptEvents;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.os.CgroupTree;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.DescriptorSender;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.LoopThread;
import org.cgifpm.adapters.os.PoolCgroups;
import org.cgifpm.adapters.os.Processes;
import org.cgifpm.adapters.os.ResourceFile;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.Programs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/**
 * A backend that forks, with a real loop, real launch threads, real keepers and scripts in a folder. When it is closed,
 * its keepers are told to stop, every request must have been told of once, and neither a process nor a descriptor may be
 * left.
 */
final class WarmStand implements AutoCloseable {
    static final String PYTHON = "/usr/bin/python3";
    /** What every script begins with that answers at all. */
    static final String HEAD = "print('Content-Type: text/plain\\n')\n";

    static final String PID = HEAD + "import os\nprint(os.getpid(), os.getppid())\n";
    private static final String TEXT = "/proc/self/fd/1";

    private final Path folder;
    private final Syscalls syscalls;
    private final long openBefore = Processes.openHere();
    private final Set<Integer> childrenBefore = Processes.children();
    private final LoopThread running;
    private final int devNull;
    private final int source;
    private final List<Integer> sources = new ArrayList<>();
    private final String mark = "WARM_STAND=" + System.nanoTime();
    private final List<WarmRequest> all = new CopyOnWriteArrayList<>();
    final Optional<CgroupTree> tree;
    /** What keepers and scripts wrote to their standard error. */
    final List<String> stderr = new CopyOnWriteArrayList<>();
    /** What the log is told. */
    final List<String> infos = new CopyOnWriteArrayList<>();

    final List<String> warnings = new CopyOnWriteArrayList<>();
    final WarmBackend warm;
    final CgiBackend backend;
    private final Application usual;

    WarmStand(Path folder, Warmth settings, String... options) throws Exception {
        this(folder, new Syscalls(), settings, false, options);
    }

    /** With a control group for each keeper, and for each request that runs long. */
    static WarmStand withLeaves(Path folder, Warmth settings) throws Exception {
        return new WarmStand(folder, new Syscalls(), settings, true);
    }

    /** @param syscalls those that everything but the test itself uses */
    WarmStand(Path folder, Syscalls syscalls, Warmth settings, boolean leaves, String... options) throws Exception {
        this.folder = folder;
        this.syscalls = syscalls;
        this.running = new LoopThread(syscalls);
        this.devNull = syscalls.openAt(Syscalls.AT_FDCWD, "/dev/null", Syscalls.O_RDWR);
        this.source = ResourceFile.open(syscalls, WarmBackend.class, WarmBackend.SOURCE);
        this.tree = leaves ? CgroupTree.open(syscalls, stderr::add) : Optional.empty();
        assertEquals(leaves, tree.isPresent(), "these tests need a writable cgroup v2 tree");
        LeafSource leafSource = tree.isPresent()
                ? LeafSource.ofPool(tree.get().pool("stand", PoolCgroups.Limits.NONE, false, stderr::add))
                : null;
        ProcessSurroundings around = new ProcessSurroundings(
                running.loop,
                syscalls,
                new LaunchThreads(syscalls, 4),
                new DescriptorLimit(syscalls),
                devNull,
                ByteBuffer.allocateDirect(ProcessSurroundings.SCRATCH_SIZE),
                (exchange, script, line) -> stderr.add(line));
        this.warm = backend(around, leafSource, settings);
        this.backend = new CgiBackend(around, settings.requests(), leafSource);
        backend.forksBy(warm);
        this.usual = keeper(options);
    }

    private WarmBackend backend(ProcessSurroundings around, @Nullable LeafSource leaves, Warmth settings) {
        KeptEvents events = new KeptEvents() {
            @Override
            public void info(String line) {
                infos.add(line);
            }

            @Override
            public void warning(String line) {
                warnings.add(line);
            }
        };
        return new WarmBackend(
                around, leaves, new Sockets(syscalls), new DescriptorSender(syscalls), settings.keepers(), events);
    }

    void onLoop(LoopThread.Task task) throws Exception {
        running.run(task);
    }

    // Keepers

    /** The keeper that the project has, with those options. */
    Application keeper(String... options) {
        return keeper("python", 0, Confinement.NONE, PYTHON, source, options);
    }

    /** Another one like it. */
    Application keeperNamed(String name) {
        return keeper(name, 0, Confinement.NONE, PYTHON, source);
    }

    Application keeperOf(Confinement confinement) {
        int uid = confinement.identity().orElseThrow().uid();
        return keeper("python", uid, confinement, PYTHON, source);
    }

    /** A program of the test's own in a keeper's place; liar.py comes before it. */
    Application liar(String text) throws IOException {
        Path file = folder.resolve("liar" + sources.size() + ".py");
        try (InputStream in = WarmStand.class.getResourceAsStream("liar.py")) {
            assertNotNull(in);
            Files.writeString(file, new String(in.readAllBytes(), StandardCharsets.UTF_8) + "\n" + text);
        }
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, file.toString(), Syscalls.O_RDONLY);
        assertTrue(fd >= 0, "descriptor " + fd);
        sources.add(fd);
        return keeper("liar" + sources.size(), 0, Confinement.NONE, PYTHON, fd);
    }

    /** Any program in the interpreter's place. */
    Application keeperOfProgram(String program) {
        return keeper(program, 0, Confinement.NONE, program, source);
    }

    private Application keeper(
            String name, int uid, Confinement confinement, String program, int text, String... options) {
        List<String> command = new ArrayList<>(List.of(program, TEXT));
        command.addAll(List.of(options));
        return new Application() {
            @Override
            public Key key() {
                return new Key(name, uid);
            }

            @Override
            public LaunchPlan plan() throws RefusedException {
                return new LaunchPlan(
                        openFolder(program),
                        program,
                        command,
                        List.of("PATH=/usr/local/bin:/usr/bin:/bin", mark),
                        program,
                        confinement,
                        OptionalInt.of(text));
            }

            @Override
            public String version() {
                return "";
            }
        };
    }

    private int openFolder(String what) throws RefusedException {
        int directory = syscalls.openAt(Syscalls.AT_FDCWD, folder.toString(), Syscalls.O_PATH);
        if (directory < 0) {
            throw new RefusedException(503, what, "no descriptor for its folder");
        }
        return directory;
    }

    // Requests

    /** A script with that text, which its shebang gives to the usual interpreter. */
    String script(String name, String text) throws IOException {
        Programs.write(folder.resolve(name), "#!" + PYTHON + "\n" + text);
        return name;
    }

    FakeExchange get() {
        return exchange("GET", "");
    }

    FakeExchange exchange(String method, String body) {
        return new FakeExchange(running.loop, method, body.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Runs a script of that text. */
    WarmRequest run(String text) throws Exception {
        return run(usual, text);
    }

    WarmRequest run(Application keeper, String text) throws Exception {
        return serve(get(), keeper, script("script" + all.size() + ".py", text));
    }

    WarmRequest serve(FakeExchange exchange, String script) throws Exception {
        return serve(exchange, usual, script);
    }

    WarmRequest serve(FakeExchange exchange, Application keeper, String script, String... environment)
            throws Exception {
        return serve(exchange, keeper, Confinement.NONE, script, environment);
    }

    WarmRequest serve(
            FakeExchange exchange, Application keeper, Confinement bounds, String script, String... environment)
            throws Exception {
        WarmRequest request = new WarmRequest(exchange);
        all.add(request);
        running.run(() ->
                backend.serve(exchange, () -> new WarmPlan(plan(script, bounds, environment), keeper), request));
        return request;
    }

    private LaunchPlan plan(String script, Confinement bounds, String... more) throws RefusedException {
        List<String> environment = new ArrayList<>(List.of("PATH=/usr/local/bin:/usr/bin:/bin", mark));
        environment.addAll(List.of(more));
        return new LaunchPlan(
                openFolder(script), "./" + script, List.of("./" + script), environment, folder + "/" + script, bounds);
    }

    /** The body of the answer to a script of that text, which must be a 200. */
    String body(String text) throws Exception {
        return run(text).ok();
    }

    /** The number of the usual keeper, told by a request that it runs and that is over then. */
    int keeperPid() throws Exception {
        return keeperPid(usual);
    }

    int keeperPid(Application keeper) throws Exception {
        WarmRequest request = run(keeper, PID);
        int parent = Integer.parseInt(request.ok().strip().split(" ", -1)[1]);
        request.outcome();
        return parent;
    }

    // What can be seen

    KeeperView view() throws Exception {
        List<KeeperView> views = views();
        assertEquals(1, views.size(), views::toString);
        return views.get(0);
    }

    List<KeeperView> views() throws Exception {
        return running.call(warm::views);
    }

    long infos(String part) {
        return infos.stream().filter(line -> line.contains(part)).count();
    }

    /** Waits until the log was warned of that, once. */
    void awaitWarning(String part) {
        await(() -> assertEquals(1, warnings(part), warnings::toString));
    }

    long warnings(String part) {
        return warnings.stream().filter(line -> line.contains(part)).count();
    }

    void make(String name) throws IOException {
        Files.writeString(folder.resolve(name), "");
    }

    boolean made(String name) {
        return Files.exists(folder.resolve(name));
    }

    /** What a script wrote into that file; it must be made with another name and moved. */
    String written(String name) throws IOException {
        awaitFile(name);
        return Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1)
                .strip();
    }

    void awaitFile(String name) {
        await(() -> assertTrue(made(name), () -> "there is no file " + name + ": " + stderr));
    }

    /** Living processes of keepers and scripts. */
    Set<Integer> alive() {
        return Processes.marked(mark);
    }

    static void await(Executable assertion) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(assertion::execute);
    }

    /** Waits until nothing of any request is there any more, only keepers. */
    void awaitOnlyKeepers(int count) {
        await(() -> {
            assertEquals(count, alive().size(), () -> "processes: " + alive());
            assertEquals(0, running.call(backend::running).size());
        });
    }

    /** Waits until no process is left. */
    void awaitNothingLeft() {
        await(() -> {
            assertEquals(Set.of(), alive(), "processes of keepers and scripts");
            assertEquals(childrenBefore, Processes.children(), "children");
            assertTrue(running.call(warm::idle), "the backend says that it is idle");
        });
    }

    @Override
    public void close() throws IOException {
        try {
            settle();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            running.loop.post(backend::killAll);
            running.loop.post(warm::end);
            running.close();
            sources.forEach(syscalls::close);
            syscalls.close(source);
            syscalls.close(devNull);
            tree.ifPresent(CgroupTree::close);
        }
        await(() -> assertEquals(openBefore, Processes.openHere(), "open descriptors"));
    }

    private void settle() throws Exception {
        for (WarmRequest request : all) {
            request.outcome();
            assertTrue(request.outcomes.isEmpty(), "told twice of the end of a request");
        }
        running.run(warm::stop);
        awaitNothingLeft();
        assertEquals(List.of(), running.call(warm::views));
    }
}
