package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/** A request between its arrival and its place: it may be admitted, give up, or be given up. Loop thread only. */
final class QueuedRequest implements PoolGate.Waiter, ExchangeListener {
    /** What the pool does with it. */
    interface Pool {
        void admitted(QueuedRequest request);

        void gaveUp(QueuedRequest request, int status, String why);
    }

    private final Pool pool;
    private final Exchange exchange;
    private final long arrivedNanos;
    private @Nullable Timer timer;
    private boolean over;

    QueuedRequest(Pool pool, Exchange exchange, long arrivedNanos) {
        this.pool = pool;
        this.exchange = exchange;
        this.arrivedNanos = arrivedNanos;
    }

    Exchange exchange() {
        return exchange;
    }

    long arrivedNanos() {
        return arrivedNanos;
    }

    void waits(Timer queueTimeout) {
        timer = queueTimeout;
        exchange.listener(this);
    }

    @Override
    public void admitted() {
        if (end()) {
            pool.admitted(this);
        }
    }

    @Override
    public void aborted(String why) {
        giveUp(org.cgifpm.adapters.Outcome.CLIENT_GONE, why);
    }

    @Override
    public void bodyTooLarge() {
        giveUp(413, "the request body is larger than request_body_max");
    }

    void giveUp(int status, String why) {
        if (end()) {
            pool.gaveUp(this, status, why);
        }
    }

    private boolean end() {
        if (over) {
            return false;
        }
        over = true;
        if (timer != null) {
            timer.cancel();
        }
        return true;
    }
}
