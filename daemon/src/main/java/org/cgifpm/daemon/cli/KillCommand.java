package org.cgifpm.daemon.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.os.Users;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.control.ControlClient;
import org.cgifpm.daemon.control.ControlException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cgi-fpm kill ID} and {@code cgi-fpm kill --user NAME}: end requests that run. */
@Command(
        name = "kill",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "End one running request, or all of a user: TERM, and KILL after kill_grace.",
        exitCodeList = {"0:done", "1:failed, or no such request or user", "2:wrong usage", "3:no daemon there"})
final class KillCommand implements Callable<Integer> {
    private static final int USAGE = 2;

    @Mixin
    private final DaemonOptions daemon = new DaemonOptions();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ID",
            description = "The request's number, as list and the log tell it.")
    private @Nullable Long id;

    @Option(names = "--user", paramLabel = "NAME", description = "All requests that run as this user; name or number.")
    private @Nullable String user;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        if ((id == null) == (user == null) || (id != null && id < 0)) {
            err.println("cgi-fpm kill: say which: the ID of a request, or --user NAME");
            err.flush();
            return USAGE;
        }
        return daemon.talk(err, this::kill);
    }

    private int kill(ControlClient client) throws ControlException {
        PrintWriter out = spec.commandLine().getOut();
        JsonObject command = DaemonOptions.command("kill");
        if (id != null) {
            command.addProperty("id", id);
            client.ask(command);
            out.println("ended request " + id);
        } else {
            String name = user == null ? "" : user;
            command.addProperty("uid", Integer.toUnsignedLong(uid(name)));
            long killed = Shown.number(client.ask(command), "killed");
            out.println("ended " + killed + (killed == 1 ? " request" : " requests") + " of " + Shown.text(name));
        }
        out.flush();
        return 0;
    }

    private static int uid(String name) throws ControlException {
        OptionalInt known = new Users(new Syscalls()).uid(ByteText.fromText(name));
        if (known.isPresent()) {
            return known.getAsInt();
        }
        OptionalLong number = number(name);
        if (number.isEmpty()) {
            throw new ControlException(ControlException.FAILED, "there is no user " + name);
        }
        return (int) number.getAsLong();
    }

    private static OptionalLong number(String text) {
        boolean fits = text.matches("[0-9]{1,10}") && Long.parseLong(text) < 0xffff_ffffL;
        return fits ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
