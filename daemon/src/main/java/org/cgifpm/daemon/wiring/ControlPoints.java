package org.cgifpm.daemon.wiring;

import java.util.Optional;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.control.Administration;
import org.cgifpm.daemon.status.metrics.MetricsServer;

/** Where the daemon is asked how it does and told what to do, beside signals. Opened before the loop runs, then loop thread. */
final class ControlPoints {
    private final Optional<MetricsServer> metrics;

    private ControlPoints(Optional<MetricsServer> metrics) {
        this.metrics = metrics;
    }

    /**
     * Opens all of them, or none.
     *
     * @throws SyscallException if one cannot be opened; the daemon does not start then
     */
    static ControlPoints open(PoolGround ground, Config config, Administration administration) throws SyscallException {
        return new ControlPoints(
                MetricsPoint.open(config.daemon(), ground.machine().loop(), administration));
    }

    /** Nobody is heard any more, and no socket file is left. The last thing before the daemon ends. */
    void close() {
        metrics.ifPresent(MetricsServer::close);
    }
}
