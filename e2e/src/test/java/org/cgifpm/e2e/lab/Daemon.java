package org.cgifpm.e2e.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The daemon under test, a process of its own, started as a user would: {@code ./cgi-fpm run -c FILE}.
 *
 * <p>Every script it runs carries a mark in its environment, so that what it leaves behind can be found wherever it
 * hides. {@link #stopCleanly} is the only good end: it looks for leftovers.
 */
public final class Daemon {
    /** With a cold page cache and a busy machine; the promise of 0.6 s is measured elsewhere. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private static final String CONTROL = "control.sock";
    private static final String CONFIGURATION = "cgi-fpm.toml";

    private final RunningProcess process;
    private final List<Pool> pools;
    private final String mark;
    private final Path folder;
    private final String settings;

    /**
     * @param folder with its configuration and its control socket
     * @param settings the lines of {@code [daemon]}
     */
    private Daemon(RunningProcess process, List<Pool> pools, String mark, Path folder, String settings) {
        this.process = process;
        this.pools = new ArrayList<>(pools);
        this.mark = mark;
        this.folder = folder;
        this.settings = settings;
    }

    /** How a daemon is started when a test wants more than {@link Lab#daemon}. */
    public static final class Starter {
        private final Path folder;
        private final String mark = UUID.randomUUID().toString();
        private final List<Pool> pools = new ArrayList<>();
        private final Map<String, String> environment = new HashMap<>();
        private final List<String> wrapper = new ArrayList<>();
        private final StringBuilder settings = new StringBuilder();

        Starter(Path folder) {
            this.folder = folder;
            // The JDK that the daemon shall run on, when it is another one than the default.
            String javaHome = System.getenv("CGI_FPM_JAVA_HOME");
            if (javaHome != null) {
                environment.put("JAVA_HOME", javaHome);
            }
        }

        public Starter pool(Pool pool) {
            pools.add(pool.environment("E2E_MARK", mark));
            return this;
        }

        /** A key of {@code [daemon]}; {@code value} as it stands in the file. */
        public Starter setting(String key, String value) {
            settings.append(key + " = " + value + "\n");
            return this;
        }

        public Starter environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** A command that gets the daemon's command line as its last arguments and executes it. */
        public Starter through(String... command) {
            wrapper.addAll(List.of(command));
            return this;
        }

        /** Returns when every pool accepts connections. */
        public Daemon start() {
            Path file = folder.resolve(CONFIGURATION);
            write(folder, settings.toString(), pools);
            List<String> command = new ArrayList<>(wrapper);
            command.addAll(List.of(Repository.launcher().toString(), "run", "-c", file.toString()));
            Daemon daemon = new Daemon(
                    RunningProcess.start("cgi-fpm", folder, environment, command),
                    pools,
                    mark,
                    folder,
                    settings.toString());
            daemon.awaitListening();
            return daemon;
        }
    }

    private static void write(Path folder, String settings, List<Pool> pools) {
        StringBuilder toml = new StringBuilder("[daemon]\ncontrol = \"" + folder.resolve(CONTROL) + "\"\n" + settings);
        pools.forEach(pool -> toml.append(pool.toml()));
        try {
            Files.writeString(folder.resolve(CONFIGURATION), toml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes another configuration, with these pools instead of those that it has. */
    public void configure(List<Pool> wanted) {
        for (Pool pool : wanted) {
            pool.environment("E2E_MARK", mark);
            if (!pools.contains(pool)) {
                pools.add(pool);
            }
        }
        write(folder, settings, wanted);
    }

    /** Has it read its configuration again; what it logs of that, when it is in force or refused. */
    public String reload() {
        int before = log().length();
        signal("HUP");
        Awaitility.await("the end of a reload")
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> log().substring(before).lines().anyMatch(Daemon::endsReload));
        return log().substring(before);
    }

    private static boolean endsReload(String line) {
        return line.contains("reloaded: ") || line.contains("reload refused");
    }

    /** Sends it a signal, named without SIG. */
    public void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .start()
                    .waitFor();
            assertEquals(0, code, "kill -" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** The file that it was started with. */
    public Path configuration() {
        return folder.resolve(CONFIGURATION);
    }

    /** Where its configuration, its control socket and the sockets of its workers lie. */
    public Path folder() {
        return folder;
    }

    public boolean alive() {
        return process.alive();
    }

    public String log() {
        return process.output();
    }

    /** The live processes that this daemon's scripts are or have left. */
    public List<Long> scripts() {
        return Proc.withEnvironment("E2E_MARK=" + mark);
    }

    /** Waits until no script is left, and says which are when it takes too long. */
    public void awaitNoScripts(Duration limit) {
        Awaitility.await("no script left of "
                        + scripts().stream().map(Proc::command).toList())
                .atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> scripts().isEmpty());
    }

    /** Waits until every child that has ended is waited for: the daemon may be a moment behind the kernel. */
    public void awaitNoZombies(Duration limit) {
        Awaitility.await("no child that has ended and that nobody has waited for")
                .atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Proc.zombies(pid()), List::isEmpty);
    }

    public void terminate() {
        process.terminate();
    }

    public int awaitExit(Duration limit) {
        return process.awaitExit(limit);
    }

    /** Sends TERM; then the exit status must be 0, and no process and no socket file may be left. */
    public void stopCleanly(Duration limit) {
        terminate();
        int status = awaitExit(limit);
        assertNothingLeft();
        assertEquals(0, status, "exit status of a daemon that got TERM");
        assertFalse(log().contains("stopped with work left"), "it gave up");
    }

    /** No script of this daemon runs, and its socket files are gone. */
    public void assertNothingLeft() {
        assertEquals(
                List.of(), scripts().stream().map(Proc::command).toList(), "processes that the daemon left behind");
        List<Path> files = new ArrayList<>(List.of(folder.resolve(CONTROL)));
        pools.stream().filter(Pool::isUnix).map(Pool::socket).forEach(files::add);
        files.removeIf(file -> !Files.exists(file));
        files.addAll(workerFolders());
        assertEquals(List.of(), files, "socket files that the daemon left behind");
    }

    /** The folders with sockets of workers that lie beside the control socket: that of a running daemon, or leftovers. */
    public List<Path> workerFolders() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("workers-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For the end of a failed test: ends the daemon and everything it started. */
    void destroy() {
        process.stop();
        scripts().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private void awaitListening() {
        Awaitility.await("every pool accepts connections")
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    if (!process.alive()) {
                        throw new AssertionError("the daemon ended at once:\n" + log());
                    }
                    return pools.stream().allMatch(pool -> accepts(pool.address()));
                });
    }

    private static boolean accepts(SocketAddress address) {
        try (SocketChannel channel = SocketChannel.open(address)) {
            return channel.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
