package org.cgifpm.daemon.supervisor;

import java.util.List;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Syscalls;

/**
 * A script that has workers of its own. It is found and checked anew for each of them, as for a request: what a request
 * was let in for may be gone or another's by the time a worker is started.
 */
final class ScriptApplication implements Application {
    /**
     * What all scripts of a pool have in common.
     *
     * @param environment of every worker
     * @param watched whether their files are looked at for changes
     */
    record Ground(
            Syscalls syscalls, ScriptReview review, ScriptLaunch launch, List<String> environment, boolean watched) {
        Ground {
            environment = List.copyOf(environment);
        }
    }

    private final Ground ground;
    private final Key key;
    private final String path;

    /** @param reviewed what a request has found; its folder may be closed then */
    ScriptApplication(Ground ground, Reviewed reviewed) {
        this.ground = ground;
        this.key = keyOf(reviewed);
        // Its own path rather than that of a link to it: workers are shared by all who come by whatever link, and must
        // not depend on the one that the first has come by.
        this.path = ground.review().isBelowRoot(key.program())
                ? key.program()
                : reviewed.script().path();
    }

    private static Key keyOf(Reviewed reviewed) {
        return new Key(reviewed.subject().path(), reviewed.subject().runner().uid());
    }

    @Override
    public Key key() {
        return key;
    }

    @Override
    public LaunchPlan plan() throws RefusedException {
        Reviewed reviewed = ground.review().of(path);
        boolean planned = false;
        try {
            reviewed.enforce();
            if (!keyOf(reviewed).equals(key)) {
                throw new RefusedException(503, path, "by now it is " + told(keyOf(reviewed)) + ", not " + told(key));
            }
            LaunchPlan plan = ground.launch().of(reviewed, ground.environment());
            planned = true;
            return plan;
        } finally {
            if (!planned) {
                ground.syscalls().close(reviewed.script().directory());
            }
        }
    }

    private static String told(Key key) {
        return key.program() + " of uid " + Integer.toUnsignedString(key.uid());
    }

    @Override
    public String version() {
        return ground.watched() ? FileVersion.of(ground.syscalls(), key.program()) : "";
    }
}
