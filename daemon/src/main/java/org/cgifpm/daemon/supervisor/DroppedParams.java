package org.cgifpm.daemon.supervisor;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cgifpm.daemon.log.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the log which params one pool does not pass, each name once. Any thread. */
final class DroppedParams {
    private static final Logger LOG = LoggerFactory.getLogger(DroppedParams.class);
    /** A client that invents names fills neither log nor memory. */
    private static final int MAX_TOLD = 64;

    private final String pool;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    DroppedParams(String pool) {
        this.pool = pool;
    }

    void tell(List<String> names) {
        names.forEach(this::tell);
    }

    private void tell(String name) {
        if (told.size() < MAX_TOLD && told.add(name)) {
            LOG.info("pool {}: param {} is not passed to scripts (said once)", pool, LogText.ofBytes(name));
        }
    }
}
