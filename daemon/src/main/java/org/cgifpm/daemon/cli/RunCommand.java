package org.cgifpm.daemon.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.config.LogLevel;
import org.cgifpm.daemon.log.DaemonLogFile;
import org.cgifpm.daemon.log.LogForm;
import org.cgifpm.daemon.log.LogWriter;
import org.cgifpm.daemon.log.Logging;
import org.cgifpm.daemon.wiring.Daemon;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cgi-fpm run}: the daemon, in the foreground. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Run the daemon in the foreground.")
public final class RunCommand implements Callable<Integer> {
    private static final long LAST_WORDS_MILLIS = 500;

    @Option(names = "-c", paramLabel = "FILE", description = "Configuration, ${DEFAULT-VALUE} if not given.")
    private Path file = Path.of(ConfigFile.DEFAULT);

    @Override
    public Integer call() throws InterruptedException {
        return run(file);
    }

    /** Runs the daemon with that configuration until it is told to stop; returns the exit code. */
    @SuppressWarnings("SystemOut")
    public static int run(Path configuration) throws InterruptedException {
        Syscalls syscalls = new Syscalls();
        String journal = System.getenv().getOrDefault("JOURNAL_STREAM", "");
        LogForm form = LogForm.ofStandardError(syscalls, journal);
        Optional<Config> config = ConfigFile.readOrTell(configuration, syscalls, System.err, form);
        if (config.isEmpty()) {
            return 2;
        }
        Optional<String> file = config.get().daemon().log();
        LogWriter log;
        try {
            log = writer(syscalls, file, form);
        } catch (SyscallException e) {
            System.err.println(form.errorMark() + "cannot start: log: " + e.getMessage());
            return 1;
        }
        Logging.start(log, level(config.get().daemon().logLevel()));
        int code = 0;
        try {
            new Daemon(
                            syscalls,
                            config.get(),
                            ConfigFile.self(syscalls),
                            () -> ConfigFile.read(configuration, syscalls),
                            level -> Logging.level(level(level)))
                    .run(System.getenv());
        } catch (SyscallException e) {
            org.slf4j.LoggerFactory.getLogger(RunCommand.class).error("cannot start: {}", e.getMessage());
            if (file.isPresent()) {
                System.err.println(form.errorMark() + "cannot start: " + e.getMessage());
            }
            code = 1;
        }
        log.flush(LAST_WORDS_MILLIS);
        return code;
    }

    private static LogWriter writer(Syscalls syscalls, Optional<String> file, LogForm form) throws SyscallException {
        return file.isPresent() ? new LogWriter(new DaemonLogFile(syscalls, file.get())) : new LogWriter(form);
    }

    static Level level(LogLevel level) {
        return switch (level) {
            case ERROR -> Level.SEVERE;
            case WARN -> Level.WARNING;
            case INFO -> Level.INFO;
            case DEBUG -> Level.FINE;
        };
    }
}
