package org.cgifpm.daemon.supervisor;

import java.util.List;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.daemon.config.RunAs;
import org.cgifpm.daemon.supervisor.checks.Runner;

/** Says whom a pool's scripts run as. Launch threads: the owner of a script may have to be looked up. */
final class Runners {
    private final RunAs runAs;
    private final Runner self;
    private final OwnerIdentities owners;

    /** @param self the daemon's own identity */
    Runners(RunAs runAs, Confinement.Identity self, OwnerIdentities owners) {
        this.runAs = runAs;
        this.self = new Runner(Runner.Kind.SELF, self);
        this.owners = owners;
    }

    Runner of(FileStatus script) {
        if (runAs instanceof RunAs.User user) {
            return of(user);
        }
        if (runAs instanceof RunAs.Owner) {
            return owners.of(script.uid())
                    .map(owner -> new Runner(Runner.Kind.OWNER, owner))
                    .orElseGet(() -> unknown(script));
        }
        return self;
    }

    /**
     * Whom a program of a pool's own runs as, which is no script that could have an owner.
     *
     * @param self the daemon's own identity
     */
    static Runner ofProgram(RunAs runAs, Confinement.Identity self) {
        if (runAs instanceof RunAs.Owner) {
            throw new IllegalArgumentException("user = \"@owner\" for what is not the script of anybody");
        }
        return runAs instanceof RunAs.User user ? of(user) : new Runner(Runner.Kind.SELF, self);
    }

    private static Runner of(RunAs.User user) {
        return new Runner(
                Runner.Kind.USER, new Confinement.Identity(user.name(), user.uid(), user.gid(), user.groups()));
    }

    private static Runner unknown(FileStatus script) {
        return new Runner(
                Runner.Kind.NOBODY,
                new Confinement.Identity(
                        Integer.toUnsignedString(script.uid()), script.uid(), script.gid(), List.of()));
    }
}
