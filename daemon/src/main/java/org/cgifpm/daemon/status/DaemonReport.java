package org.cgifpm.daemon.status;

import java.util.List;

/**
 * How the daemon is doing: a snapshot that any thread may read.
 *
 * @param user whom the daemon runs as
 * @param config the main file of its configuration
 * @param sinceMillis when it was ready, milliseconds since 1970
 * @param nowMillis the time of the snapshot, milliseconds since 1970
 * @param reloads how many reloads took effect
 * @param reloadedMillis when the last of them did, milliseconds since 1970; 0 if none has
 * @param stopping whether it has been told to stop
 * @param pools in the order of the configuration
 */
public record DaemonReport(
        String version,
        int pid,
        String user,
        String config,
        long sinceMillis,
        long nowMillis,
        long reloads,
        long reloadedMillis,
        boolean stopping,
        int connections,
        int maxConnections,
        int active,
        int maxChildren,
        List<PoolReport> pools) {
    public DaemonReport {
        pools = List.copyOf(pools);
    }
}
