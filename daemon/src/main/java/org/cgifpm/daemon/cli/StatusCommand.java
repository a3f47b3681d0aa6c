package org.cgifpm.daemon.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cgi-fpm status}: how the daemon and its pools are doing, once or live. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Tell how the running daemon and its pools are doing.",
        exitCodeList = {"0:done", "1:failed, or no such pool", "2:wrong usage", "3:no daemon there"})
final class StatusCommand implements Callable<Integer> {
    private static final int USAGE = 2;
    private static final int LONGEST = 3600;

    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Parameters(index = "0", arity = "0..1", paramLabel = "POOL", description = "This pool only.")
    private @Nullable String pool;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--watch",
            arity = "0..1",
            fallbackValue = "2",
            paramLabel = "SECONDS",
            description = "Go on telling, every two seconds if not said otherwise, with the running requests; rates and"
                    + " times are of the time between. Ends with Ctrl-C.")
    private @Nullable Integer watch;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Integer seconds = watch;
        if (seconds != null && (json || seconds < 1 || seconds > LONGEST)) {
            err.println("cgi-fpm status: --watch takes from 1 to " + LONGEST + " seconds, and not --json");
            err.flush();
            return USAGE;
        }
        if (seconds != null) {
            return new StatusWatch(daemon, command(), out, err, seconds).run();
        }
        return daemon.talk(err, client -> {
            JsonObject answer = client.ask(command());
            if (json) {
                out.println(JsonAnswer.of(answer));
            } else {
                new StatusText(answer, null).lines().forEach(out::println);
            }
            out.flush();
            return 0;
        });
    }

    private JsonObject command() {
        JsonObject command = DaemonOptions.command("status");
        if (pool != null) {
            command.addProperty("pool", pool);
        }
        return command;
    }
}
