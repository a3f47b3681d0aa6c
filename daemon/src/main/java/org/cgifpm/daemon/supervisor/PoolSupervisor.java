package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.Answers;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RequestHandler;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.PoolSettings;

/**
 * One pool at work: lets requests in, hands them to the backend, and takes note of their end, which is the only place
 * where a place is given back. Loop thread only.
 */
public final class PoolSupervisor implements RequestHandler, QueuedRequest.Pool {
    private final EventLoop loop;
    private final PoolSettings settings;
    private final PoolGate gate;
    private final Backend backend;
    private final ScriptPlanner planner;
    private final RequestLog log;
    private boolean stopping;

    /** @param user the name of the user that scripts run as */
    public PoolSupervisor(
            EventLoop loop, Syscalls syscalls, PoolSettings settings, PoolGate gate, Backend backend, String user) {
        this.loop = loop;
        this.settings = settings;
        this.gate = gate;
        this.backend = backend;
        this.planner = new ScriptPlanner(syscalls, settings, user);
        this.log = new RequestLog(settings.name());
    }

    @Override
    public void handle(Exchange exchange) {
        if (stopping) {
            refuse(exchange, 503, "the daemon is stopping");
            return;
        }
        if (declaredLength(exchange) > settings.requestBodyMax()) {
            refuse(
                    exchange,
                    413,
                    "the request declares a body larger than request_body_max (" + settings.requestBodyMax() + ")");
            return;
        }
        QueuedRequest request = new QueuedRequest(this, exchange, loop.now());
        switch (gate.enter(request)) {
            case ADMITTED -> {}
            case QUEUED ->
                request.waits(loop.schedule(
                        settings.admission().queueTimeout().toNanos(),
                        () -> request.giveUp(
                                503,
                                "queue_timeout: no place within "
                                        + settings.admission().queueTimeout().toMillis() + " ms")));
            case FULL ->
                refuse(exchange, 503, "queue_length: " + gate.busy() + " at work, " + gate.waiting() + " waiting");
        }
    }

    /** A request whose params broke a limit, so that it cannot be handled. */
    public void refuse(Exchange exchange, int status, String why) {
        Answers.error(exchange, status, why, "");
        log.finished(exchange, Outcome.refused(status, "", why));
    }

    /** What CONTENT_LENGTH says, -1 where it says nothing that is a number. */
    private static long declaredLength(Exchange exchange) {
        String length = exchange.params().getOrEmpty("CONTENT_LENGTH");
        long value = 0;
        for (int i = 0; i < length.length(); i++) {
            char c = length.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = Math.min(value * 10 + (c - '0'), Long.MAX_VALUE / 100);
        }
        return length.isEmpty() ? -1 : value;
    }

    @Override
    public void admitted(QueuedRequest request) {
        Exchange exchange = request.exchange();
        backend.serve(exchange, () -> planner.plan(exchange.params()), outcome -> finished(exchange, outcome));
    }

    @Override
    public void gaveUp(QueuedRequest request, int status, String why) {
        gate.leave(request);
        refuse(request.exchange(), status, why);
    }

    private void finished(Exchange exchange, Outcome outcome) {
        log.finished(exchange, outcome);
        gate.release();
    }

    /** Requests that come from now on are answered 503. Those that wait are let in as places become free. */
    public void stop() {
        stopping = true;
    }

    /** True when nothing is at work and nobody waits. */
    public boolean idle() {
        return gate.busy() == 0 && gate.waiting() == 0;
    }

    public PoolGate gate() {
        return gate;
    }
}
