package org.cgifpm.daemon.wiring;

import java.io.IOException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.frontend.FrontendEvents;
import org.cgifpm.daemon.log.LogText;
import org.cgifpm.daemon.supervisor.PoolSupervisor;
import org.cgifpm.protocol.fastcgi.NameValueLimitException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one pool's front end tells: requests go to the supervisor, the rest to the log. Loop thread only. */
final class PoolEvents implements FrontendEvents {
    private static final Logger LOG = LoggerFactory.getLogger(PoolEvents.class);

    private String pool;
    private final LongSupplier ids;
    private PoolSupervisor supervisor;
    private Predicate<Exchange> pages = exchange -> false;

    PoolEvents(String pool, LongSupplier ids, PoolSupervisor supervisor) {
        this.pool = pool;
        this.ids = ids;
        this.supervisor = supervisor;
    }

    /**
     * Requests that come from now on are that pool's.
     *
     * @param answers is asked first, before anything that has a limit: true if it has answered the request itself
     */
    void leadTo(String name, PoolSupervisor wanted, Predicate<Exchange> answers) {
        pool = name;
        supervisor = wanted;
        pages = answers;
    }

    @Override
    public long nextId() {
        return ids.getAsLong();
    }

    @Override
    public void handle(Exchange exchange, @Nullable IOException incomplete) {
        if (incomplete != null) {
            int status = incomplete instanceof NameValueLimitException ? 431 : 503;
            supervisor.refuse(exchange, status, String.valueOf(incomplete.getMessage()));
        } else if (!pages.test(exchange)) {
            supervisor.handle(exchange);
        }
    }

    @Override
    public void peerFailed(String peer, String why) {
        LOG.info("pool {}: connection of {} ended: {}", pool, peer, LogText.ofBytes(why));
    }

    @Override
    public void peerRefused(String peer, String why) {
        LOG.warn("pool {}: connection of {} refused: {}", pool, peer, why);
    }

    @Override
    public void acceptFailed(String why) {
        LOG.error("pool {}: {}", pool, why);
    }
}
