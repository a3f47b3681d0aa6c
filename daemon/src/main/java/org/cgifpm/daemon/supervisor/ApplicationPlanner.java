package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.protocol.cgi.RelayedParams;

/**
 * Decides for a pool of one application: all of its requests go there, in whatever role. Looks nothing up and never
 * blocks; any thread.
 */
final class ApplicationPlanner implements RequestPlanner {
    private final Application application;
    private final RelayedParams relayed;
    private final DroppedParams dropped;

    ApplicationPlanner(PoolSettings settings, Application application) {
        this.application = application;
        this.relayed = new RelayedParams(EnvironmentPolicy.of(settings));
        this.dropped = new DroppedParams(settings.name());
    }

    @Override
    public RelayPlan plan(Exchange exchange) {
        RelayedParams.Result result = relayed.of(exchange.params());
        dropped.tell(result.dropped());
        return new RelayPlan(application, result.params());
    }
}
