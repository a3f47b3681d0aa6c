package org.cgifpm.daemon.supervisor;

import java.util.Optional;
import java.util.OptionalInt;
import org.cgifpm.adapters.Answers;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.Plan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.RequestHandler;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.WarmPlan;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.PoolSettings;

/**
 * One pool at work: lets requests in, hands them to the backend, and takes note of their end, which is the only place
 * where a place is given back. Loop thread only.
 */
public final class PoolSupervisor implements RequestHandler, QueuedRequest.Pool {
    /** What all pools of a daemon share. */
    public record Surroundings(EventLoop loop, Syscalls syscalls, LaunchThreads threads, DaemonGate daemon) {}

    private final EventLoop loop;
    private final Syscalls syscalls;
    private final PoolSettings settings;
    private final ClaimFinder claims;
    private final Optional<OwnerPools> owners;
    private final PoolGate gate;
    private final Anteroom anteroom;
    private final Backend backend;
    private final RequestPlanner planner;
    private final RequestLog log;
    private RequestObserver observer = RequestObserver.NONE;
    private boolean stopping;

    /**
     * Of a pool of scripts, none of which runs warm.
     *
     * @param user the name of the daemon's own user
     */
    public PoolSupervisor(Surroundings around, PoolSettings settings, Backend backend, String user) {
        this(around, settings, backend, user, OptionalInt.empty());
    }

    /**
     * Of a pool of scripts.
     *
     * @param user the name of the daemon's own user
     * @param keeper an open descriptor of the keeper's source, which has to stay open; empty if no script runs warm
     */
    public PoolSupervisor(
            Surroundings around, PoolSettings settings, Backend backend, String user, OptionalInt keeper) {
        this(around, settings, backend, new ScriptPlanner(around.syscalls(), settings, user, keeper));
    }

    /**
     * Of a pool whose requests all go to one application, without a look at any file: the backend may plan on the loop
     * thread.
     */
    public PoolSupervisor(Surroundings around, PoolSettings settings, Backend backend, Application application) {
        this(around, settings, backend, new ApplicationPlanner(settings, application));
    }

    private PoolSupervisor(Surroundings around, PoolSettings settings, Backend backend, RequestPlanner planner) {
        this.loop = around.loop();
        this.syscalls = around.syscalls();
        this.settings = settings;
        this.claims = new ClaimFinder(syscalls, settings);
        this.owners = claims.byOwner()
                ? Optional.of(new OwnerPools(loop, OwnerPools.KEPT_NANOS, OwnerPools.Watcher.NOBODY))
                : Optional.empty();
        this.gate = owners.map(tally -> new PoolGate(around.daemon(), settings.admission(), tally))
                .orElseGet(() -> new PoolGate(around.daemon(), settings.admission()));
        this.anteroom = new Anteroom(loop, around.threads(), settings, claims, gate::capacity, this::enterGate);
        this.backend = backend;
        this.planner = planner;
        this.log = new RequestLog(settings.name());
    }

    /** Who is told of this pool's requests from now on; replaces the one before. */
    public void observer(RequestObserver wanted) {
        observer = wanted;
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
        QueuedRequest request = new QueuedRequest(this, exchange, loop.now(), claims.beforehand());
        if (!anteroom.concerns(request)) {
            enterGate(request);
        } else if (anteroom.full()) {
            refuse(exchange, 503, "queue_length: " + anteroom.inside() + " are not even ready to wait");
        } else {
            anteroom.enter(request);
        }
    }

    private void enterGate(QueuedRequest request) {
        switch (gate.enter(request)) {
            case ADMITTED -> {}
            case QUEUED ->
                request.waits(
                        QueuedRequest.Stage.QUEUED,
                        loop.schedule(settings.admission().queueTimeout().toNanos(), () -> waitedTooLong(request)));
            case FULL -> request.giveUp(Outcome.refused(503, "", "queue_length: " + gate.fullness(request.claim())));
        }
    }

    private void waitedTooLong(QueuedRequest request) {
        String why = "queue_timeout: no place within "
                + settings.admission().queueTimeout().toMillis() + " ms; " + gate.fullness(request.claim());
        request.giveUp(Outcome.refused(503, "", why));
    }

    /** A request whose params broke a limit, so that it cannot be handled. */
    public void refuse(Exchange exchange, int status, String why) {
        refuse(new Visit.Notes(exchange, loop.now()), Outcome.refused(status, "", why));
    }

    private void refuse(Visit.Notes notes, Outcome outcome) {
        String why = outcome.problem();
        Answers.error(notes.exchange(), outcome.status(), why == null ? "" : why, "");
        note(notes, outcome);
    }

    private void note(Visit.Notes notes, Outcome outcome) {
        log.finished(notes.exchange(), outcome);
        observer.finished(notes.finished(outcome, loop.now()));
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
        Visit.Notes notes = new Visit.Notes(exchange, request.arrivedNanos());
        notes.admitted(loop.now());
        backend.serve(exchange, () -> plan(request), new Backend.Watcher() {
            @Override
            public void started(RunningRequest running) {
                notes.started(running);
                observer.started(exchange, running);
            }

            @Override
            public void answered(Ending how) {
                notes.answered(how, loop.now());
            }

            @Override
            public void finished(Outcome outcome) {
                try {
                    note(notes, outcome);
                } finally {
                    gate.release(request);
                }
            }
        });
    }

    /** On a launch thread, or where there is nothing to look for, on whatever thread the backend likes. */
    private Plan plan(QueuedRequest request) throws RefusedException {
        Plan plan = planner.plan(request.exchange());
        try {
            ClaimFinder.confirm(request.claim(), plan);
        } catch (RefusedException e) {
            if (plan instanceof LaunchPlan launch) {
                syscalls.close(launch.directory());
            } else if (plan instanceof WarmPlan warm) {
                syscalls.close(warm.script().directory());
            }
            throw e;
        }
        return plan;
    }

    @Override
    public void gaveUp(QueuedRequest request, Outcome outcome) {
        switch (request.stage()) {
            case READING -> anteroom.left(request);
            case QUEUED -> gate.leave(request);
            case ARRIVED, LOOKING -> {}
        }
        refuse(new Visit.Notes(request.exchange(), request.arrivedNanos()), outcome);
    }

    /** Requests that come from now on are answered 503. Those that wait are let in as places become free. */
    public void stop() {
        stopping = true;
    }

    /** Requests whose body is still being read are answered 503: nobody has the time to wait for it any more. */
    public void hurry() {
        anteroom.giveUpReading(Outcome.refused(503, "", "the daemon is stopping"));
    }

    /** True when nothing is at work and nobody waits. */
    public boolean idle() {
        return gate.busy() == 0 && gate.waiting() == 0 && anteroom.inside() == 0;
    }

    /** Requests that wait for a place, or are looked at before they ask for one. */
    public int waiting() {
        return gate.waiting() + anteroom.inside();
    }

    public PoolGate gate() {
        return gate;
    }

    /** The pools of the script owners; empty unless the pool says {@code user = "@owner"}. Loop thread. */
    public Optional<OwnerPools> owners() {
        return owners;
    }
}
