package org.cgifpm.daemon.supervisor;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cgifpm.daemon.log.LogText;
import org.cgifpm.daemon.supervisor.python.Warmth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which scripts of a pool run warm, and of the others why not: once for each script and verdict, and no more often
 * than so many times, because users make as many scripts as they like. Any thread.
 */
final class WarmthLog {
    static final int MOST = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(WarmthLog.class);

    private final String pool;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    WarmthLog(String pool) {
        this.pool = pool;
    }

    /** @param script its path */
    void tell(String script, Warmth warmth) {
        String words = warmth instanceof Warmth.Warm warm
                ? "runs warm, forked from " + warm.words()
                : "runs cold: " + ((Warmth.Cold) warmth).why();
        if (told.size() >= MOST || !told.add(script + ' ' + words)) {
            return;
        }
        LOG.info("pool {}: {} {}", pool, LogText.ofBytes(script), LogText.ofBytes(words));
        if (told.size() == MOST) {
            LOG.info("pool {}: {} such lines; explain --all tells the rest", pool, MOST);
        }
    }
}
