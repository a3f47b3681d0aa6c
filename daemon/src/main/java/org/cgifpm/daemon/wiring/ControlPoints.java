package org.cgifpm.daemon.wiring;

import java.util.Optional;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.control.Administration;
import org.cgifpm.daemon.control.ControlServer;
import org.cgifpm.daemon.control.ControlSocket;
import org.cgifpm.daemon.status.metrics.MetricsServer;

/** Where the daemon is asked how it does and told what to do, beside signals. Opened before the loop runs, then loop thread. */
final class ControlPoints {
    private final ControlSocket socket;
    private final Optional<MetricsServer> metrics;

    private ControlPoints(ControlSocket socket, Optional<MetricsServer> metrics) {
        this.socket = socket;
        this.metrics = metrics;
    }

    /**
     * Opens them, as the configuration says.
     *
     * @throws SyscallException if one cannot be opened; the daemon does not start then
     */
    static ControlPoints open(PoolGround ground, Config config, Administration administration) throws SyscallException {
        Machine machine = ground.machine();
        Syscalls syscalls = machine.cgi().syscalls();
        ControlSocket socket = ControlSocket.open(
                syscalls, machine.acceptors().sockets(), config.daemon().control());
        try {
            new ControlServer(machine.loop(), syscalls, socket, administration);
            return new ControlPoints(socket, MetricsPoint.open(config.daemon(), machine, administration));
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Nobody is heard any more, and no socket file is left. The last thing before the daemon ends; connections that are
     * open stay so until its process is gone, which is how their clients know.
     */
    void close() {
        metrics.ifPresent(MetricsServer::close);
        socket.close();
    }
}
