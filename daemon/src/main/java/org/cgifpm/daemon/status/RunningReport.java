package org.cgifpm.daemon.status;

/**
 * One request that has its process: a snapshot that any thread may read.
 *
 * @param id what {@code kill ID} takes
 * @param pid its process, or the worker that answers it; 0 where it is not known yet
 * @param uid whom it runs as
 * @param user the name of that user
 * @param ageMicros since its process was started
 * @param cpuMicros what that process has used so far, with the children it has waited for; -1 where it cannot be seen
 * @param memory resident bytes of that process; -1 where it cannot be seen
 */
public record RunningReport(
        long id,
        String pool,
        int pid,
        int uid,
        String user,
        String script,
        String method,
        String uri,
        String client,
        long received,
        long ageMicros,
        long cpuMicros,
        long memory) {}
