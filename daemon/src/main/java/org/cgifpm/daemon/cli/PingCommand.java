package org.cgifpm.daemon.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cgi-fpm ping}: is a daemon there, and does it answer. */
@Command(
        name = "ping",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Ask the running daemon for an answer; print \"pong\".",
        exitCodeList = {"0:it answered", "1:it did not", "2:wrong usage", "3:no daemon there"})
final class PingCommand implements Callable<Integer> {
    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        return daemon.talk(spec.commandLine().getErr(), client -> {
            client.ask(DaemonOptions.command("ping"));
            out.println("pong");
            out.flush();
            return 0;
        });
    }
}
