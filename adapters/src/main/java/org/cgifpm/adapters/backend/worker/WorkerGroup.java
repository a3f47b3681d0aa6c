package org.cgifpm.adapters.backend.worker;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.backend.process.KeptHealth;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one application and the requests that wait for one: starts and stops them as the policy says, and gives
 * each request to the one with the least to do. Loop thread only.
 *
 * <p>All that happens only asks for a look; the look itself is taken once, at the end of the turn.
 */
final class WorkerGroup implements Worker.Events, RelayRequest.Group {
    /** What the pool does for its groups. */
    interface Pool {
        /** How many more workers may be started, of so many that are wanted; idle ones of other applications make room. */
        int room(WorkerGroup group, int wanted);

        /** One of its workers has less to do, or is no more: others may wait for that. */
        void freed();

        /** It has neither workers nor requests. */
        void empty(WorkerGroup group);

        /** How many requests a worker takes at once is known better now. */
        void concurrency(int requests);
    }

    private static final String VERSION_OVER = "restart_on_change: its file has changed";
    /** How soon a connection is tried again that there was no room for. */
    private static final long SHORTAGE_MILLIS = 50;

    private static final String ENDING = "the daemon stops";

    private final WorkerSurroundings around;
    private final EventLoop loop;
    private final Application application;
    private final Pool pool;
    private final Workforce workers = new Workforce();
    private final ArrayDeque<RelayRequest> waiting = new ArrayDeque<>();
    private final KeptHealth health;
    private final VersionWatch versions;
    private final Orphans orphans;
    private Pace pace;
    private @Nullable Timer lookTimer;
    private boolean lookPlanned;
    private int concurrency;
    private int maxConnections = Integer.MAX_VALUE;
    /** Whether a worker has been asked what it can do, or need not be. */
    private boolean asked;

    private boolean stopping;
    /** Its workers are being ended with what they are at: there shall be no more. */
    private boolean ending;

    private int lastNumber;

    WorkerGroup(WorkerSurroundings around, Application application, Pool pool) {
        this.around = around;
        this.loop = around.machine().loop();
        this.application = application;
        this.pool = pool;
        this.health =
                new KeptHealth(loop::now, around.events(), application.key().program(), "have answered nothing");
        this.versions = new VersionWatch(around, application, this::version);
        this.orphans = new Orphans(around, this::adopt);
        this.pace = Pace.begin(loop.now());
        this.concurrency = around.settings().concurrency().orElse(1);
        this.asked = around.settings().concurrency().isPresent();
    }

    Application application() {
        return application;
    }

    /** Workers that it has; those that are ending do not count. */
    int size() {
        return orphans.count() + workers.size();
    }

    /** How many of the workers that it wants are for requests that wait, and not to be there for others to come. */
    int needed() {
        return census().unserved();
    }

    /** Whether it has anything that must come to an end before the daemon does. */
    boolean busy() {
        return !workers.isEmpty() || !waiting.isEmpty() || orphans.count() > 0;
    }

    List<Worker> workers() {
        return workers.all();
    }

    /** What administrators are shown. */
    GroupView view() {
        Census census = census();
        return new GroupView(
                application.key().program(),
                application.key().uid(),
                census.starting(),
                census.idle(),
                census.busy(),
                waiting.size(),
                GroupView.Health.of(health),
                health.lastFailure());
    }

    /** Starts those that are there before any request. */
    void open() {
        start(Math.min(
                around.settings().policy().atStart(),
                pool.room(this, around.settings().policy().atStart())));
        lookSoon();
    }

    void serve(RelayRequest request) {
        waiting.addLast(request);
        if (hopeless()) {
            request.refuse(502, health.failing());
            return;
        }
        request.waits();
        if (!workers.isEmpty()) {
            versions.look();
        }
        lookSoon();
    }

    /** Whether no worker is there, and none is tried for a while. */
    private boolean hopeless() {
        return health.isEmergency() && workers.size() == 0 && health.delayNanos() > 0;
    }

    @Override
    public void leaves(RelayRequest request) {
        waiting.remove(request);
        lookSoon();
    }

    @Override
    public void again(RelayRequest request) {
        waiting.addFirst(request);
        if (hopeless()) {
            request.refuse(502, health.failing());
        }
        lookSoon();
    }

    // What is to be done

    void lookSoon() {
        if (!lookPlanned) {
            lookPlanned = true;
            loop.atTurnEnd(this::look);
        }
    }

    private void look() {
        lookPlanned = false;
        if (ending) {
            refuseWaiting(503, ENDING);
        }
        dispatch();
        if (stopping) {
            stopIdle();
        }
        scale();
        if (!busy()) {
            leave();
        }
    }

    /** Nothing is left of it; while its application fails that is remembered. */
    private void leave() {
        long remembered = stopping ? 0 : health.rememberedNanos();
        if (remembered <= 0) {
            cancelLook();
            pool.empty(this);
        } else if (lookTimer == null) {
            lookAgain(remembered);
        }
    }

    private void refuseWaiting(int status, String why) {
        for (RelayRequest request : List.copyOf(waiting)) {
            request.refuse(status, why);
        }
        orphans.giveUp(status, why);
    }

    private void dispatch() {
        while (!waiting.isEmpty()) {
            Worker worker = workers.leastLoaded(concurrency);
            if (worker == null) {
                return;
            }
            RelayRequest request = waiting.removeFirst();
            try {
                worker.send(request, concurrency);
            } catch (SyscallException e) {
                waiting.addFirst(request);
                if (!isShortage(e.errno())) {
                    worker.unreachable(e);
                    continue;
                }
                loop.schedule(SHORTAGE_MILLIS * EventLoop.MILLIS, this::lookSoon);
                return;
            }
        }
    }

    /** Whether it is the daemon that has too little, or the worker that has too much to do: it is not broken. */
    private static boolean isShortage(int errno) {
        return switch (errno) {
            case Errno.EAGAIN, Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS -> true;
            default -> false;
        };
    }

    private Census census() {
        return workers.census(orphans.count(), (waiting.size() + concurrency - 1) / concurrency, loop.now());
    }

    private void scale() {
        long delay = health.delayNanos();
        if (stopping && waiting.isEmpty()) {
            return;
        }
        Decision decision = around.settings().policy().look(census(), pace, loop.now());
        pace = decision.pace();
        if (decision.start() > 0 && delay > 0) {
            lookAgain(delay);
            return;
        }
        if (decision.start() > 0) {
            start(pool.room(this, decision.start()));
        }
        for (int i = 0; i < decision.stop(); i++) {
            stopLongestIdle();
        }
        if (decision.lookAgainNanos().isPresent()) {
            lookAgain(decision.lookAgainNanos().getAsLong());
        } else {
            cancelLook();
        }
    }

    private void lookAgain(long nanos) {
        cancelLook();
        lookTimer = loop.schedule(nanos, () -> {
            lookTimer = null;
            lookSoon();
        });
    }

    private void cancelLook() {
        if (lookTimer != null) {
            lookTimer.cancel();
            lookTimer = null;
        }
    }

    private void start(int count) {
        for (int i = 0; i < count; i++) {
            start((Unaccepted) null);
        }
    }

    private void start(@Nullable Unaccepted inherited) {
        Worker worker = new Worker(around, application, ++lastNumber, inherited, this);
        worker.maxConnections(maxConnections);
        workers.add(worker);
        worker.start();
    }

    // Idle workers

    @Nullable
    Worker longestIdle() {
        return workers.longestIdle();
    }

    /** A worker that nobody waits for, so that it could make way; one that is idle may be about to get a request. */
    @Nullable
    Worker spare() {
        if (!waiting.isEmpty()) {
            return null;
        }
        Worker idle = longestIdle();
        return idle == null ? workers.starting() : idle;
    }

    private void stopLongestIdle() {
        Worker worker = longestIdle();
        if (worker != null) {
            worker.stop();
        }
    }

    private void stopIdle() {
        if (waiting.isEmpty()) {
            for (Worker worker : workers()) {
                worker.retire(ENDING);
            }
        }
    }

    // What its workers say

    @Override
    public void changed(Worker worker) {
        pool.freed();
        lookSoon();
    }

    @Override
    public void answered(Worker worker) {
        if (health.proven(worker.startedNanos())) {
            around.events().info(application.key().program() + ": a worker answers again");
        }
        worker.tired().ifPresent(why -> {
            around.events()
                    .info("worker " + worker.pid() + " of " + application.key().program() + " is replaced: " + why);
            worker.retire(why);
        });
        if (!asked && worker.load() == 0 && worker.ask()) {
            asked = true;
        }
    }

    @Override
    public void failed(Worker worker, String why) {
        health.failed(why, worker.startedNanos(), worker.served() > 0);
        if (health.isEmergency() && workers.size() == 0) {
            refuseWaiting(502, health.failing());
        }
        pool.freed();
        lookSoon();
    }

    @Override
    public void left(Worker worker) {
        pool.freed();
        lookSoon();
    }

    @Override
    public void gone(Worker worker, @Nullable Unaccepted unaccepted) {
        workers.remove(worker);
        if (unaccepted != null) {
            handOn(unaccepted);
        }
        pool.freed();
        lookSoon();
    }

    private void handOn(Unaccepted unaccepted) {
        long delay = health.delayNanos();
        if (ending) {
            unaccepted.giveUp(around, 503, ENDING);
        } else if (health.isEmergency() && workers.size() == 0) {
            unaccepted.giveUp(around, 502, health.failing());
        } else if (delay <= 0) {
            start(unaccepted);
        } else {
            orphans.keep(unaccepted, delay);
        }
    }

    private void adopt(Unaccepted unaccepted) {
        if (unaccepted.open().isEmpty()) {
            unaccepted.giveUp(around, 502, health.failing());
        } else {
            start(unaccepted);
        }
        lookSoon();
    }

    @Override
    public void told(Map<String, String> values) {
        Multiplexing.of(values).ifPresent(can -> {
            concurrency = can.requests();
            maxConnections = can.connections();
            workers().forEach(worker -> worker.maxConnections(maxConnections));
            pool.concurrency(concurrency);
        });
    }

    // restart_on_change

    private void version(String now) {
        for (Worker worker : workers()) {
            boolean knows = !(worker.state() instanceof WorkerState.Starting);
            if (knows && !worker.version().equals(now)) {
                worker.retire(VERSION_OVER);
            }
        }
        lookSoon();
    }

    // The end

    /** No new workers but for requests that wait; those without a request end now. */
    void stop() {
        stopping = true;
        lookSoon();
    }

    /** TERM for all; what waits is refused. */
    void terminate() {
        ending = true;
        stop();
        workers().forEach(Worker::stop);
    }

    /** KILL for all; what waits is refused. */
    void kill() {
        ending = true;
        stop();
        workers().forEach(Worker::kill);
    }
}
