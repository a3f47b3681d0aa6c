package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.ScriptRules;
import org.cgifpm.daemon.supervisor.checks.Checks;
import org.cgifpm.daemon.supervisor.checks.Finding;
import org.cgifpm.daemon.supervisor.checks.Runner;
import org.cgifpm.daemon.supervisor.checks.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Finds a script of one pool and puts it to the checks, starting nothing: what requests and {@code explain} have in
 * common. Launch threads, or any that may wait.
 */
final class ScriptReview {
    private final Syscalls syscalls;
    private final ScriptRoot root;
    private final ScriptRules rules;
    private final Checks checks;
    private final Runners runners;
    private final OwnerIdentities owners;

    ScriptReview(Syscalls syscalls, PoolSettings settings, Confinement.Identity self) {
        this.syscalls = syscalls;
        this.root = new ScriptRoot(syscalls, settings.root());
        this.rules = settings.scripts();
        this.checks = new Checks(rules, settings.identity());
        this.owners = new OwnerIdentities(syscalls, System::nanoTime);
        this.runners = new Runners(settings.identity().runAs(), self, owners);
    }

    Checks checks() {
        return checks;
    }

    /** Whether that path can be walked: it is below root, and goes nowhere up. */
    boolean isBelowRoot(String path) {
        return root.lengthOfPrefix(path) >= 0 && !path.contains("/../");
    }

    /**
     * The script that a path names, and what the checks say of it.
     *
     * @throws RefusedException if there is nothing to say anything about
     */
    Reviewed of(String path) throws RefusedException {
        Finding odd = checks.ofPath(path);
        if (odd.refuses()) {
            throw new RefusedException(403, path, odd.line(), odd.name());
        }
        FoundScript script = new ScriptWalk(syscalls, root, path).find();
        boolean reviewed = false;
        try {
            Subject subject = subject(path, script);
            Reviewed result = new Reviewed(script, subject, checks.of(subject));
            reviewed = true;
            return result;
        } finally {
            if (!reviewed) {
                syscalls.close(script.directory());
            }
        }
    }

    private Subject subject(String path, FoundScript script) throws RefusedException {
        Runner runner = runners.of(script.status());
        String interpreter = rules.interpreters().get(Subject.extension(script.name()));
        return new Subject(
                path,
                root.path(),
                script.folders(),
                script.links(),
                script.folder(),
                script.name(),
                script.status(),
                runner,
                interpreter,
                !runner.isSelf() || permitted(script, interpreter),
                owners);
    }

    private boolean permitted(FoundScript script, @Nullable String interpreter) throws RefusedException {
        int denied = interpreter == null
                ? syscalls.mayExecute(script.directory(), script.name())
                : syscalls.mayRead(script.directory(), script.name());
        if (denied < 0 && denied != -Errno.EACCES) {
            throw new RefusedException(denied == -Errno.ENOENT ? 404 : 500, script.path(), Errno.words(-denied));
        }
        return denied == 0;
    }
}
