package org.cgifpm.daemon.supervisor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.RequestBody;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.Timer;
import org.cgifpm.daemon.config.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * What is done for a request before it asks for a place: {@code request_buffering} reads its body, and where places are
 * counted by owner or script, the script is looked for. Loop thread only; the looking happens on launch threads.
 *
 * <p>Bounded: as many requests as may be at work and in the queue together.
 */
final class Anteroom {
    private final EventLoop loop;
    private final LaunchThreads threads;
    private final PoolSettings settings;
    private final ClaimFinder finder;
    private final IntSupplier capacity;
    private final Consumer<QueuedRequest> ready;
    private final Set<QueuedRequest> reading = new LinkedHashSet<>();
    private int looking;

    /**
     * @param capacity how many requests may be at work at once
     * @param ready told of each request that has all it needs, and is not over
     */
    Anteroom(
            EventLoop loop,
            LaunchThreads threads,
            PoolSettings settings,
            ClaimFinder finder,
            IntSupplier capacity,
            Consumer<QueuedRequest> ready) {
        this.loop = loop;
        this.threads = threads;
        this.settings = settings;
        this.finder = finder;
        this.capacity = capacity;
        this.ready = ready;
    }

    /** True if there is anything to be done for it here. */
    boolean concerns(QueuedRequest request) {
        return finder.needsScript() || bodyIsToBeRead(request);
    }

    boolean full() {
        return inside() >= capacity.getAsInt() + settings.admission().queueLength();
    }

    /** Requests whose body is read or whose script is looked for, also those that gave up while a thread looks. */
    int inside() {
        return reading.size() + looking;
    }

    /** Only if it {@link #concerns} it and is not {@link #full}. */
    void enter(QueuedRequest request) {
        if (bodyIsToBeRead(request)) {
            read(request);
        } else {
            look(request);
        }
    }

    /** It gave up. */
    void left(QueuedRequest request) {
        reading.remove(request);
    }

    /** Gives up those whose body is still being read. */
    void giveUpReading(Outcome outcome) {
        List.copyOf(reading).forEach(request -> request.giveUp(outcome));
    }

    private boolean bodyIsToBeRead(QueuedRequest request) {
        RequestBody body = request.exchange().body();
        return settings.admission().requestBuffering() && body.expected() && !body.hasEnded();
    }

    private void read(QueuedRequest request) {
        reading.add(request);
        long patience = settings.timeouts().request().toNanos();
        String why = "request_timeout: its body was not complete in time";
        request.waits(QueuedRequest.Stage.READING, timer(patience, request, 408, why));
        if (!request.over()) {
            request.exchange().body().buffer(() -> bodyIsThere(request));
        }
    }

    private void bodyIsThere(QueuedRequest request) {
        reading.remove(request);
        if (finder.needsScript()) {
            look(request);
        } else {
            ready.accept(request);
        }
    }

    private void look(QueuedRequest request) {
        looking++;
        long patience = settings.timeouts().launch().toNanos();
        String why = "launch_timeout: looking for the script took too long";
        request.waits(QueuedRequest.Stage.LOOKING, timer(patience, request, 503, why));
        threads.submit(settings.name(), spawner -> {
            Runnable found = request.over() ? () -> {} : find(request);
            loop.post(() -> {
                looking--;
                found.run();
            });
        });
    }

    /** On a launch thread. What it returns is for the loop thread. */
    private Runnable find(QueuedRequest request) {
        try {
            Claim claim = finder.find(request.exchange().params());
            return () -> found(request, claim);
        } catch (RefusedException e) {
            return () -> request.giveUp(Outcome.refused(e.status(), e.script(), e.why(), e.check()));
        } catch (RuntimeException | Error e) {
            return () -> request.giveUp(Outcome.refused(500, "", "internal error while looking for the script: " + e));
        }
    }

    private void found(QueuedRequest request, Claim claim) {
        if (!request.over()) {
            request.claims(claim);
            ready.accept(request);
        }
    }

    private @Nullable Timer timer(long nanos, QueuedRequest request, int status, String why) {
        return nanos == 0 ? null : loop.schedule(nanos, () -> request.giveUp(Outcome.refused(status, "", why)));
    }
}
