package org.cgifpm.daemon.status.page;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.daemon.config.StatusPages;
import org.cgifpm.daemon.status.PoolState;

/**
 * Answers the requests of a pool whose SCRIPT_NAME is its {@code status_path} or its {@code ping_path}. Ask it before
 * anything that has a limit, so that it answers while the pool has no place left. Loop thread only.
 */
public final class PoolPages {
    private final StatusPages pages;
    private final PoolView pool;
    private final Clock clock;

    /** @param clock the time of day, in the zone that times are shown in */
    public PoolPages(StatusPages pages, PoolView pool, Clock clock) {
        this.pages = pages;
        this.pool = pool;
        this.clock = clock;
    }

    /** True if the request was for one of the pages: it is answered then, or will be soon. False: it was not touched. */
    public boolean answers(Exchange exchange) {
        String script = exchange.params().getOrEmpty("SCRIPT_NAME");
        if (is(pages.pingPath(), script)) {
            ping(exchange);
            return true;
        }
        if (is(pages.statusPath(), script)) {
            status(exchange);
            return true;
        }
        return false;
    }

    private static boolean is(Optional<String> path, String script) {
        return path.isPresent() && path.get().equals(script);
    }

    private void ping(Exchange exchange) {
        PoolState state = pool.report().state();
        if (state == PoolState.UP) {
            byte[] body = pages.pingResponse().getBytes(StandardCharsets.ISO_8859_1);
            PageSender.send(exchange, 200, StatusFormat.PLAIN.type(), List.of(), body);
        } else {
            byte[] body = (StatusFields.word(state) + "\n").getBytes(StandardCharsets.UTF_8);
            PageSender.send(exchange, 503, StatusFormat.PLAIN.type(), List.of(), body);
        }
    }

    private void status(Exchange exchange) {
        StatusQuery query = StatusQuery.parse(exchange.params().getOrEmpty("QUERY_STRING"));
        if (query.full()) {
            // The report is made when they are told, so that both are of one moment.
            pool.running(running -> send(exchange, query, new Snapshot(pool.report(), running, clock)));
        } else {
            send(exchange, query, new Snapshot(pool.report(), List.of(), clock));
        }
    }

    private static void send(Exchange exchange, StatusQuery query, Snapshot snapshot) {
        byte[] body = query.format().render(snapshot, query.full()).getBytes(StandardCharsets.UTF_8);
        PageSender.send(exchange, 200, query.format().type(), query.format().headers(), body);
    }
}
