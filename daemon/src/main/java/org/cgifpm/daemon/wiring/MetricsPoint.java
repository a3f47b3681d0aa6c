package org.cgifpm.daemon.wiring;

import java.io.IOException;
import java.util.Optional;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.daemon.config.DaemonSettings;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.control.Administration;
import org.cgifpm.daemon.status.metrics.MetricsServer;

/** Opens the metrics endpoint, where one is configured. */
final class MetricsPoint {
    private MetricsPoint() {}

    /** @throws SyscallException if nobody can listen there */
    static Optional<MetricsServer> open(DaemonSettings settings, Machine machine, Administration administration)
            throws SyscallException {
        Optional<ListenAddress> address = settings.metricsListen();
        if (address.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(MetricsServer.open(
                    address.get(),
                    machine.acceptors().sockets(),
                    told -> machine.loop().post(() -> told.accept(administration.report())),
                    settings.metricsUsers()));
        } catch (IOException e) {
            throw new SyscallException(String.valueOf(e.getMessage()), 0);
        }
    }
}
