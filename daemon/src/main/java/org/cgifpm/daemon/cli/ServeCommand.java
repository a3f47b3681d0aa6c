package org.cgifpm.daemon.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.Identity;
import org.cgifpm.daemon.log.LogWriter;
import org.cgifpm.daemon.log.Logging;
import org.cgifpm.daemon.wiring.DevelopmentServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cgi-fpm serve}: a folder of scripts in a browser, for development. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Serve a folder over HTTP for development: runs its executable scripts, shows its files.")
public final class ServeCommand implements Callable<Integer> {
    private static final int HIGHEST_PORT = 65535;
    private static final long LAST_WORDS_MILLIS = 500;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "The folder, the current one if not given.")
    private Path folder = Path.of(".");

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port, ${DEFAULT-VALUE} if not given.")
    private int port;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address, ${DEFAULT-VALUE} if not given.")
    private String bind = "127.0.0.1";

    @Override
    public Integer call() throws InterruptedException {
        LogWriter terminal = new LogWriter(System.out);
        PrintStream err = System.err;
        if (!Files.isDirectory(folder)) {
            err.println("cgi-fpm serve: " + folder + " is no folder");
            return 2;
        }
        if (port < 1 || port > HIGHEST_PORT) {
            err.println("cgi-fpm serve: --port " + port + ": must be from 1 to " + HIGHEST_PORT);
            return 2;
        }
        Syscalls syscalls = new Syscalls();
        Identity self = ConfigFile.self(syscalls);
        try {
            InetAddress address = InetAddress.getByName(bind);
            // What goes wrong with a request is told by its line and its page; this is for what is wrong with us.
            Logging.start(new LogWriter(), Level.SEVERE);
            DevelopmentServer server = new DevelopmentServer(syscalls, folder.toRealPath(), address, port, terminal);
            server.run(self, System.getenv(), () -> welcome(terminal, self, address, server.python()));
            terminal.flush(LAST_WORDS_MILLIS);
            return 0;
        } catch (UnknownHostException e) {
            err.println("cgi-fpm serve: --bind " + bind + ": no such address");
            return 2;
        } catch (SyscallException e) {
            String hint = e.errno() == Errno.EADDRINUSE ? " (choose another with --port)" : "";
            err.println("cgi-fpm serve: " + e.getMessage() + hint);
            return 1;
        } catch (IOException e) {
            err.println("cgi-fpm serve: " + e.getMessage());
            return 1;
        }
    }

    private void welcome(LogWriter terminal, Identity self, InetAddress address, Optional<String> python) {
        String host = address.getHostAddress();
        terminal.add("Serving " + folder + " at http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port
                + "/ - scripts run as " + self.name() + ", Ctrl-C stops\n");
        if (self.uid() == 0) {
            terminal.add("Warning: every script runs as root. Start it as another user for anything but a test.\n");
        }
        if (!address.isLoopbackAddress()) {
            terminal.add("Warning: others can reach this address. This server is for development.\n");
        }
        terminal.add(python.map(program -> "Python scripts run warm: each as a fork of " + program
                        + ", which has the usual modules already.\n")
                .orElse("There is no python3, so no script runs warm.\n"));
        terminal.add("What scripts write to standard error is shown here, above the line of their request.\n");
    }
}
