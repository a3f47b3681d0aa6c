package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.backend.process.KeptEvents;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.buffers.BufferPool;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.LoopThread;
import org.cgifpm.adapters.os.Processes;
import org.cgifpm.adapters.os.SocketFolder;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.testing.FakeExchange;
import org.junit.jupiter.api.function.Executable;

/**
 * A worker backend with a real loop, real launch threads and app.py in a folder. When it is closed, the backend is
 * stopped, every request must have been told of once, and neither a process, a descriptor nor a socket may be left.
 */
final class WorkerStand implements AutoCloseable {
    private final Path folder;
    private final Path sockets;
    private final Syscalls syscalls;
    final LoopThread running;
    private final int devNull;
    private final String mark = "WORKER_STAND=" + System.nanoTime();
    private final long openBefore;
    private final Set<Integer> childrenBefore = Processes.children();
    private final List<RelayedRequest> all = new CopyOnWriteArrayList<>();
    private final SocketFolder socketFolder;
    /** What workers and requests wrote to their standard error. */
    final List<String> stderr = new CopyOnWriteArrayList<>();
    /** What the log is told. */
    final List<String> infos = new CopyOnWriteArrayList<>();

    final List<String> warnings = new CopyOnWriteArrayList<>();
    /** What the supervisor is told of how many requests a worker takes. */
    final List<Integer> concurrencies = new CopyOnWriteArrayList<>();

    final WorkerBackend backend;
    private final Application usual;
    /** What {@link Application#version} says. */
    volatile String version = "";

    WorkerStand(Path folder, Settings settings, String... arguments) throws Exception {
        this(folder, new Syscalls(), settings, arguments);
    }

    /** @param syscalls those that everything but the test itself uses */
    WorkerStand(Path folder, Syscalls syscalls, Settings settings, String... arguments) throws Exception {
        this.folder = folder;
        this.sockets = folder.resolve("run");
        this.syscalls = syscalls;
        this.openBefore = Processes.openHere();
        this.running = new LoopThread(syscalls);
        this.devNull = syscalls.openAt(Syscalls.AT_FDCWD, "/dev/null", Syscalls.O_RDWR);
        try (InputStream app = WorkerStand.class.getResourceAsStream("app.py")) {
            assertNotNull(app);
            Files.write(folder.resolve("app.py"), app.readAllBytes());
        }
        Files.setPosixFilePermissions(folder.resolve("app.py"), PosixFilePermissions.fromString("rwxr-xr-x"));
        this.socketFolder = new SocketFolder(syscalls, new Sockets(syscalls), sockets.toString());
        ProcessSurroundings around = new ProcessSurroundings(
                running.loop,
                syscalls,
                new LaunchThreads(syscalls, 4),
                new DescriptorLimit(syscalls),
                devNull,
                ByteBuffer.allocateDirect(ProcessSurroundings.SCRATCH_SIZE),
                (exchange, script, line) -> stderr.add(line));
        this.backend =
                new WorkerBackend(around, null, socketFolder, new BufferPool(), settings.relay(), new KeptEvents() {
                    @Override
                    public void info(String line) {
                        infos.add(line);
                    }

                    @Override
                    public void warning(String line) {
                        warnings.add(line);
                    }
                });
        backend.onConcurrency(concurrencies::add);
        this.usual = application("app.py", arguments);
    }

    EventLoop loop() {
        return running.loop;
    }

    void onLoop(LoopThread.Task task) throws Exception {
        running.run(task);
    }

    /** The application of that program, with those arguments; each name is one of its own. */
    Application application(String name, String... arguments) {
        return applicationOf(0, name, arguments);
    }

    /** The same, counted for that user; it runs as the tests do. */
    Application applicationOf(int uid, String name, String... arguments) {
        return new Application() {
            @Override
            public Key key() {
                return new Key("/" + name, uid);
            }

            @Override
            public LaunchPlan plan() throws RefusedException {
                int directory = syscalls.openAt(Syscalls.AT_FDCWD, folder.toString(), Syscalls.O_PATH);
                if (directory < 0) {
                    throw new RefusedException(503, "/" + name, "no descriptor for its folder");
                }
                List<String> command = new ArrayList<>(List.of("./app.py"));
                command.addAll(List.of(arguments));
                List<String> environment = List.of("PATH=/usr/local/bin:/usr/bin:/bin", mark);
                return new LaunchPlan(directory, "./app.py", command, environment, "/" + name, Confinement.NONE);
            }

            @Override
            public String version() {
                return version;
            }
        };
    }

    /** Starts what is there before any request. */
    void open() throws Exception {
        running.run(() -> backend.open(usual));
    }

    // Requests

    FakeExchange exchange(String method, String query, String body) {
        FakeExchange exchange = new FakeExchange(running.loop, method, body.getBytes(StandardCharsets.ISO_8859_1));
        exchange.params().add("QUERY_STRING", query);
        return exchange;
    }

    RelayedRequest get(String query) throws Exception {
        return serve(exchange("GET", query, ""));
    }

    RelayedRequest post(String query, String body) throws Exception {
        return serve(exchange("POST", query, body));
    }

    RelayedRequest serve(FakeExchange exchange) throws Exception {
        return serve(exchange, usual);
    }

    RelayedRequest serve(FakeExchange exchange, Application application) throws Exception {
        RelayedRequest request = new RelayedRequest(exchange);
        all.add(request);
        running.run(() -> backend.relay(exchange, new RelayPlan(application, exchange.params()), request));
        return request;
    }

    /** The body of the answer to a GET, which must be a 200. */
    String body(String query) throws Exception {
        return get(query).ok();
    }

    // What can be seen

    GroupView group() throws Exception {
        List<GroupView> groups = running.call(backend::groups);
        assertEquals(1, groups.size());
        return groups.get(0);
    }

    /** Idle and starting and busy workers of all applications. */
    int workers() throws Exception {
        return running.call(() -> backend.groups().stream()
                .mapToInt(group -> group.starting() + group.idle() + group.busy())
                .sum());
    }

    boolean quiet() throws Exception {
        return running.call(() ->
                backend.groups().stream().allMatch(group -> group.busy() + group.starting() + group.waiting() == 0));
    }

    /** The lines that the application wrote about itself. */
    List<String> log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readAllLines(log, StandardCharsets.ISO_8859_1) : List.of();
    }

    long logged(String beginning) throws IOException {
        return log().stream().filter(line -> line.startsWith(beginning)).count();
    }

    void awaitLogged(String beginning, int times) {
        await(() -> assertTrue(logged(beginning) >= times, () -> beginning + " fewer than " + times + " times"));
    }

    void make(String name) throws IOException {
        Files.writeString(folder.resolve(name), "");
    }

    void remove(String name) throws IOException {
        Files.delete(folder.resolve(name));
    }

    boolean made(String name) {
        return Files.exists(folder.resolve(name));
    }

    /** Living processes of workers. */
    Set<Integer> alive() {
        return Processes.marked(mark);
    }

    int socketFiles() throws IOException {
        if (!Files.exists(sockets)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(sockets)) {
            return (int) files.filter(file -> file.toString().endsWith(".sock")).count();
        }
    }

    static void await(Executable assertion) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(assertion::execute);
    }

    /** Waits until what is open and alive is what it was before there was anything. */
    void awaitNothingLeft() throws Exception {
        await(() -> {
            assertEquals(Set.of(), alive(), "processes of workers");
            assertEquals(childrenBefore, Processes.children(), "children");
            assertEquals(0, socketFiles(), "socket files");
            assertTrue(running.call(backend::idle), "the backend says that it is idle");
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
            socketFolder.remove();
            running.close();
            syscalls.close(devNull);
        }
        await(() -> assertEquals(openBefore, Processes.openHere(), "open descriptors"));
    }

    private void settle() throws Exception {
        for (RelayedRequest request : all) {
            request.outcome();
            assertTrue(request.outcomes.isEmpty(), "told twice of the end of a request");
        }
        running.run(backend::stop);
        awaitNothingLeft();
        assertEquals(List.of(), running.call(backend::groups));
    }
}
