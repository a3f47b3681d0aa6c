package org.cgifpm.daemon.config;

/**
 * What of a pool decides which of its other keys anybody asks.
 *
 * @param keepers whether scripts may run as forks of keepers
 * @param ofOwners whether each script's owner has keepers of his own
 */
record PoolKind(Mode mode, WorkerSettings workers, boolean keepers, boolean ofOwners) {
    static PoolKind of(Mode mode, WorkerSettings workers, boolean python, RunAs runAs) {
        return new PoolKind(mode, workers, python && mode != Mode.WSGI, runAs instanceof RunAs.Owner);
    }

    static PoolKind of(PoolSettings pool) {
        return of(
                pool.mode(),
                pool.workers(),
                pool.python().isPresent(),
                pool.identity().runAs());
    }
}
