package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.backend.process.KeptEvents;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.LoopThread;
import org.cgifpm.adapters.os.Processes;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.Syscalls;
import org.junit.jupiter.api.function.Executable;

/**
 * Direct workers with a real loop, real launch threads, a real socket and direct.py. When it is closed the workers are
 * stopped, and neither a process nor a descriptor may be left.
 */
final class DirectStand implements AutoCloseable {
    private static final int BACKLOG = 128;

    private final Path folder;
    private final Path socket;
    private final Syscalls syscalls = new Syscalls();
    private final LoopThread running;
    private final int devNull;
    private final int listener;
    private final String mark = "DIRECT_STAND=" + System.nanoTime();
    private final long openBefore = Processes.openHere();
    private final Set<Integer> childrenBefore = Processes.children();
    private final ExecutorService clients = Executors.newCachedThreadPool();
    final List<String> infos = new CopyOnWriteArrayList<>();
    final List<String> warnings = new CopyOnWriteArrayList<>();
    final DirectWorkers workers;
    volatile long leavingNanos = Settings.seconds(30);

    DirectStand(Path folder, Settings settings, String... arguments) throws Exception {
        this.folder = folder;
        this.socket = folder.resolve("pool.sock");
        this.running = new LoopThread(syscalls);
        this.devNull = syscalls.openAt(Syscalls.AT_FDCWD, "/dev/null", Syscalls.O_RDWR);
        try (InputStream app = DirectStand.class.getResourceAsStream("direct.py")) {
            assertNotNull(app);
            Files.write(folder.resolve("direct.py"), app.readAllBytes());
        }
        Files.setPosixFilePermissions(folder.resolve("direct.py"), PosixFilePermissions.fromString("rwxr-xr-x"));
        this.listener = new Sockets(syscalls).listenUnix(socket.toString(), -1, -1, 0600, BACKLOG);
        ProcessSurroundings around = new ProcessSurroundings(
                running.loop,
                syscalls,
                new LaunchThreads(syscalls, 4),
                new DescriptorLimit(syscalls),
                devNull,
                ByteBuffer.allocateDirect(ProcessSurroundings.SCRATCH_SIZE),
                (exchange, script, line) -> {});
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
        Application application = application(arguments);
        this.workers = running.call(() ->
                new DirectWorkers(around, null, settings.relay(), events, application, listener, () -> leavingNanos));
        running.run(workers::open);
    }

    private Application application(String... arguments) {
        return new Application() {
            @Override
            public Key key() {
                return new Key("/direct.py", 0);
            }

            @Override
            public LaunchPlan plan() throws RefusedException {
                int directory = syscalls.openAt(Syscalls.AT_FDCWD, folder.toString(), Syscalls.O_PATH);
                List<String> command = new ArrayList<>(List.of("./direct.py"));
                command.addAll(List.of(arguments));
                List<String> environment = List.of("PATH=/usr/local/bin:/usr/bin:/bin", mark);
                return new LaunchPlan(directory, "./direct.py", command, environment, "/direct.py", Confinement.NONE);
            }

            @Override
            public String version() {
                return "";
            }
        };
    }

    void onLoop(LoopThread.Task task) throws Exception {
        running.run(task);
    }

    GroupView view() throws Exception {
        return running.call(workers::view);
    }

    /** Connects now; what the worker answers comes later, "" if it ends without an answer. */
    CompletableFuture<String> ask(String what) throws IOException {
        SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX);
        connection.connect(UnixDomainSocketAddress.of(socket));
        connection.write(ByteBuffer.wrap((what + "\n").getBytes(StandardCharsets.US_ASCII)));
        CompletableFuture<String> answer = new CompletableFuture<>();
        clients.execute(() -> {
            try (connection) {
                answer.complete(
                        new String(Channels.newInputStream(connection).readAllBytes(), StandardCharsets.US_ASCII));
            } catch (IOException e) {
                answer.complete("");
            }
        });
        return answer;
    }

    /** Nothing wakes the loop for so long. */
    void awaitQuiet(Duration length) {
        long[] last = {running.loop.turns()};
        Awaitility.await().atMost(length.plusSeconds(15)).during(length).until(() -> {
            boolean same = running.loop.turns() == last[0];
            last[0] = running.loop.turns();
            return same;
        });
    }

    void make(String name) throws IOException {
        Files.writeString(folder.resolve(name), "");
    }

    void remove(String name) throws IOException {
        Files.delete(folder.resolve(name));
    }

    long logged(String beginning) throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log)
                ? Files.readAllLines(log).stream()
                        .filter(line -> line.startsWith(beginning))
                        .count()
                : 0;
    }

    /** Living processes of workers. */
    Set<Integer> alive() {
        return Processes.marked(mark);
    }

    static void await(Executable assertion) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(assertion::execute);
    }

    void awaitNothingLeft() {
        await(() -> {
            assertEquals(Set.of(), alive(), "processes of workers");
            assertEquals(childrenBefore, Processes.children(), "children");
            assertEquals(true, running.call(workers::idle), "they say that they are no more");
        });
    }

    @Override
    public void close() throws IOException {
        try {
            running.loop.post(() -> workers.stop(true));
            awaitNothingLeft();
        } finally {
            running.loop.post(workers::killAll);
            running.close();
            syscalls.close(devNull);
            syscalls.close(listener);
            clients.shutdownNow();
        }
        await(() -> assertEquals(openBefore, Processes.openHere(), "open descriptors"));
    }
}
