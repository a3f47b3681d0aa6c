package org.cgifpm.daemon.wiring;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.backend.process.ChainProbe;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.supervisor.Confinements;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, before pools take requests, whether their scripts will run as asked. Pools that run as the daemon does need no
 * look, and pools whose user is not known before the script is get none. Blocks: not on the loop thread.
 *
 * <p>Each look starts a process. What pools ask for alike is looked at once; of many that differ in their users alone, the
 * first ones stand for all: a daemon with a thousand of them shall start in time.
 */
final class PoolProbe {
    private static final Logger LOG = LoggerFactory.getLogger(PoolProbe.class);

    /** Users that are tried with what is otherwise alike. */
    static final int USERS = 16;

    private final ProcessSurroundings around;
    private final Map<Confinement, List<String>> seen = new HashMap<>();
    private final Map<Confinement, Set<Confinement>> alike = new HashMap<>();

    PoolProbe(ProcessSurroundings around) {
        this.around = around;
    }

    /** What is not as asked, in words; empty if all is, or nobody can tell. */
    List<String> differences(PoolSettings pool, @Nullable LeafSource leaves) throws SyscallException {
        Optional<Confinement> asked = Confinements.ofPool(pool).filter(some -> !some.equals(Confinement.NONE));
        if (asked.isEmpty()) {
            return List.of();
        }
        Confinement confinement = asked.get();
        if (!ChainProbe.possible(confinement)) {
            LOG.info("pool {}: what scripts get in the new root folder is not verified", pool.name());
            return List.of();
        }
        List<String> known = seen.get(confinement);
        if (known != null) {
            return known;
        }
        Set<Confinement> tried = alike.computeIfAbsent(withoutUser(confinement), some -> new HashSet<>());
        if (tried.size() >= USERS) {
            return List.of();
        }
        List<String> found = new ChainProbe(around, leaves).differences(confinement);
        seen.put(confinement, found);
        if (found.isEmpty()) {
            // Where something is wrong, it is looked at with every user.
            tried.add(confinement);
        }
        return found;
    }

    private static Confinement withoutUser(Confinement confinement) {
        return new Confinement(
                confinement.identity().isPresent() ? NOBODY : Optional.empty(),
                confinement.limits(),
                confinement.umask(),
                confinement.nice(),
                confinement.noNewPrivileges(),
                confinement.chroot(),
                confinement.apparmorProfile(),
                confinement.selinuxLabel());
    }

    private static final Optional<Confinement.Identity> NOBODY =
            Optional.of(new Confinement.Identity("", 0, 0, List.of()));
}
