package org.cgifpm.daemon.supervisor;

import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.Outcome;

/** Serves until it is told that a request is over. */
final class FakeBackend implements Backend {
    record Serving(Exchange exchange, Backend.Watcher finished) {}

    final List<Serving> serving = new ArrayList<>();
    int served;

    @Override
    public void serve(Exchange exchange, Planner planner, Backend.Watcher finished) {
        served++;
        exchange.listener((ExchangeListener) why -> {});
        serving.add(new Serving(exchange, finished));
    }

    void finish(int which) {
        Serving over = serving.remove(which);
        over.exchange().end(0);
        over.finished().finished(new Outcome(200, "/s", null, true, null, "", -1, 0));
    }
}
