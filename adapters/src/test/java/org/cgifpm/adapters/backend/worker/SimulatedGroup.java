package org.cgifpm.adapters.backend.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A group of workers that exists in numbers only, on a clock of its own: it looks when a count changes and when it was
 * told to, obeys at once, and holds every decision against what no policy may decide.
 */
final class SimulatedGroup {
    static final long MILLIS = 1_000_000L;

    private enum State {
        STARTING,
        IDLE,
        BUSY,
        GONE
    }

    private static final class SimulatedWorker {
        State state = State.STARTING;
        long idleSinceNanos;
    }

    private record Event(long atNanos, long order, Runnable happens) {}

    private final SpawnPolicy policy;
    private final int maxChildren;
    private final int mostStarting;
    /** What may be starting when more are asked for; the first ones may be more. */
    private final int spawnRate;

    private final long idleTimeoutNanos;
    private final LongSupplier startupNanos;
    private final long beginNanos;
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.<Event>comparingLong(event -> event.atNanos).thenComparingLong(Event::order));
    private final List<SimulatedWorker> workers = new ArrayList<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private @Nullable SimulatedWorker takes;
    private Pace pace;

    /** Since the group's begin; events are kept by this, so that their order survives a clock that passes its end. */
    private long elapsedNanos;

    private long order;
    private int timers;
    private boolean timerIsSet;
    private int looks;
    private int served;

    SimulatedGroup(SpawnPolicy policy, long beginNanos, LongSupplier startupNanos) {
        this.policy = policy;
        this.beginNanos = beginNanos;
        this.startupNanos = startupNanos;
        int most = Integer.MAX_VALUE;
        int rate = Integer.MAX_VALUE;
        long idleTimeout = 0;
        if (policy instanceof Static all) {
            maxChildren = all.maxChildren();
        } else if (policy instanceof Dynamic dynamic) {
            maxChildren = dynamic.maxChildren();
            rate = dynamic.maxSpawnRate();
            most = Math.max(rate, dynamic.startServers());
        } else {
            OnDemand onDemand = (OnDemand) policy;
            maxChildren = onDemand.maxChildren();
            rate = onDemand.maxSpawnRate();
            most = rate;
            idleTimeout = onDemand.idleTimeoutNanos();
        }
        mostStarting = most;
        spawnRate = rate;
        idleTimeoutNanos = idleTimeout;
        pace = Pace.begin(beginNanos);
        start(policy.atStart());
        look();
    }

    /** A request that a worker is busy with for so long; {@code done} when it has its answer. */
    void request(long serviceNanos, Runnable done) {
        waiting.add(() -> serve(serviceNanos, done));
        look();
    }

    /** Any worker ends by itself; a request it was busy with is tried again. */
    void kill(Random random) {
        if (!workers.isEmpty()) {
            workers.remove(random.nextInt(workers.size())).state = State.GONE;
            look();
        }
    }

    /** Whatever is to happen at that time from now. */
    void after(long nanos, Runnable happens) {
        events.add(new Event(elapsedNanos + nanos, order++, happens));
    }

    /** Lets so much time pass. */
    void pass(long nanos) {
        long until = elapsedNanos + nanos;
        for (Event next = events.peek(); next != null && next.atNanos <= until; next = events.peek()) {
            events.remove();
            elapsedNanos = next.atNanos;
            next.happens.run();
        }
        elapsedNanos = until;
    }

    void look() {
        boolean again = true;
        while (again) {
            dispatch();
            looks++;
            Census census = census();
            Decision decision = policy.look(census, pace, beginNanos + elapsedNanos);
            check(census, decision);
            pace = decision.pace();
            start(decision.start());
            for (int i = 0; i < decision.stop(); i++) {
                SimulatedWorker stopped = longestIdle();
                stopped.state = State.GONE;
                workers.remove(stopped);
            }
            timers++;
            timerIsSet = decision.lookAgainNanos().isPresent();
            again = timerIsSet && decision.lookAgainNanos().getAsLong() == 0;
            if (timerIsSet && !again) {
                setTimer(decision.lookAgainNanos().getAsLong());
            }
        }
    }

    private void setTimer(long nanos) {
        int timer = timers;
        after(nanos, () -> {
            if (timer == timers) {
                look();
            }
        });
    }

    Census census() {
        return new Census(
                count(State.STARTING),
                count(State.IDLE),
                count(State.BUSY),
                waiting.size(),
                count(State.IDLE) == 0 ? 0 : longestIdle().idleSinceNanos);
    }

    int alive() {
        return workers.size();
    }

    int looks() {
        return looks;
    }

    int served() {
        return served;
    }

    boolean wantsToLookAgain() {
        return timerIsSet;
    }

    private void check(Census census, Decision decision) {
        Supplier<String> what = () -> policy + " decided " + decision + " for " + census;
        assertTrue(decision.start() >= 0 && decision.start() <= maxChildren - census.alive(), what);
        assertTrue(decision.start() == 0 || census.starting() + decision.start() <= mostStarting, what);
        assertTrue(decision.stop() >= 0 && decision.stop() <= census.idle(), what);
        assertTrue(decision.stop() == 0 || (decision.start() == 0 && census.waiting() == 0), what);
        assertTrue(decision.lookAgainNanos().orElse(0) >= 0, what);
        if (decision.stop() > 0 && policy instanceof OnDemand) {
            assertTrue(beginNanos + elapsedNanos - census.longestIdleSinceNanos() >= idleTimeoutNanos, what);
        }
        boolean canStart = census.alive() < maxChildren && census.starting() < spawnRate;
        if (census.waiting() > census.starting() + census.idle() && canStart) {
            assertTrue(decision.start() > 0, () -> "left requests waiting: " + what.get());
        }
    }

    private void start(int many) {
        for (int i = 0; i < many; i++) {
            SimulatedWorker worker = new SimulatedWorker();
            workers.add(worker);
            after(startupNanos.getAsLong(), () -> {
                if (worker.state == State.STARTING) {
                    fallsIdle(worker);
                }
            });
        }
    }

    private void fallsIdle(SimulatedWorker worker) {
        worker.state = State.IDLE;
        worker.idleSinceNanos = beginNanos + elapsedNanos;
        look();
    }

    private void dispatch() {
        while (!waiting.isEmpty() && count(State.IDLE) > 0) {
            takes = longestIdle();
            waiting.remove().run();
        }
    }

    private void serve(long serviceNanos, Runnable done) {
        SimulatedWorker worker = takes;
        if (worker == null) {
            throw new AssertionError("nobody takes it");
        }
        assertEquals(State.IDLE, worker.state);
        worker.state = State.BUSY;
        after(serviceNanos, () -> {
            if (worker.state == State.GONE) {
                request(serviceNanos, done);
            } else {
                served++;
                fallsIdle(worker);
                done.run();
            }
        });
    }

    private SimulatedWorker longestIdle() {
        long now = beginNanos + elapsedNanos;
        return workers.stream()
                .filter(worker -> worker.state == State.IDLE)
                .max(Comparator.comparingLong(worker -> now - worker.idleSinceNanos))
                .orElseThrow();
    }

    private int count(State state) {
        return (int) workers.stream().filter(worker -> worker.state == state).count();
    }
}
