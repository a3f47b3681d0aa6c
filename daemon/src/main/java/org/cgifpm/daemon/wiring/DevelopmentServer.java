package org.cgifpm.daemon.wiring;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.frontend.Acceptor;
import org.cgifpm.adapters.frontend.AllowedPeers;
import org.cgifpm.adapters.frontend.http.HttpFrontend;
import org.cgifpm.adapters.frontend.http.HttpListenerSettings;
import org.cgifpm.adapters.frontend.http.RequestLine;
import org.cgifpm.adapters.os.Signals;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.config.CheckName;
import org.cgifpm.daemon.config.DaemonSettings;
import org.cgifpm.daemon.config.Identity;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.PythonSettings;
import org.cgifpm.daemon.config.ScriptEnvironment;
import org.cgifpm.daemon.config.ScriptRules;
import org.cgifpm.daemon.config.Severity;
import org.cgifpm.daemon.config.Symlinks;
import org.cgifpm.daemon.log.LogText;
import org.cgifpm.daemon.log.LogWriter;
import org.cgifpm.daemon.supervisor.DaemonGate;
import org.cgifpm.daemon.supervisor.python.PythonChoice;

/**
 * The development server behind {@code cgi-fpm serve}: HTTP in front of one pool over one folder, everything a
 * developer wants to know on the terminal.
 */
public final class DevelopmentServer {
    private static final String POOL = "serve";
    private static final int BACKLOG = 128;
    private static final int FILE_THREADS = 2;
    private static final Set<CheckName> ENFORCED = EnumSet.of(
            CheckName.CONTROL_CHARACTERS, CheckName.INSIDE_ROOT, CheckName.REGULAR_FILE, CheckName.EXECUTABLE);

    private final Syscalls syscalls;
    private final Path folder;
    private final InetAddress address;
    private final int port;
    private final LogWriter terminal;

    /**
     * @param folder canonical
     * @param terminal where the request lines and the scripts' standard error go
     */
    public DevelopmentServer(Syscalls syscalls, Path folder, InetAddress address, int port, LogWriter terminal) {
        this.syscalls = syscalls;
        this.folder = folder;
        this.address = address;
        this.port = port;
        this.terminal = terminal;
    }

    /**
     * Serves until TERM, INT or HUP (the JVM alone would end on HUP and leave its children). The calling thread becomes the loop thread.
     *
     * @param ready told once connections are accepted
     * @throws SyscallException if the address cannot be listened on, or the kernel refuses something else
     */
    public void run(Identity self, Map<String, String> environment, Runnable ready) throws SyscallException {
        DaemonSettings daemon = DaemonSettings.DEFAULT;
        Machine machine = new Machine(
                syscalls,
                daemon.launchThreads(),
                daemon.maxConnections(),
                System.getProperty("java.io.tmpdir", "/tmp"),
                new AdvisingStderr((exchange, script, line) -> note(script, LogText.ofBytes(line)), this::note));
        Sockets sockets = machine.acceptors().sockets();
        int fd = sockets.listenTcp(address, port, BACKLOG);
        Pool pool = Pool.alone(machine, settings(), new DaemonGate(daemon.maxChildren()), self.name());
        ExecutorService files = Executors.newFixedThreadPool(FILE_THREADS, DevelopmentServer::fileThread);
        RequestNumbers ids = new RequestNumbers(machine);
        HttpFrontend http = http(machine, pool, ids, files, environment);
        Acceptor acceptor = new Acceptor(
                machine.acceptors(),
                fd,
                false,
                new AllowedPeers.Anyone(),
                new PoolEvents(POOL, ids, pool.supervisor()),
                http::accept);
        StopSequence stop = new StopSequence(
                machine.loop(),
                List.of(pool),
                0,
                () -> {
                    pool.supervisor().stop();
                    acceptor.close();
                    syscalls.close(fd);
                    http.stop();
                },
                http::connections);
        for (String signal : List.of("TERM", "INT", "HUP")) {
            Signals.on(signal, () -> machine.loop().post(() -> stop.signalled("SIG" + signal)));
        }
        ready.run();
        machine.loop().run();
        machine.workerSockets().remove();
        http.close();
        files.shutdownNow();
    }

    private void note(String script, String words) {
        terminal.add("          " + LogText.ofBytes(fileName(script)) + ": " + words + "\n");
    }

    /** The Python that scripts are forked from if they name {@code python3}; empty if there is none, and all run cold. */
    public Optional<String> python() {
        return PythonChoice.usual(syscalls, ScriptEnvironment.DEFAULT.path());
    }

    private HttpFrontend http(
            Machine machine, Pool pool, LongSupplier ids, ExecutorService files, Map<String, String> environment) {
        boolean colours = RequestLine.wanted(syscalls.isTerminal(1), environment);
        RequestLine line = new RequestLine(colours, ZoneId.systemDefault());
        return new HttpFrontend(
                HttpListenerSettings.of(folder, address.getHostAddress(), port),
                new HttpFrontend.Wiring(
                        machine.loop(),
                        syscalls,
                        pool.supervisor(),
                        files,
                        served -> terminal.add(line.format(served) + "\n"),
                        ids,
                        InstantSource.system(),
                        machine.acceptors().budget()::release));
    }

    private PoolSettings settings() {
        ListenAddress listen = new ListenAddress.Tcp(address.getHostAddress(), port);
        PoolSettings defaults = PoolSettings.defaults(POOL, listen, ByteText.fromText(folder.toString()));
        return new PoolSettings(
                defaults.name(),
                defaults.listen(),
                defaults.root(),
                defaults.mode(),
                defaults.identity(),
                defaults.limits(),
                lenient(),
                defaults.admission(),
                defaults.timeouts(),
                defaults.onAbort(),
                defaults.background(),
                defaults.requestBodyMax(),
                defaults.environment(),
                defaults.logs(),
                defaults.pages(),
                defaults.workers(),
                python().map(program -> PythonSettings.OF_SCRIPTS));
    }

    /** A developer's own folder, where umask 002 is no attack: only what could not be run anyway is refused. */
    private static ScriptRules lenient() {
        Map<CheckName, Severity> severities = new EnumMap<>(CheckName.class);
        for (CheckName check : CheckName.values()) {
            severities.put(check, ENFORCED.contains(check) ? Severity.ENFORCE : Severity.OFF);
        }
        return new ScriptRules(Optional.empty(), Map.of(), severities, Symlinks.FOLLOW);
    }

    private static Thread fileThread(Runnable work) {
        Thread thread = new Thread(work, "files");
        thread.setDaemon(true);
        return thread;
    }

    private static String fileName(String script) {
        return script.substring(script.lastIndexOf('/') + 1);
    }
}
