package org.cgifpm.daemon.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cgi-fpm list}: the requests that run now. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "List the requests that run now, the oldest first, with what they use.",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage", "3:no daemon there"})
final class ListCommand implements Callable<Integer> {
    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        return daemon.talk(spec.commandLine().getErr(), client -> {
            JsonObject answer = client.ask(DaemonOptions.command("list"));
            if (json) {
                out.println(JsonAnswer.of(answer));
            } else {
                RunningText.lines(answer).forEach(out::println);
            }
            out.flush();
            return 0;
        });
    }
}
