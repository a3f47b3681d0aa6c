package org.cgifpm.daemon.supervisor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.daemon.config.IdentitySettings;
import org.cgifpm.daemon.config.LimitSettings;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.RunAs;
import org.cgifpm.daemon.supervisor.checks.Runner;

/** What a pool's settings come to for one script: numbers only, ready for the chain that starts it. */
public final class Confinements {
    private static final Confinement.Limits UNWRITTEN = limits(LimitSettings.DEFAULT);

    private Confinements() {}

    /** {@link Confinement#NONE}, and so no chain, for the daemon's own user in a pool that asks for nothing. */
    static Confinement of(IdentitySettings identity, LimitSettings settings, Runner runner) {
        Confinement.Limits limits = limits(settings);
        if (runner.isSelf() && !identity.confined() && limits.equals(UNWRITTEN)) {
            return Confinement.NONE;
        }
        return new Confinement(
                runner.isSelf() ? Optional.empty() : Optional.of(runner.identity()),
                limits,
                identity.umask(),
                identity.nice(),
                identity.noNewPrivileges(),
                identity.chroot(),
                identity.apparmorProfile(),
                identity.selinuxLabel());
    }

    /** The one that all scripts of a pool share; empty where each script's owner has another. */
    public static Optional<Confinement> ofPool(PoolSettings pool) {
        if (pool.identity().runAs() instanceof RunAs.Owner) {
            return Optional.empty();
        }
        Confinement.Identity nobody = new Confinement.Identity("", 0, 0, List.of());
        Runner runner = Runners.ofProgram(pool.identity().runAs(), nobody);
        return Optional.of(of(pool.identity(), pool.limits(), runner));
    }

    private static Confinement.Limits limits(LimitSettings settings) {
        return new Confinement.Limits(
                settings.cpu().map(Duration::toSeconds).map(OptionalLong::of).orElse(OptionalLong.empty()),
                settings.memory(),
                wide(settings.files()),
                wide(settings.processes()),
                settings.fileSize(),
                OptionalLong.of(settings.core()),
                settings.stack());
    }

    private static OptionalLong wide(OptionalInt number) {
        return number.isPresent() ? OptionalLong.of(number.getAsInt()) : OptionalLong.empty();
    }
}
