package org.cgifpm.daemon.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cgi-fpm drain POOL}: have a pool take no more requests, and wait until it has none. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Close a pool's socket and let its requests finish. Returns when none is left; a reload brings the"
                        + " pool back.",
        exitCodeList = {"0:done", "1:failed, or no such pool", "2:wrong usage", "3:no daemon there"})
final class DrainCommand implements Callable<Integer> {
    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Parameters(index = "0", paramLabel = "POOL", description = "The pool's name.")
    private String pool = "";

    @Option(names = "--no-wait", description = "Return as soon as the pool takes no more.")
    private boolean noWait;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        return daemon.talk(spec.commandLine().getErr(), client -> {
            JsonObject command = DaemonOptions.command("drain");
            command.addProperty("pool", pool);
            command.addProperty("wait", !noWait);
            client.ask(command);
            out.println("pool " + Shown.text(pool) + (noWait ? " is draining" : " is drained"));
            out.flush();
            return 0;
        });
    }
}
