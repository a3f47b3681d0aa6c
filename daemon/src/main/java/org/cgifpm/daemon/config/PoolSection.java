package org.cgifpm.daemon.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads one table {@code [pool.NAME]}. */
final class PoolSection {
    private final Section pool;
    private final Identity self;
    private final UserNames names;
    private final Map<String, String> environment;

    PoolSection(Section pool, Identity self, UserNames names, Map<String, String> environment) {
        this.pool = pool;
        this.self = self;
        this.names = names;
        this.environment = environment;
    }

    /** Null if the pool lacks what it cannot be without; a problem says so. */
    @Nullable
    PoolSettings read(String name) {
        Keys.checkPool(pool);
        if (!isPoolName(name)) {
            pool.problem("", Wording.quote(name) + " is not a name for a pool; write letters, digits, _, . and -");
        }
        Optional<Mode> known = mode();
        Mode mode = known.orElse(Mode.AUTO);
        ScriptRules rules = new ScriptsSection(pool).read();
        Admission admission = admission(Admission.DEFAULT);
        Optional<PythonSettings> python = new PythonSection(pool, mode).read(admission.maxChildren());
        Optional<ProcessManagement> pm = new ProcessManagementKeys(pool, admission.maxChildren()).read();
        WorkerSettings workers = workers(mode, rules, pm, python);
        ListenSettings listen = new ListenSection(pool, names, workers.dispatch()).read();
        String root = root(mode, workers.command(), python);
        IdentitySettings identity = new IdentitySection(pool, self, names).read(rules);
        LimitSettings limits = LimitsSection.read(pool.table("limits"));
        Timeouts timeouts = timeouts(Timeouts.DEFAULT);
        OnAbort onAbort = pool.choice("on_abort", OnAbort.KILL);
        long bodyMax = pool.size("request_body_max", PoolSettings.DEFAULT_REQUEST_BODY_MAX);
        Background background = pool.choice("background", Background.LEAVE);
        ScriptEnvironment variables = new EnvironmentSection(pool, environment).read();
        RequestLogs logs = new LogsSection(pool).read();
        StatusPages pages = new StatusSection(pool).read();
        refuseOwners(mode, identity);
        // What another key means is not known beside a wrong word, and one complaint is enough then.
        if (known.isPresent() && pm.isPresent()) {
            KeyEffects.check(pool, PoolKind.of(mode, workers, python.isPresent(), identity.runAs()));
        }
        boolean lacksApplication =
                (mode == Mode.WORKER && workers.command().isEmpty()) || (mode == Mode.WSGI && python.isEmpty());
        if (listen == null || root == null || lacksApplication) {
            return null;
        }
        return new PoolSettings(
                name,
                listen,
                root,
                mode,
                identity,
                limits,
                rules,
                admission,
                timeouts,
                onAbort,
                background,
                bodyMax,
                variables,
                logs,
                pages,
                workers,
                python);
    }

    /** @param pm empty if what is written is none */
    private WorkerSettings workers(
            Mode mode, ScriptRules rules, Optional<ProcessManagement> pm, Optional<PythonSettings> python) {
        OptionalInt threads = mode == Mode.WSGI && python.isPresent()
                ? OptionalInt.of(python.get().threads())
                : OptionalInt.empty();
        return new WorkersSection(pool).read(mode, rules, pm.orElse(WorkerSettings.DEFAULT.pm()), threads);
    }

    private void refuseOwners(Mode mode, IdentitySettings identity) {
        if (mode.hasOneApplication() && identity.runAs() instanceof RunAs.Owner) {
            pool.problem(
                    "user",
                    "\"@owner\" cannot be had with mode = " + Wording.quote(Wording.word(mode))
                            + ", which has no script whose owner it could be; name a user");
        }
    }

    private Admission admission(Admission defaults) {
        return new Admission(
                pool.integer("max_children", defaults.maxChildren(), 1, 65_536),
                pool.integer("queue_length", defaults.queueLength(), 0, 1_000_000),
                pool.duration("queue_timeout", defaults.queueTimeout(), false),
                pool.optionalInteger("max_children_per_user", 1, 65_536).orElse(defaults.maxPerUser()),
                pool.optionalInteger("max_children_per_script", 1, 65_536).orElse(defaults.maxPerScript()),
                pool.bool("request_buffering", defaults.requestBuffering()));
    }

    private Timeouts timeouts(Timeouts defaults) {
        return new Timeouts(
                pool.duration("params_timeout", defaults.params(), false),
                pool.duration("connection_idle_timeout", defaults.connectionIdle(), false),
                pool.duration("launch_timeout", defaults.launch(), false),
                pool.duration("request_timeout", defaults.request(), true),
                pool.duration("idle_timeout", defaults.idle(), true),
                pool.duration("kill_grace", defaults.killGrace(), true),
                pool.duration("linger_timeout", defaults.linger(), true));
    }

    /** A name is used for folders and in logs, so that it must be nothing but a name. */
    private static boolean isPoolName(String name) {
        boolean onlyDots = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && c != '_' && c != '.' && c != '-') {
                return false;
            }
            onlyDots &= c == '.';
        }
        return !onlyDots;
    }

    private @Nullable String root(Mode mode, List<String> command, Optional<PythonSettings> python) {
        if (!pool.has("root")) {
            if (mode == Mode.WORKER) {
                return command.isEmpty() ? null : Folders.parent(command.get(0));
            }
            if (mode == Mode.WSGI) {
                // Then the module is among what is installed.
                return python.flatMap(PythonSettings::virtualenv).orElse("/");
            }
            pool.problem("root", "missing; say where the scripts are, such as root = \"/srv/cgi-bin\"");
            return null;
        }
        String root = pool.string("root").orElse(null);
        if (root == null) {
            return null;
        }
        String example = mode.hasOneApplication() ? "\"/srv/app\"" : "\"/srv/cgi-bin\"";
        if (!root.startsWith("/")) {
            pool.problem("root", Wording.quote(root) + " is not absolute; write a path such as " + example);
            return null;
        }
        String complaint =
                Folders.hasControlCharacter(root) ? "has a control character in it" : Folders.complaint(root);
        if (complaint != null) {
            String what = mode.hasOneApplication() ? "in which the application works" : "that holds the scripts";
            pool.problem("root", Wording.quote(root) + " " + complaint + "; name the folder " + what);
            return null;
        }
        return ByteText.fromText(PathKey.withoutSlashes(root));
    }

    /** Empty if it is no word that it may be, which is a problem then. */
    private Optional<Mode> mode() {
        if (pool.value("mode") instanceof String word && word.equals("cgi")) {
            pool.problem("mode", "\"cgi\" is called \"exec\" here; write that, or \"auto\"");
            return Optional.empty();
        }
        return pool.has("mode") ? pool.word("mode", Mode.class) : Optional.of(Mode.AUTO);
    }
}
