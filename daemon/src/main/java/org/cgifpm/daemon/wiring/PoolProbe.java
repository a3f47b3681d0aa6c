package org.cgifpm.daemon.wiring;

import java.util.List;
import java.util.Optional;
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
 * Looks, before a pool takes requests, whether its scripts will run as asked. Pools that run as the daemon does need no
 * look, and pools whose user is not known before the script is get none. Blocks; before the loop runs.
 */
final class PoolProbe {
    private static final Logger LOG = LoggerFactory.getLogger(PoolProbe.class);

    private final ProcessSurroundings around;

    PoolProbe(ProcessSurroundings around) {
        this.around = around;
    }

    /** What is not as asked, in words; empty if all is, or nobody can tell. */
    List<String> differences(PoolSettings pool, @Nullable LeafSource leaves) throws SyscallException {
        Optional<Confinement> confinement = Confinements.ofPool(pool).filter(asked -> !asked.equals(Confinement.NONE));
        if (confinement.isEmpty()) {
            return List.of();
        }
        if (!ChainProbe.possible(confinement.get())) {
            LOG.info("pool {}: what scripts get in the new root folder is not verified", pool.name());
            return List.of();
        }
        return new ChainProbe(around, leaves).differences(confinement.get());
    }
}
