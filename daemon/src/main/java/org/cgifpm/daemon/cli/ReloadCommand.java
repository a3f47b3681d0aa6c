package org.cgifpm.daemon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cgi-fpm reload}: make the configuration as it is now the one in force. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Have the running daemon read its configuration again. If anything is wrong with it, it is told as"
                        + " by check, and everything stays as it is.",
        exitCodeList = {
            "0:the new configuration is in force",
            "1:failed",
            "2:the configuration is wrong, or wrong usage",
            "3:no daemon there"
        })
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        return daemon.talk(err, client -> {
            JsonObject answer = client.ask(DaemonOptions.command("reload"));
            answer.getAsJsonArray("warnings").forEach(warning -> err.println(Shown.text(warning.getAsString())));
            out.println("reloaded: " + answer.getAsJsonArray("added").size() + " added, "
                    + answer.getAsJsonArray("changed").size() + " changed, "
                    + answer.getAsJsonArray("removed").size() + " removed, "
                    + answer.getAsJsonArray("kept").size() + " unchanged");
            for (String what : List.of("added", "changed", "removed")) {
                JsonArray names = answer.getAsJsonArray(what);
                if (!names.isEmpty()) {
                    out.println(what + ": " + joined(names));
                }
            }
            out.flush();
            return 0;
        });
    }

    private static String joined(JsonArray names) {
        return StreamSupport.stream(names.spliterator(), false)
                .map(JsonElement::getAsString)
                .map(Shown::text)
                .collect(Collectors.joining(", "));
    }
}
