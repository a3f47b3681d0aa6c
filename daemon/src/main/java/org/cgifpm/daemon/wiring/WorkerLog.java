package org.cgifpm.daemon.wiring;

import java.util.function.LongSupplier;
import org.cgifpm.adapters.backend.process.KeptEvents;
import org.cgifpm.daemon.log.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of one pool's workers in the daemon's log, and no more often than somebody could read: a worker that ends itself
 * after each answer would fill the disk with its deaths. Loop thread only.
 */
final class WorkerLog implements KeptEvents {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLog.class);

    /** Lines at once, and one more each second. */
    private static final int BURST = 60;

    private static final long NANOS_PER_LINE = 1_000_000_000L;

    private final String pool;
    private final LongSupplier nanos;
    private long lines = BURST;
    private long refilledNanos;
    private long leftOut;

    /** @param nanos the loop's time */
    WorkerLog(String pool, LongSupplier nanos) {
        this.pool = pool;
        this.nanos = nanos;
        this.refilledNanos = nanos.getAsLong();
    }

    @Override
    public void info(String line) {
        if (allowed()) {
            LOG.info("pool {}: {}{}", pool, LogText.ofBytes(line), missing());
        }
    }

    @Override
    public void warning(String line) {
        if (allowed()) {
            LOG.warn("pool {}: {}{}", pool, LogText.ofBytes(line), missing());
        }
    }

    private boolean allowed() {
        long more = (nanos.getAsLong() - refilledNanos) / NANOS_PER_LINE;
        lines = Math.min(BURST, lines + more);
        refilledNanos += more * NANOS_PER_LINE;
        if (lines == 0) {
            leftOut++;
            return false;
        }
        lines--;
        return true;
    }

    private String missing() {
        String words = leftOut == 0 ? "" : " (" + leftOut + " lines about this pool's workers were left out before)";
        leftOut = 0;
        return words;
    }
}
