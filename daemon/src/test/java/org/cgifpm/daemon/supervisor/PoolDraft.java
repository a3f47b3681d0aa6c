package org.cgifpm.daemon.supervisor;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cgifpm.daemon.config.Admission;
import org.cgifpm.daemon.config.CheckName;
import org.cgifpm.daemon.config.IdentitySettings;
import org.cgifpm.daemon.config.LimitSettings;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.PythonSettings;
import org.cgifpm.daemon.config.RunAs;
import org.cgifpm.daemon.config.ScriptEnvironment;
import org.cgifpm.daemon.config.ScriptRules;
import org.cgifpm.daemon.config.Severity;
import org.cgifpm.daemon.config.Symlinks;
import org.cgifpm.daemon.config.WorkerSettings;

/** A pool called test that is all defaults but for what a test sets in it. */
final class PoolDraft {
    private final String root;
    Mode mode = Mode.AUTO;
    RunAs runAs = new RunAs.Self();
    Optional<String> chroot = Optional.empty();
    ScriptRules rules = ScriptRules.DEFAULT;
    List<String> command = List.of();
    boolean watched;
    Optional<PythonSettings> python = Optional.empty();
    Map<String, String> variables = Map.of();
    Admission admission = Admission.DEFAULT;
    LimitSettings limits = LimitSettings.DEFAULT;

    PoolDraft(String root) {
        this.root = root;
    }

    /** These checks are switched off. */
    PoolDraft without(CheckName... checks) {
        Map<CheckName, Severity> severities = new EnumMap<>(CheckName.class);
        for (CheckName check : checks) {
            severities.put(check, Severity.OFF);
        }
        rules = new ScriptRules(Optional.empty(), Map.of(), severities, Symlinks.FOLLOW);
        return this;
    }

    PoolSettings settings() {
        PoolSettings defaults = PoolSettings.defaults("test", new ListenAddress.UnixPath("/run/none"), root);
        return new PoolSettings(
                defaults.name(),
                defaults.listen(),
                defaults.root(),
                mode,
                identity(),
                limits,
                rules,
                admission,
                defaults.timeouts(),
                defaults.onAbort(),
                defaults.background(),
                defaults.requestBodyMax(),
                new ScriptEnvironment("/usr/bin:/bin", Optional.empty(), false, variables),
                defaults.logs(),
                defaults.pages(),
                workers(),
                python);
    }

    private IdentitySettings identity() {
        IdentitySettings defaults = IdentitySettings.DEFAULT;
        return new IdentitySettings(
                defaults.user(),
                defaults.group(),
                defaults.groups(),
                runAs,
                defaults.minUid(),
                defaults.minGid(),
                defaults.noNewPrivileges(),
                defaults.umask(),
                defaults.nice(),
                chroot,
                defaults.apparmorProfile(),
                defaults.selinuxLabel(),
                defaults.confined());
    }

    private WorkerSettings workers() {
        WorkerSettings defaults = WorkerSettings.DEFAULT;
        return new WorkerSettings(
                command,
                defaults.extensions(),
                defaults.pm(),
                defaults.maxSpawnRate(),
                defaults.processIdleTimeout(),
                defaults.maxRequests(),
                defaults.maxLifetime(),
                defaults.maxMemory(),
                OptionalInt.empty(),
                defaults.dispatch(),
                defaults.startupTimeout(),
                watched,
                defaults.retryIdempotent());
    }
}
