package org.cgifpm.daemon.supervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.log.LogText;
import org.cgifpm.daemon.supervisor.checks.Checks;
import org.cgifpm.protocol.cgi.CgiEnvironment;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ScriptFilename;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what a request of one pool starts: finds the script, checks it, makes its environment. Launch threads. */
final class ScriptPlanner {
    private static final Logger LOG = LoggerFactory.getLogger(ScriptPlanner.class);
    /** Names of dropped params that are told in the log; a client that invents names fills neither log nor memory. */
    private static final int MAX_TOLD = 64;

    private final Syscalls syscalls;
    private final PoolSettings settings;
    private final ScriptReview review;
    private final Warnings warnings;
    private final CgiEnvironment.Policy policy;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** @param user the name of the daemon's own user */
    ScriptPlanner(Syscalls syscalls, PoolSettings settings, String user) {
        this.syscalls = syscalls;
        this.settings = settings;
        this.review = new ScriptReview(
                syscalls,
                settings,
                new Confinement.Identity(user, syscalls.effectiveUser(), syscalls.effectiveGroup(), List.of()));
        this.warnings = new Warnings(settings.name());
        this.policy = new CgiEnvironment.Policy(
                settings.environment().path(),
                settings.environment().variables(),
                settings.environment().passAuthorization(),
                settings.environment().passParams().orElse(null));
    }

    /** @throws RefusedException with the status and the check that says no */
    LaunchPlan plan(Params params) throws RefusedException {
        Reviewed reviewed = review(params);
        boolean planned = false;
        try {
            reviewed.enforce();
            warnings.tell(reviewed);
            CgiEnvironment.Result environment = environment(params, reviewed);
            environment.dropped().forEach(this::tell);
            LaunchPlan plan = plan(environment, reviewed);
            planned = true;
            return plan;
        } finally {
            if (!planned) {
                syscalls.close(reviewed.script().directory());
            }
        }
    }

    /** The script that a request names, and what the checks say; the caller closes its folder. */
    Reviewed review(Params params) throws RefusedException {
        String filename = ScriptFilename.of(params);
        if (filename == null) {
            throw new RefusedException(
                    404, "", "neither SCRIPT_FILENAME nor DOCUMENT_ROOT and SCRIPT_NAME are among the params");
        }
        return review.of(filename);
    }

    Checks checks() {
        return review.checks();
    }

    /** What starts that script, whatever the checks say of it. */
    LaunchPlan plan(Params params, Reviewed reviewed) throws RefusedException {
        return plan(environment(params, reviewed), reviewed);
    }

    private CgiEnvironment.Result environment(Params params, Reviewed reviewed) {
        FoundScript script = reviewed.script();
        return CgiEnvironment.of(params, policy, new CgiEnvironment.Script(script.path(), script.pathInfo()));
    }

    private LaunchPlan plan(CgiEnvironment.Result environment, Reviewed reviewed) throws RefusedException {
        FoundScript script = reviewed.script();
        if (environment.tooLarge() != null) {
            throw new RefusedException(
                    431,
                    script.path(),
                    "param " + environment.tooLarge() + " is longer than the " + CgiEnvironment.MAX_ENTRY
                            + " bytes that the kernel passes to a program");
        }
        String name = "./" + script.name();
        String interpreter = reviewed.subject().interpreter();
        return new LaunchPlan(
                script.directory(),
                interpreter == null ? name : interpreter,
                interpreter == null ? List.of(name) : List.of(interpreter, name),
                interpreter == null ? environment.entries() : forInterpreter(environment.entries()),
                script.path(),
                Confinements.of(
                        settings.identity(),
                        settings.limits(),
                        reviewed.subject().runner()));
    }

    /** php-cgi runs nothing without REDIRECT_STATUS, so that nobody puts it where scripts lie and calls it by name. */
    private static List<String> forInterpreter(List<String> entries) {
        List<String> all = new ArrayList<>(entries);
        all.removeIf(entry -> entry.startsWith("REDIRECT_STATUS="));
        all.add("REDIRECT_STATUS=200");
        return all;
    }

    private void tell(String name) {
        if (told.size() < MAX_TOLD && told.add(name)) {
            LOG.info("pool {}: param {} is not passed to scripts (said once)", settings.name(), LogText.ofBytes(name));
        }
    }
}
