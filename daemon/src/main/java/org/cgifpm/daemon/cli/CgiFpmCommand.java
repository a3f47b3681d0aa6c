package org.cgifpm.daemon.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line as a whole. */
@Command(
        name = "cgi-fpm",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Runs CGI scripts for web servers that speak FastCGI.",
        subcommands = {
            ServeCommand.class,
            RunCommand.class,
            CheckCommand.class,
            ExplainCommand.class,
            StatusCommand.class,
            ListCommand.class,
            PingCommand.class,
            ReloadCommand.class,
            StopCommand.class,
            ReopenLogsCommand.class,
            DrainCommand.class,
            KillCommand.class
        },
        exitCodeList = {"0:done", "1:failed", "2:wrong configuration or usage", "3:no daemon there"})
public final class CgiFpmCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Say what to do: " + String.join(", ", spec.subcommands().keySet()) + ".");
    }
}
