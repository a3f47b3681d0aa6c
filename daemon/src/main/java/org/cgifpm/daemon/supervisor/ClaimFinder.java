package org.cgifpm.daemon.supervisor;

import java.util.Optional;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.Plan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.WarmPlan;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.RunAs;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ScriptFilename;

/**
 * Finds out what a pool's requests count for; where that depends on the script, before they have a place. It decides
 * nothing: whether the script may run is checked when there is a place for it.
 */
final class ClaimFinder {
    /** No user has this number (chown(2): "leave as it is"). */
    private static final int NOBODY_YET = -1;

    private final Syscalls syscalls;
    private final ScriptRoot root;
    private final boolean byOwner;
    private final boolean byScript;
    private final int uid;

    ClaimFinder(Syscalls syscalls, PoolSettings settings) {
        this.syscalls = syscalls;
        this.root = new ScriptRoot(syscalls, settings.root());
        RunAs runAs = settings.identity().runAs();
        this.byOwner = runAs instanceof RunAs.Owner;
        this.byScript =
                settings.admission().maxPerScript() > 0 && !settings.mode().hasOneApplication();
        this.uid = runAs instanceof RunAs.User user ? user.uid() : byOwner ? NOBODY_YET : syscalls.effectiveUser();
    }

    /** Whether a request's owner must be known before it asks for a place. */
    boolean byOwner() {
        return byOwner;
    }

    /** Whether {@link #find} must be asked for each request; else {@link #beforehand} is all there is to know. */
    boolean needsScript() {
        return byOwner || byScript;
    }

    /** What is known without the script. */
    Claim beforehand() {
        return new Claim(uid, null);
    }

    /**
     * What a request counts for. On a launch thread.
     *
     * @throws RefusedException if there is no such script
     */
    Claim find(Params params) throws RefusedException {
        String filename = ScriptFilename.of(params);
        if (filename == null) {
            throw new RefusedException(
                    404, "", "neither SCRIPT_FILENAME nor DOCUMENT_ROOT and SCRIPT_NAME are among the params");
        }
        FoundScript script = new ScriptWalk(syscalls, root, filename).find();
        syscalls.close(script.directory());
        FileStatus status = script.status();
        return new Claim(byOwner ? status.uid() : uid, new Claim.ScriptFile(status.device(), status.inode()));
    }

    /**
     * Makes sure that who is counted is who will run it: files may change hands while a request waits.
     *
     * @throws RefusedException 503 if it is not; the caller closes a launch plan's folder
     */
    static void confirm(Claim claim, Plan plan) throws RefusedException {
        if (plan instanceof LaunchPlan launch) {
            Optional<Confinement.Identity> identity = launch.confinement().identity();
            if (identity.isPresent()) {
                confirm(claim, identity.get().uid(), identity.get().user(), launch.script());
            }
        } else if (plan instanceof WarmPlan warm) {
            confirm(claim, warm.script());
        } else if (plan instanceof RelayPlan relay) {
            Application.Key key = relay.application().key();
            confirm(claim, key.uid(), "uid " + Integer.toUnsignedString(key.uid()), key.program());
        }
    }

    private static void confirm(Claim claim, int uid, String who, String script) throws RefusedException {
        if (uid != claim.uid()) {
            throw new RefusedException(
                    503,
                    script,
                    "it would run as " + who + ", but belonged to uid " + Integer.toUnsignedString(claim.uid())
                            + " when it began to wait");
        }
    }
}
