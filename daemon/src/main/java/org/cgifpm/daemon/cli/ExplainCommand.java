package org.cgifpm.daemon.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.backend.process.LaunchFailure;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.os.Users;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.config.Identity;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.supervisor.ApplicationDryRun;
import org.cgifpm.daemon.supervisor.DryRun;
import org.cgifpm.daemon.supervisor.Explanation;
import org.cgifpm.daemon.supervisor.PoolApplication;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cgi-fpm explain}: would a script run, as whom and with what, and if not, why not. Runs nothing. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Tell whether a script would run, as whom and with what, or which check says no. Runs nothing.",
        exitCodeList = {
            "0:it would run; with --all: every file was looked at",
            "1:it would not; with --all: something could not be looked at",
            "2:wrong configuration or usage"
        })
public final class ExplainCommand implements Callable<Integer> {
    @Option(names = "-c", paramLabel = "FILE", description = "Configuration, ${DEFAULT-VALUE} if not given.")
    private Path file = Path.of(ConfigFile.DEFAULT);

    @Option(names = "--pool", paramLabel = "NAME", description = "The pool; may be left out if there is but one.")
    private @Nullable String pool;

    @Option(names = "--all", description = "The verdict on every file below the pool's root, one a line.")
    private boolean all;

    @Option(names = "--json", description = "Print JSON; with --all one object a line.")
    private boolean json;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SCRIPT",
            description = "The script, absolute or below the pool's root; PATH_INFO may follow. Of no account where one"
                    + " application answers all of a pool's requests.")
    private @Nullable String script;

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() throws IOException {
        if (all && script != null) {
            return wrong("say which SCRIPT, or --all");
        }
        Syscalls syscalls = new Syscalls();
        Optional<Config> config = ConfigFile.readOrTell(file, syscalls, System.err);
        if (config.isEmpty()) {
            return 2;
        }
        Optional<PoolSettings> settings = pool(config.get());
        if (settings.isEmpty()) {
            return 2;
        }
        boolean scripts = !settings.get().mode().hasOneApplication();
        if (scripts && !all && script == null) {
            return wrong("say which SCRIPT, or --all");
        }
        if (!scripts && all) {
            return wrong("pool " + settings.get().name() + " has no scripts: one application answers all requests");
        }
        PrintWriter out =
                new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
        try {
            return explain(syscalls, settings.get(), out);
        } finally {
            out.flush();
        }
    }

    @SuppressWarnings("SystemOut")
    private static int wrong(String why) {
        System.err.println("cgi-fpm explain: " + why);
        return 2;
    }

    @SuppressWarnings("SystemOut")
    private Optional<PoolSettings> pool(Config config) {
        if (pool == null && config.pools().size() == 1) {
            return Optional.of(config.pools().get(0));
        }
        Optional<PoolSettings> named = config.pools().stream()
                .filter(candidate -> candidate.name().equals(pool))
                .findFirst();
        if (named.isEmpty()) {
            System.err.println("cgi-fpm explain: " + (pool == null ? "say --pool NAME" : "there is no pool " + pool)
                    + "; there are "
                    + String.join(
                            ", ",
                            config.pools().stream().map(PoolSettings::name).toList()));
        }
        return named;
    }

    private int explain(Syscalls syscalls, PoolSettings settings, PrintWriter out) throws IOException {
        Identity self = ConfigFile.self(syscalls);
        Optional<Application> application = PoolApplication.of(syscalls, settings, self.name(), OptionalInt.empty());
        if (application.isPresent()) {
            return tell(ApplicationDryRun.explain(syscalls, application.get()), syscalls, settings, self, out);
        }
        DryRun dryRun = new DryRun(
                syscalls, settings, self.name(), plan -> Optional.ofNullable(LaunchFailure.unsound(syscalls, plan)));
        if (all) {
            return new EveryFile(dryRun, settings, json ? new VerdictJson(out) : new VerdictText(out)).look() ? 0 : 1;
        }
        String wanted = ByteText.fromText(script == null ? "" : script);
        return tell(dryRun.explain(ScriptParams.of(settings.root(), wanted)), syscalls, settings, self, out);
    }

    private int tell(
            Explanation explanation, Syscalls syscalls, PoolSettings settings, Identity self, PrintWriter out) {
        ExplanationView view = new ExplanationView(settings, explanation, self, new Users(syscalls));
        out.print(json ? view.json() : view.text());
        return explanation.refusal().isEmpty() ? 0 : 1;
    }
}
