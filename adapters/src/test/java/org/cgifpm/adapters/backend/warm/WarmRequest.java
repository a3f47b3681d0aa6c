package org.cgifpm.adapters.backend.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.testing.FakeExchange;
import org.cgifpm.adapters.testing.FakeExchange.End;
import org.jspecify.annotations.Nullable;

/** A request under way: what its front end sees, and what the supervisor is told. */
final class WarmRequest implements Backend.Watcher {
    final FakeExchange exchange;
    final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    /** Once for each time that it was told of a process. */
    final List<RunningRequest> started = new CopyOnWriteArrayList<>();

    volatile @Nullable Ending ending;
    private @Nullable Outcome outcome;

    WarmRequest(FakeExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void started(RunningRequest running) {
        started.add(running);
    }

    @Override
    public void answered(Ending how) {
        ending = how;
    }

    @Override
    public void finished(Outcome last) {
        outcomes.add(last);
    }

    FakeExchange.Answer answer() throws Exception {
        return exchange.answer();
    }

    /** Waits for the end of it; the same one whenever it is asked. */
    synchronized Outcome outcome() throws InterruptedException {
        Outcome known = outcome;
        if (known == null) {
            known = outcomes.poll(15, TimeUnit.SECONDS);
            assertNotNull(known, "nobody was told of the end of the request");
            outcome = known;
        }
        return known;
    }

    /** How its process ended, in words. */
    String exit() throws InterruptedException {
        Outcome known = outcome();
        return known.exit() == null ? "none" : known.exit().words();
    }

    String problem() throws InterruptedException {
        return String.valueOf(outcome().problem());
    }

    boolean over() {
        return !outcomes.isEmpty();
    }

    /** The body of an answer that must be a whole one with status 200. */
    String ok() throws Exception {
        FakeExchange.Answer answer = answer();
        assertEquals(End.COMPLETE + " 200", answer.end() + " " + answer.status(), () -> details(answer));
        return answer.body();
    }

    private String details(FakeExchange.Answer answer) {
        Outcome known = outcomes.peek();
        return answer.body() + (known == null ? "" : ", " + known);
    }
}
