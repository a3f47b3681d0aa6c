package org.cgifpm.daemon.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.cgifpm.daemon.config.ControlKey;
import org.cgifpm.daemon.control.ControlClient;
import org.cgifpm.daemon.control.ControlException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which daemon is spoken to: the options that all commands share which speak to one, and how they fail. */
final class DaemonOptions {
    private static final int USAGE = 2;

    @Option(
            names = "-c",
            paramLabel = "FILE",
            description = "Configuration of the daemon, " + ConfigFile.DEFAULT
                    + " if not given. Only its control socket is looked for.")
    private @Nullable Path file;

    @Option(
            names = "--control",
            paramLabel = "SOCKET",
            description = "The daemon's control socket; no configuration is read.")
    private @Nullable Path control;

    /** What is said to a daemon; returns the exit code. */
    interface Talk {
        int with(ControlClient daemon) throws ControlException;
    }

    /** Has that talk; says to {@code err} why it could not be, or what the daemon does not like. */
    int talk(PrintWriter err, Talk talk) {
        try (ControlClient daemon = connect()) {
            return talk.with(daemon);
        } catch (ControlException e) {
            e.problems().forEach(problem -> err.println(Shown.text(problem)));
            return e.exitCode();
        } finally {
            err.flush();
        }
    }

    ControlClient connect() throws ControlException {
        return ControlClient.connect(socket(), ControlClient.PATIENCE);
    }

    private Path socket() throws ControlException {
        if (control != null && file != null) {
            throw new ControlException(USAGE, "-c and --control: give one of them");
        }
        if (control != null) {
            return control;
        }
        Path named = file == null ? Path.of(ConfigFile.DEFAULT) : file;
        try {
            return Path.of(ControlKey.read(named));
        } catch (NoSuchFileException e) {
            if (file == null) {
                return Path.of(ControlKey.DEFAULT);
            }
            throw new ControlException(USAGE, named + ": the file does not exist");
        } catch (java.nio.file.AccessDeniedException e) {
            throw new ControlException(ControlException.FAILED, named + ": permission denied");
        } catch (IOException e) {
            throw new ControlException(USAGE, named + ": " + e.getMessage());
        }
    }

    /** The start of a command for the daemon. */
    static JsonObject command(String name) {
        JsonObject command = new JsonObject();
        command.addProperty("command", name);
        return command;
    }
}
