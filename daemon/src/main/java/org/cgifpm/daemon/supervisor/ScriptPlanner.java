package org.cgifpm.daemon.supervisor;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.log.LogText;
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
    private final String pool;
    private final String user;
    private final ScriptRoot root;
    private final CgiEnvironment.Policy policy;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** @param user the name of the user that scripts run as: the daemon's own */
    ScriptPlanner(Syscalls syscalls, PoolSettings settings, String user) {
        this.syscalls = syscalls;
        this.pool = settings.name();
        this.user = user;
        this.root = new ScriptRoot(syscalls, settings.root());
        this.policy = new CgiEnvironment.Policy(
                settings.environment().path(),
                settings.environment().variables(),
                settings.environment().passAuthorization(),
                settings.environment().passParams().orElse(null));
    }

    /** @throws RefusedException with the status and the check that says no */
    LaunchPlan plan(Params params) throws RefusedException {
        String filename = ScriptFilename.of(params);
        if (filename == null) {
            throw new RefusedException(
                    404, "", "neither SCRIPT_FILENAME nor DOCUMENT_ROOT and SCRIPT_NAME are among the params");
        }
        FoundScript script = new ScriptWalk(syscalls, root, filename).find();
        boolean planned = false;
        try {
            check(script);
            LaunchPlan plan = plan(params, script);
            planned = true;
            return plan;
        } finally {
            if (!planned) {
                syscalls.close(script.directory());
            }
        }
    }

    private void check(FoundScript script) throws RefusedException {
        if (!script.status().isRegular()) {
            throw new RefusedException(
                    403, script.path(), "regular file: it is " + script.status().kind());
        }
        int denied = syscalls.mayExecute(script.directory(), script.name());
        if (denied == -Errno.EACCES) {
            throw new RefusedException(
                    403,
                    script.path(),
                    "executable bit: mode "
                            + Integer.toOctalString(script.status().permissions()) + ", owner uid "
                            + script.status().uid() + "; not executable for " + user + " (chmod +x)");
        }
        if (denied < 0) {
            throw new RefusedException(denied == -Errno.ENOENT ? 404 : 500, script.path(), Errno.words(-denied));
        }
    }

    private LaunchPlan plan(Params params, FoundScript script) throws RefusedException {
        CgiEnvironment.Result environment =
                CgiEnvironment.of(params, policy, new CgiEnvironment.Script(script.path(), script.pathInfo()));
        environment.dropped().forEach(this::tell);
        if (environment.tooLarge() != null) {
            throw new RefusedException(
                    431,
                    script.path(),
                    "param " + environment.tooLarge() + " is longer than the " + CgiEnvironment.MAX_ENTRY
                            + " bytes that the kernel passes to a program");
        }
        String program = "./" + script.name();
        return new LaunchPlan(
                script.directory(), program, List.of(program), environment.entries(), script.path(), Confinement.NONE);
    }

    private void tell(String name) {
        if (told.size() < MAX_TOLD && told.add(name)) {
            LOG.info("pool {}: param {} is not passed to scripts (said once)", pool, LogText.ofBytes(name));
        }
    }
}
