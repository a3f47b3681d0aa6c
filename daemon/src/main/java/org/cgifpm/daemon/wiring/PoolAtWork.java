package org.cgifpm.daemon.wiring;

/** A pool whose socket is open, from its first worker to its last. */
interface PoolAtWork extends StopSequence.Work {
    /** Starts what runs before the first request. Once, when all pools are up: nothing shall run if one of them is not. */
    void begin();
}
