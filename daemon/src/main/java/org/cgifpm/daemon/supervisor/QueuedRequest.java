package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.os.Timer;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * A request between its arrival and its place: its body may be read and its script looked for, it may wait in the queue,
 * be admitted, give up, or be given up. Loop thread only, but for {@link #over}.
 */
final class QueuedRequest implements PoolGate.Waiter, ExchangeListener {
    /** Where it is on its way to a place. */
    enum Stage {
        ARRIVED,
        /** Its body is read. */
        READING,
        /** Its script is looked for, on a launch thread. */
        LOOKING,
        QUEUED
    }

    /** What the pool does with it. */
    interface Pool {
        void admitted(QueuedRequest request);

        /** It will not be served; {@link QueuedRequest#stage} tells what it leaves. */
        void gaveUp(QueuedRequest request, Outcome outcome);
    }

    private final Pool pool;
    private final Exchange exchange;
    private final long arrivedNanos;
    private Claim claim;
    private Stage stage = Stage.ARRIVED;
    private @Nullable Timer timer;
    /** Also read by the launch thread that looks for its script. */
    private volatile boolean over;

    /** @param claim what it counts for, as far as that is known before its script is */
    QueuedRequest(Pool pool, Exchange exchange, long arrivedNanos, Claim claim) {
        this.pool = pool;
        this.exchange = exchange;
        this.arrivedNanos = arrivedNanos;
        this.claim = claim;
    }

    Exchange exchange() {
        return exchange;
    }

    /** When it came, in the loop's time: from then on it waits for its place. */
    long arrivedNanos() {
        return arrivedNanos;
    }

    Stage stage() {
        return stage;
    }

    /** True when it has its place or has been given up. Any thread. */
    boolean over() {
        return over;
    }

    @Override
    public Claim claim() {
        return claim;
    }

    /** Only before it enters the gate. */
    void claims(Claim known) {
        claim = known;
    }

    /**
     * It waits for something now.
     *
     * @param patience what gives it up when that takes too long, null if it may take for ever
     */
    void waits(Stage where, @Nullable Timer patience) {
        cancelTimer();
        timer = patience;
        boolean listens = stage != Stage.ARRIVED;
        stage = where;
        if (!listens) {
            // Last: it may be told at once of a body that is too large.
            exchange.listener(this);
        }
    }

    @Override
    public void admitted() {
        if (end()) {
            pool.admitted(this);
        }
    }

    @Override
    public void aborted(String why) {
        ResponseHead answered = exchange.responded();
        giveUp(Outcome.refused(answered == null ? Outcome.CLIENT_GONE : answered.status(), "", why));
    }

    @Override
    public void bodyTooLarge() {
        giveUp(Outcome.refused(413, "", "the request body is larger than request_body_max"));
    }

    void giveUp(Outcome outcome) {
        if (end()) {
            pool.gaveUp(this, outcome);
        }
    }

    private boolean end() {
        if (over) {
            return false;
        }
        over = true;
        cancelTimer();
        return true;
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
