package org.cgifpm.daemon.supervisor;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.Plan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.WarmPlan;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.supervisor.checks.Checks;
import org.cgifpm.daemon.supervisor.checks.Subject;
import org.cgifpm.daemon.supervisor.python.Warmth;
import org.cgifpm.protocol.cgi.CgiEnvironment;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.RelayedParams;
import org.cgifpm.protocol.cgi.ScriptFilename;
import org.cgifpm.protocol.fastcgi.Role;

/**
 * Decides for a pool of scripts: finds the script, checks it, and makes its environment, or names it to its workers. Says
 * whose keeper it is forked from, if it runs warm.
 * Launch threads.
 */
final class ScriptPlanner implements RequestPlanner {
    private final Syscalls syscalls;
    private final PoolSettings settings;
    private final ScriptReview review;
    private final ScriptLaunch launch;
    private final ScriptApplication.Ground applications;
    private final Warnings warnings;
    private final DroppedParams dropped;
    private final CgiEnvironment.Policy policy;
    private final RelayedParams relayed;
    private final ScriptWarmth warmth;
    private final WarmthLog warmthLog;
    private final KeeperApplication.Ground keepers;

    /**
     * @param user the name of the daemon's own user
     * @param keeper an open descriptor of the keeper's source, which has to stay open; empty where nothing is going to be
     *     started, or no script runs warm
     */
    ScriptPlanner(Syscalls syscalls, PoolSettings settings, String user, OptionalInt keeper) {
        this.syscalls = syscalls;
        this.settings = settings;
        this.review = new ScriptReview(
                syscalls,
                settings,
                new Confinement.Identity(user, syscalls.effectiveUser(), syscalls.effectiveGroup(), List.of()));
        this.launch = new ScriptLaunch(settings);
        this.warnings = new Warnings(settings.name());
        this.dropped = new DroppedParams(settings.name());
        this.warmthLog = new WarmthLog(settings.name());
        this.policy = EnvironmentPolicy.of(settings);
        this.relayed = new RelayedParams(policy);
        List<String> environment = CgiEnvironment.withoutRequest(policy);
        this.applications = new ScriptApplication.Ground(
                syscalls, review, launch, environment, settings.workers().restartOnChange());
        this.keepers = new KeeperApplication.Ground(syscalls, settings, environment, keeper);
        String path = policy.poolEnv().getOrDefault("PATH", policy.path());
        this.warmth = new ScriptWarmth(syscalls, settings, path, System::nanoTime);
    }

    @Override
    public Plan plan(Exchange exchange) throws RefusedException {
        return plan(exchange.params(), exchange.role());
    }

    Plan plan(Params params, Role role) throws RefusedException {
        Reviewed reviewed = review(params);
        boolean launched = false;
        try {
            reviewed.enforce();
            warnings.tell(reviewed);
            if (hasWorkers(reviewed)) {
                return relay(params, reviewed);
            }
            LaunchPlan plan = start(params, role, reviewed);
            Plan chosen = withKeeper(plan, reviewed);
            launched = true;
            return chosen;
        } finally {
            if (!launched) {
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

    /** Whether the script is a persistent application here, and not started for each request. */
    boolean hasWorkers(Reviewed reviewed) {
        return settings.mode() == Mode.AUTO
                && settings.workers()
                        .extensions()
                        .contains(Subject.extension(reviewed.script().name()));
    }

    /** Whether the script runs warm; empty in a pool where none does, and for a persistent application. */
    Optional<Warmth> warmth(Reviewed reviewed) {
        return hasWorkers(reviewed) ? Optional.empty() : warmth.of(reviewed);
    }

    /** With the keeper that it is forked from, or that executes it as its user. */
    private Plan withKeeper(LaunchPlan plan, Reviewed reviewed) {
        Optional<Warmth> found = warmth.of(reviewed);
        found.ifPresent(verdict -> warmthLog.tell(plan.script(), verdict));
        if (found.isPresent() && found.get() instanceof Warmth.Warm warm) {
            return new WarmPlan(plan, keeper(warm, reviewed));
        }
        if (found.isEmpty() || !gainsByKeeper(plan.confinement())) {
            return plan;
        }
        return warmth.usual()
                .<Plan>map(usual -> new WarmPlan(plan, keeper(usual, reviewed), WarmPlan.How.EXECUTE))
                .orElse(plan);
    }

    /** Links of a chain are saved, and those are none that a keeper would have to repeat for each program. */
    private static boolean gainsByKeeper(Confinement confinement) {
        return !confinement.equals(Confinement.NONE)
                && confinement.chroot().isEmpty()
                && confinement.apparmorProfile().isEmpty()
                && confinement.selinuxLabel().isEmpty();
    }

    /** The keeper of a script that runs warm. */
    Application keeper(Warmth.Warm warm, Reviewed reviewed) {
        return new KeeperApplication(keepers, warm, reviewed.subject().runner(), launch.confinement(reviewed));
    }

    /** What starts that script, or one of its workers, whatever the checks say of it. */
    LaunchPlan launch(Params params, Reviewed reviewed) throws RefusedException {
        return hasWorkers(reviewed)
                ? launch.of(reviewed, applications.environment())
                : launch(environment(params, reviewed), reviewed);
    }

    private RelayPlan relay(Params params, Reviewed reviewed) {
        RelayedParams.Result result = relayed.of(params, place(reviewed));
        dropped.tell(result.dropped());
        return new RelayPlan(new ScriptApplication(applications, reviewed), result.params());
    }

    private LaunchPlan start(Params params, Role role, Reviewed reviewed) throws RefusedException {
        if (role != Role.RESPONDER) {
            throw new RefusedException(
                    500,
                    reviewed.script().path(),
                    "the role is " + role + ", which only a persistent application can play (worker_extensions)");
        }
        CgiEnvironment.Result environment = environment(params, reviewed);
        dropped.tell(environment.dropped());
        return launch(environment, reviewed);
    }

    private CgiEnvironment.Result environment(Params params, Reviewed reviewed) {
        return CgiEnvironment.of(params, policy, place(reviewed));
    }

    private static CgiEnvironment.Script place(Reviewed reviewed) {
        return new CgiEnvironment.Script(
                reviewed.script().path(), reviewed.script().pathInfo());
    }

    private LaunchPlan launch(CgiEnvironment.Result environment, Reviewed reviewed) throws RefusedException {
        if (environment.tooLarge() != null) {
            throw new RefusedException(
                    431,
                    reviewed.script().path(),
                    "param " + environment.tooLarge() + " is longer than the " + CgiEnvironment.MAX_ENTRY
                            + " bytes that the kernel passes to a program");
        }
        return launch.of(reviewed, environment.entries());
    }
}
