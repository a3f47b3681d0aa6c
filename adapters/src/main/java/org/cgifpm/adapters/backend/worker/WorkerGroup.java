package org.cgifpm.adapters.backend.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.cgifpm.adapters.Application;
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
    private static final String ENDING = "the daemon stops";
    private static final long VERSION_LOOK_NANOS = 1_000_000_000L;

    /** How long it is remembered that an application fails which nobody asks for: longer than it is left alone. */
    private static final long FAILURE_NANOS = 60_000_000_000L;

    private final WorkerSurroundings around;
    private final EventLoop loop;
    private final Application application;
    private final Pool pool;
    private final List<Worker> workers = new ArrayList<>();
    private final ArrayDeque<RelayRequest> waiting = new ArrayDeque<>();
    private Pace pace;
    private RestartBackoff backoff = RestartBackoff.none();
    private String lastFailure = "";
    private long failedNanos;
    private @Nullable Timer lookTimer;
    private boolean lookPlanned;
    private int concurrency;
    private int maxConnections = Integer.MAX_VALUE;
    /** Whether a worker has been asked what it can do, or need not be. */
    private boolean asked;

    private boolean stopping;
    /** Its workers are being ended with what they are at: there shall be no more. */
    private boolean ending;

    private boolean lookingAtVersion;
    private long versionNanos;
    private int lastNumber;
    /** What ended workers have not accepted, and what nobody may be started for yet. */
    private final List<Unaccepted> orphans = new ArrayList<>(0);

    WorkerGroup(WorkerSurroundings around, Application application, Pool pool) {
        this.around = around;
        this.loop = around.machine().loop();
        this.application = application;
        this.pool = pool;
        this.pace = Pace.begin(loop.now());
        this.concurrency = around.settings().concurrency().orElse(1);
        this.asked = around.settings().concurrency().isPresent();
    }

    Application application() {
        return application;
    }

    /** Workers that it has; those that are ending do not count. */
    int size() {
        return orphans.size()
                + (int) workers.stream()
                        .filter(worker -> worker.state().counts() || worker.leavesRequests())
                        .count();
    }

    /** How many of the workers that it wants are for requests that wait, and not to be there for others to come. */
    int needed() {
        return census().unserved();
    }

    /** Whether it has anything that must come to an end before the daemon does. */
    boolean busy() {
        return !workers.isEmpty() || !waiting.isEmpty() || !orphans.isEmpty();
    }

    List<Worker> workers() {
        return List.copyOf(workers);
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
                backoff.emergency()
                        ? GroupView.Health.EMERGENCY
                        : backoff.inEpisode() ? GroupView.Health.FAILING : GroupView.Health.WELL,
                lastFailure);
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
            request.refuse(502, failing());
            return;
        }
        request.waits();
        watchVersion();
        lookSoon();
    }

    /** Whether no worker is there, and none is tried for a while. */
    private boolean hopeless() {
        return backoff.emergency() && size() == 0 && delayLeft() > 0;
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
            request.refuse(502, failing());
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
        long remembered = backoff.inEpisode() && !stopping ? failedNanos + FAILURE_NANOS - loop.now() : 0;
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
        for (Unaccepted unaccepted : List.copyOf(orphans)) {
            unaccepted.giveUp(around, status, why);
        }
        orphans.clear();
    }

    private void dispatch() {
        while (!waiting.isEmpty()) {
            Worker worker = leastLoaded();
            if (worker == null) {
                return;
            }
            RelayRequest request = waiting.removeFirst();
            try {
                worker.send(request, concurrency);
            } catch (SyscallException e) {
                waiting.addFirst(request);
                worker.unreachable(e);
            }
        }
    }

    /** Of equals the one that had a request last: it is warm, and the others get the chance to be idle long enough. */
    private @Nullable Worker leastLoaded() {
        Worker best = null;
        for (Worker worker : workers) {
            if (worker.takes(concurrency)
                    && (best == null
                            || worker.load() < best.load()
                            || (worker.load() == best.load() && worker.sinceNanos() - best.sinceNanos() > 0))) {
                best = worker;
            }
        }
        return best;
    }

    private Census census() {
        int starting = orphans.size();
        int idle = 0;
        int busy = 0;
        long longest = loop.now();
        for (Worker worker : workers) {
            if (worker.state() instanceof WorkerState.Starting) {
                starting++;
            } else if (worker.state() instanceof WorkerState.Idle since) {
                idle++;
                longest = Math.min(longest, since.sinceNanos());
            } else if (worker.state() instanceof WorkerState.Busy) {
                busy++;
            } else if (worker.leavesRequests()) {
                starting++;
            }
        }
        return new Census(starting, idle, busy, (waiting.size() + concurrency - 1) / concurrency, longest);
    }

    private void scale() {
        long delay = delayLeft();
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
        return workers.stream()
                .filter(worker -> worker.state() instanceof WorkerState.Idle)
                .min(Comparator.comparingLong(Worker::sinceNanos))
                .orElse(null);
    }

    /** Whether it has a worker that nobody waits for; one that is idle may be about to get a request. */
    boolean hasSpare() {
        return waiting.isEmpty() && longestIdle() != null;
    }

    boolean stopLongestIdle() {
        Worker worker = longestIdle();
        if (worker != null) {
            worker.stop();
        }
        return worker != null;
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
        if (backoff.inEpisode()) {
            around.events().info(application.key().program() + ": a worker answers again");
            backoff = backoff.answered();
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
        lastFailure = why;
        if (worker.served() > 0) {
            around.events().warning(application.key().program() + ": " + why);
        } else if (!backoff.inEpisode() || worker.startedNanos() - failedNanos >= 0) {
            // One that was started before the last failure tells nothing new.
            countFailure(why);
        }
        if (backoff.emergency() && size() == 0) {
            refuseWaiting(502, failing());
        }
        pool.freed();
        lookSoon();
    }

    private void countFailure(String why) {
        backoff = backoff.failed();
        failedNanos = loop.now();
        if (backoff.beginsEpisode()) {
            around.events().warning(application.key().program() + ": " + why);
        }
        if (backoff.entersEmergency()) {
            around.events()
                    .warning(application.key().program() + ": emergency: " + backoff.failures()
                            + " workers in a row have answered nothing; it is tried again, at most every 30 s. The last: "
                            + why);
        }
    }

    private String failing() {
        return "its workers keep failing: " + lastFailure;
    }

    private long delayLeft() {
        return backoff.delayNanos() == 0 ? 0 : failedNanos + backoff.delayNanos() - loop.now();
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
        long delay = delayLeft();
        if (ending) {
            unaccepted.giveUp(around, 503, ENDING);
        } else if (backoff.emergency() && size() == 0) {
            unaccepted.giveUp(around, 502, failing());
        } else if (delay <= 0) {
            start(unaccepted);
        } else {
            orphans.add(unaccepted);
            loop.schedule(delay, () -> adopt(unaccepted));
        }
    }

    private void adopt(Unaccepted unaccepted) {
        if (!orphans.remove(unaccepted)) {
            return; // given up meanwhile
        }
        if (unaccepted.open().isEmpty()) {
            unaccepted.giveUp(around, 502, failing());
        } else {
            start(unaccepted);
        }
        lookSoon();
    }

    @Override
    public void told(Map<String, String> values) {
        boolean multiplexes = "1".equals(values.get("FCGI_MPXS_CONNS"));
        if (multiplexes) {
            concurrency = number(values, "FCGI_MAX_REQS", RelaySettings.UNTOLD_REQUESTS);
            maxConnections = number(values, "FCGI_MAX_CONNS", RelaySettings.MAX_CONCURRENCY);
            workers.forEach(worker -> worker.maxConnections(maxConnections));
            pool.concurrency(concurrency);
        }
    }

    /** What a worker says of itself, within reason. */
    private static int number(Map<String, String> values, String name, int otherwise) {
        String text = values.getOrDefault(name, "");
        if (!text.matches("[0-9]{1,6}")) {
            return otherwise;
        }
        return Math.max(1, Math.min(RelaySettings.MAX_CONCURRENCY, Integer.parseInt(text)));
    }

    // restart_on_change

    private void watchVersion() {
        boolean due = loop.now() - versionNanos > VERSION_LOOK_NANOS;
        if (!around.settings().watchVersions() || lookingAtVersion || !due || workers.isEmpty()) {
            return;
        }
        lookingAtVersion = true;
        versionNanos = loop.now();
        around.machine().threads().submit(around.settings().pool(), spawner -> {
            try {
                String version = application.version();
                loop.post(() -> version(version));
            } catch (RuntimeException | Error e) {
                loop.post(() -> lookingAtVersion = false);
                throw e;
            }
        });
    }

    private void version(String now) {
        lookingAtVersion = false;
        if (now.isEmpty()) {
            return; // it is being replaced at this moment, and will be another in a moment
        }
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
