package org.cgifpm.daemon.wiring;

import java.util.function.LongSupplier;
import org.cgifpm.daemon.supervisor.DaemonGate;
import org.cgifpm.systemd.ListenFds;

/**
 * What all pools of a daemon stand on.
 *
 * @param user the name of the daemon's own user
 * @param ids numbers requests
 */
record PoolGround(
        Machine machine,
        ControlGroups groups,
        ListenFds inherited,
        String user,
        DaemonGate gate,
        LongSupplier ids,
        RunningTable running) {}
