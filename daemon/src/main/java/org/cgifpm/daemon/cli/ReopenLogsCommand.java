package org.cgifpm.daemon.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cgi-fpm reopen-logs}: after log files were renamed. */
@Command(
        name = "reopen-logs",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Have the running daemon open its log files anew, after they were renamed; as the signal USR1.",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage", "3:no daemon there"})
final class ReopenLogsCommand implements Callable<Integer> {
    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        return daemon.talk(spec.commandLine().getErr(), client -> {
            client.ask(DaemonOptions.command("reopen-logs"));
            return 0;
        });
    }
}
