package org.cgifpm.daemon.wiring;

import java.util.List;
import org.cgifpm.adapters.backend.warm.KeeperView;
import org.cgifpm.adapters.backend.worker.GroupView;
import org.cgifpm.daemon.config.PoolSettings;

/**
 * What answers a pool's requests under one set of settings, from its first process to its last. A pool whose settings
 * change gets another one, beside which the one before finishes what it has. Loop thread only, once it is made.
 */
interface PoolAtWork extends StopSequence.Work {
    PoolSettings settings();

    /** Starts what runs before the first request. Once, when it is sure that requests will come. */
    void begin();

    /** No new requests, though the pool's socket stays open for its successor; what runs may finish. */
    void leave();

    /** After it was {@link #idle}, or instead of {@link #begin}: gives back what it holds. */
    void close();

    /** Requests that have their place. */
    int active();

    /** Requests that wait for one. */
    int waiting();

    List<GroupView> workers();

    List<KeeperView> keepers();

    /** Ends one request, TERM first; false if there is none of that number. */
    boolean terminate(long id);

    /** Ends all requests of that user; how many there were. */
    int terminateUser(int uid);
}
