package org.cgifpm.daemon.wiring;

import java.util.List;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.daemon.supervisor.RequestObserver;
import org.cgifpm.daemon.supervisor.Visit;

/** Tells several observers of the same requests, one after the other. Loop thread only. */
record Observers(List<RequestObserver> all) implements RequestObserver {
    Observers {
        all = List.copyOf(all);
    }

    @Override
    public void started(Exchange exchange, RunningRequest running) {
        all.forEach(observer -> observer.started(exchange, running));
    }

    @Override
    public void finished(Visit visit) {
        all.forEach(observer -> observer.finished(visit));
    }
}
