package org.cgifpm.adapters.backend.worker;

import java.util.OptionalInt;
import org.cgifpm.adapters.os.EventLoop;

/** The settings of a pool of workers, one after the other changed from what most tests want. */
record Settings(RelaySettings relay) {
    /** One worker, started by the first request and kept, that is not asked what it can do. */
    static final Settings USUAL = new Settings(new RelaySettings(
            "test",
            new OnDemand(1, 32, seconds(60)),
            1,
            new RecyclePolicy(0, 0, 0),
            OptionalInt.of(1),
            seconds(10),
            seconds(30),
            0,
            seconds(1) / 2,
            true,
            true,
            false));

    static long seconds(long seconds) {
        return millis(seconds * 1000);
    }

    static long millis(long millis) {
        return millis * EventLoop.MILLIS;
    }

    /** At most so many workers on demand, which are kept. */
    Settings workers(int count) {
        return policy(new OnDemand(count, 32, seconds(60)), count);
    }

    Settings always(int count) {
        return policy(new Static(count), count);
    }

    Settings policy(SpawnPolicy policy, int maxWorkers) {
        return with(policy, maxWorkers, relay.recycle(), relay.concurrency());
    }

    Settings recycle(RecyclePolicy recycle) {
        return with(relay.policy(), relay.maxWorkers(), recycle, relay.concurrency());
    }

    Settings concurrency(int requests) {
        return with(relay.policy(), relay.maxWorkers(), relay.recycle(), OptionalInt.of(requests));
    }

    /** It depends on what the workers say. */
    Settings asking() {
        return with(relay.policy(), relay.maxWorkers(), relay.recycle(), OptionalInt.empty());
    }

    /** Workers of one user at the most. */
    Settings maxPerUser(int workers) {
        return new Settings(new RelaySettings(
                relay.pool(),
                relay.policy(),
                relay.maxWorkers(),
                workers,
                relay.recycle(),
                relay.concurrency(),
                relay.startupTimeoutNanos(),
                relay.requestTimeoutNanos(),
                relay.idleTimeoutNanos(),
                relay.killGraceNanos(),
                relay.killOnAbort(),
                relay.retryIdempotent(),
                relay.watchVersions()));
    }

    private Settings with(SpawnPolicy policy, int maxWorkers, RecyclePolicy recycle, OptionalInt concurrency) {
        return new Settings(new RelaySettings(
                relay.pool(),
                policy,
                maxWorkers,
                recycle,
                concurrency,
                relay.startupTimeoutNanos(),
                relay.requestTimeoutNanos(),
                relay.idleTimeoutNanos(),
                relay.killGraceNanos(),
                relay.killOnAbort(),
                relay.retryIdempotent(),
                relay.watchVersions()));
    }

    Settings startupTimeout(long nanos) {
        return times(nanos, relay.requestTimeoutNanos(), relay.idleTimeoutNanos());
    }

    Settings requestTimeout(long nanos) {
        return times(relay.startupTimeoutNanos(), nanos, relay.idleTimeoutNanos());
    }

    Settings idleTimeout(long nanos) {
        return times(relay.startupTimeoutNanos(), relay.requestTimeoutNanos(), nanos);
    }

    private Settings times(long startup, long request, long idle) {
        return new Settings(new RelaySettings(
                relay.pool(),
                relay.policy(),
                relay.maxWorkers(),
                relay.recycle(),
                relay.concurrency(),
                startup,
                request,
                idle,
                relay.killGraceNanos(),
                relay.killOnAbort(),
                relay.retryIdempotent(),
                relay.watchVersions()));
    }

    /** {@code on_abort = "finish"}. */
    Settings finishing() {
        return choices(false, relay.retryIdempotent(), relay.watchVersions());
    }

    Settings withoutRetry() {
        return choices(relay.killOnAbort(), false, relay.watchVersions());
    }

    Settings watching() {
        return choices(relay.killOnAbort(), relay.retryIdempotent(), true);
    }

    private Settings choices(boolean kill, boolean retry, boolean watch) {
        return new Settings(new RelaySettings(
                relay.pool(),
                relay.policy(),
                relay.maxWorkers(),
                relay.recycle(),
                relay.concurrency(),
                relay.startupTimeoutNanos(),
                relay.requestTimeoutNanos(),
                relay.idleTimeoutNanos(),
                relay.killGraceNanos(),
                kill,
                retry,
                watch));
    }
}
