package org.cgifpm.daemon.wiring;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.cgifpm.daemon.supervisor.DaemonGate;
import org.cgifpm.systemd.ListenFds;

/**
 * What all pools of a daemon stand on.
 *
 * @param user the name of the daemon's own user
 * @param stopTimeoutNanos how long what shall end may take to finish, as the configuration in force says
 * @param ids numbers requests
 */
record PoolGround(
        Machine machine,
        ControlGroups groups,
        ListenFds inherited,
        String user,
        DaemonGate gate,
        AtomicLong stopTimeoutNanos,
        LongSupplier ids,
        RunningTable running) {}
