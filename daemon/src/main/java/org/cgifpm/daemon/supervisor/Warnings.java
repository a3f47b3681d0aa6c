package org.cgifpm.daemon.supervisor;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cgifpm.daemon.config.Severity;
import org.cgifpm.daemon.log.LogText;
import org.cgifpm.daemon.supervisor.checks.Finding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what {@link Severity#WARN} has to tell: once for each script and check, and of no more than so many, because
 * users make as many scripts as they like. Any thread.
 */
final class Warnings {
    static final int MOST = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(Warnings.class);

    private final String pool;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    Warnings(String pool) {
        this.pool = pool;
    }

    void tell(Reviewed reviewed) {
        for (Finding finding : reviewed.findings()) {
            if (finding.warns()) {
                tell(reviewed.script().path(), finding);
            }
        }
    }

    private void tell(String script, Finding finding) {
        if (told.size() >= MOST || !told.add(finding.name() + ' ' + script)) {
            return;
        }
        LOG.warn(
                "pool {}: {}: run all the same: {} (said once)",
                pool,
                LogText.ofBytes(script),
                LogText.ofBytes(finding.line()));
        if (told.size() == MOST) {
            LOG.warn("pool {}: checks have warned {} times; explain --all tells the rest", pool, MOST);
        }
    }
}
