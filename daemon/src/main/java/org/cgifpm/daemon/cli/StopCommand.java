package org.cgifpm.daemon.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cgi-fpm stop}: end the daemon, and wait until it has ended. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Stop the running daemon: what runs may finish within stop_timeout. Returns when it is gone.",
        exitCodeList = {"0:it is gone", "1:failed", "2:wrong usage", "3:no daemon there"})
final class StopCommand implements Callable<Integer> {
    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Option(names = "--now", description = "End what runs at once; also after a stop that waits.")
    private boolean now;

    @Option(names = "--no-wait", description = "Return at once; the daemon stops by itself.")
    private boolean noWait;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        return daemon.talk(spec.commandLine().getErr(), client -> {
            JsonObject command = DaemonOptions.command("stop");
            command.addProperty("now", now);
            long pid = Shown.number(client.ask(command), "pid");
            if (noWait) {
                out.println("the daemon (pid " + pid + ") is stopping");
            } else {
                client.awaitEnd();
                out.println("the daemon (pid " + pid + ") has stopped");
            }
            out.flush();
            return 0;
        });
    }
}
