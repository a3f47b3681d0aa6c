package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.daemon.log.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each request that did not go well, with everything needed to find out why. */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

    private final String pool;

    RequestLog(String pool) {
        this.pool = pool;
    }

    void finished(Exchange exchange, Outcome outcome) {
        String problem = outcome.problem();
        if (problem == null) {
            if (LOG.isDebugEnabled()) {
                LOG.debug(line(exchange, outcome, "done"));
            }
            return;
        }
        if (outcome.status() == Outcome.CLIENT_GONE || outcome.status() == 404) {
            LOG.info(line(exchange, outcome, problem));
        } else {
            LOG.warn(line(exchange, outcome, problem));
        }
    }

    private String line(Exchange exchange, Outcome outcome, String what) {
        String script = outcome.script().isEmpty() ? exchange.params().getOrEmpty("SCRIPT_FILENAME") : outcome.script();
        return "pool " + pool + ": request " + exchange.id() + ": "
                + LogText.ofBytes(exchange.params().getOrEmpty("REQUEST_METHOD")) + " " + LogText.ofBytes(script) + ": "
                + outcome.status() + (outcome.complete() ? "" : " (cut)") + ": " + LogText.ofBytes(what)
                + " [" + client(exchange) + "]";
    }

    private static String client(Exchange exchange) {
        String address = exchange.params().getOrEmpty("REMOTE_ADDR");
        return (address.isEmpty() ? "" : "client " + LogText.ofBytes(address) + ", ") + exchange.peer();
    }
}
