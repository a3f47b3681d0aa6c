package org.cgifpm.adapters.backend.worker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.backend.process.KeptProcess;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.ProcessMemory;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * One worker: a process that accepts connections on a socket of its own, from its start to the end of all that it
 * started. This is what state it is in and how much it has to do; its {@link KeptProcess} and its
 * {@link WorkerConnections} do the rest. Loop thread only; {@link #start} is called once.
 */
final class Worker implements KeptProcess.Events, WorkerConnections.Events, Recovery.Events {
    /** What the group hears of its worker. */
    interface Events {
        /** It has room for a request, or has become something else: look again, soon. */
        void changed(Worker worker);

        /** It has answered a request. */
        void answered(Worker worker);

        /** It could not be started, was not ready in time, has ended by itself, or sends what is no FastCGI. */
        void failed(Worker worker, String why);

        /** It has ended by itself as it may: with status 0, and after it has answered. */
        void left(Worker worker);

        /** Nothing of it is left but perhaps connections that it has not accepted. */
        void gone(Worker worker, @Nullable Unaccepted unaccepted);

        /** What it says it can do. */
        void told(Map<String, String> values);
    }

    /** Between two looks at how much memory it holds. */
    private static final long MEMORY_LOOK_NANOS = 1_000_000_000L;

    private final WorkerSurroundings around;
    private final EventLoop loop;
    private final Application application;
    private final int number;
    private final Events events;
    private final WorkerStart start;
    private final KeptProcess process;
    private final WorkerConnections connections;
    private final Recovery recovery;
    private final RecyclePolicy recycle;
    private final long startedNanos;

    private WorkerState state;
    private @Nullable Timer startupTimer;
    private Optional<Identity> identity = Optional.empty();
    private String version = "";
    /** Requests that are on it, those given up included. */
    private int load;

    private long served;
    private long memoryNanos;
    private boolean over;

    Worker(
            WorkerSurroundings around,
            Application application,
            int number,
            @Nullable Unaccepted inherited,
            Events events) {
        this.around = around;
        this.loop = around.machine().loop();
        this.application = application;
        this.number = number;
        this.events = events;
        this.start = new WorkerStart(around, application, inherited);
        this.process = new KeptProcess(
                around.machine(),
                around.stderrRate(),
                around.settings().pool(),
                around.settings().killGraceNanos(),
                application.key().program(),
                this);
        this.connections = new WorkerConnections(around, inherited, this);
        this.recovery = new Recovery(loop, around.settings().startupTimeoutNanos(), process, connections, this);
        this.recycle = around.settings().recycle().forWorker(number);
        this.memoryNanos = loop.now();
        this.state = new WorkerState.Starting(loop.now());
        this.startedNanos = loop.now();
        for (RelayRequest request : connections.requests()) {
            request.passedOn(this);
            load++;
        }
    }

    // What it is

    WorkerState state() {
        return state;
    }

    /** Since when it is idle or busy, in the loop's time. */
    long sinceNanos() {
        if (state instanceof WorkerState.Idle idle) {
            return idle.sinceNanos();
        }
        return state instanceof WorkerState.Busy busy ? busy.sinceNanos() : startedNanos;
    }

    /** -1 before it has one. */
    int pid() {
        return process.pid();
    }

    Optional<Identity> identity() {
        return identity;
    }

    String version() {
        return version;
    }

    int load() {
        return load;
    }

    long served() {
        return served;
    }

    long startedNanos() {
        return startedNanos;
    }

    /** Whether it has ended and another process will be started for what it has not accepted. */
    boolean leavesRequests() {
        return !over && process.hasEnded() && connections.holdUnaccepted();
    }

    long ageNanos() {
        return loop.now() - startedNanos;
    }

    /** Whether it can be given one more request, of at most so many. */
    boolean takes(int concurrency) {
        boolean open = state instanceof WorkerState.Idle || state instanceof WorkerState.Busy;
        return open && load < concurrency && !connections.asking();
    }

    List<RelayRequest> requests() {
        return connections.requests();
    }

    private String name() {
        return "worker " + (pid() < 0 ? "number " + number : Integer.toString(pid()));
    }

    // Its start

    void start() {
        startupTimer = loop.schedule(around.settings().startupTimeoutNanos(), this::startedTooSlowly);
        process.start(start);
    }

    @Override
    public void notStarted(String why) {
        if (!over) {
            boolean wanted = state.counts();
            state = new WorkerState.Stopping(loop.now());
            if (wanted) {
                events.failed(this, why);
            }
            end();
        }
    }

    @Override
    public void launched() {
        WorkerStart.Started started = start.started();
        version = started.version();
        identity = started.identity();
        connections.open(started.listener());
    }

    @Override
    public void watched() throws SyscallException {
        if (state.counts()) {
            connections.connectFirst();
        }
        if (!(state instanceof WorkerState.Stopping)) {
            connections.whenAccepted(this::ready);
        }
    }

    @Override
    public void notWatched(String why) {
        fail(why);
    }

    private void ready() {
        cancelStartup();
        connections.settled();
        if (state instanceof WorkerState.Starting) {
            state = load > 0 ? new WorkerState.Busy(loop.now()) : new WorkerState.Idle(loop.now());
            events.changed(this);
        }
    }

    private void startedTooSlowly() {
        startupTimer = null;
        fail("startup_timeout: it has accepted no connection within "
                + around.settings().startupTimeoutNanos() / 1_000_000_000.0 + " s");
        stop();
    }

    private void fail(String why) {
        if (state.counts()) {
            state = new WorkerState.Stopping(loop.now());
            events.failed(this, name() + ": " + why);
        }
    }

    // Its requests

    /**
     * Gives it a request.
     *
     * @throws SyscallException if no connection to it can be had now
     */
    void send(RelayRequest request, int concurrency) throws SyscallException {
        RelayConnection connection = connections.forRequest(request, concurrency);
        load++;
        state = new WorkerState.Busy(loop.now());
        request.begin(this, connection);
    }

    /** How many connections it takes at once, as it says. */
    void maxConnections(int count) {
        connections.atMost(count);
    }

    /** A request is done. */
    void served(@Nullable RelayConnection over) {
        served++;
        load--;
        if (over != null && !over.reusable() && over.load() == 0) {
            connections.drop(over);
        }
        events.answered(this);
        settle();
        events.changed(this);
    }

    /** A request was given up: the worker may still be at it, and is trusted again once it accepts a connection. */
    void recover(RelayRequest request, RelayConnection over) {
        connections.drop(over);
        recovery.of(request);
    }

    @Override
    public void relieved() {
        load--;
        settle();
        events.changed(this);
    }

    /** The connection of a request broke. Whether the worker is still there is seen by whether it accepts another. */
    void lost() {
        if (!over && state.counts()) {
            recovery.ofLost();
        } else {
            load--;
            settle();
        }
    }

    /** A request's time was up. Nobody can say what the worker does by now; it serves what else it has. */
    void hung(RelayRequest request, @Nullable RelayConnection over, String why) {
        load--;
        recovery.forget(request);
        if (over != null && over.load() <= 1) {
            connections.drop(over);
        }
        around.events().warning(name() + " of " + application.key().program() + " is replaced: " + why);
        if (state.counts()) {
            state = new WorkerState.Retiring(why);
        }
        endIfDone();
        events.changed(this);
    }

    /** It does what is to be done after a request. */
    private void settle() {
        if (load == 0 && state instanceof WorkerState.Busy) {
            state = new WorkerState.Idle(loop.now());
        }
        endIfDone();
    }

    private void endIfDone() {
        if (state instanceof WorkerState.Retiring && load <= 0) {
            stop();
        }
    }

    @Override
    public void unreachable(SyscallException why) {
        fail("no connection to it: " + why.getMessage());
        stop();
    }

    @Override
    public void acceptsNoMore() {
        if (!over) {
            fail("startup_timeout: it accepts no connection any more since one broke");
            stop();
        }
    }

    /** Why it should be replaced by a fresh one, if it should. */
    Optional<String> tired() {
        long resident = 0;
        if (recycle.maxMemoryBytes() > 0 && loop.now() - memoryNanos > MEMORY_LOOK_NANOS) {
            memoryNanos = loop.now();
            resident = ProcessMemory.resident(around.machine().syscalls(), pid());
        }
        return recycle.reason(served, ageNanos(), resident);
    }

    /** Asks it once what it can do, if it has a connection for that. */
    boolean ask() {
        return load == 0 && connections.ask();
    }

    @Override
    public void told(Map<String, String> values) {
        events.told(values);
        events.changed(this);
    }

    @Override
    public void misbehaved(String why) {
        if (state.counts()) {
            state = new WorkerState.Retiring(why);
            events.failed(this, name() + " is replaced: it broke the protocol: " + why);
        }
        endIfDone();
        events.changed(this);
    }

    @Override
    public void closed() {
        endIfDone();
    }

    // Its end

    /** It gets nothing new, and ends when it has done what it has. */
    void retire(String why) {
        if (state.counts()) {
            state = new WorkerState.Retiring(why);
            endIfDone();
        }
    }

    /** TERM, and KILL after {@code kill_grace}; what it is at is lost. */
    void stop() {
        if (over) {
            return;
        }
        if (!(state instanceof WorkerState.Stopping)) {
            state = new WorkerState.Stopping(loop.now());
        }
        connections.dropUnused();
        process.terminate();
    }

    /** KILL, now. */
    void kill() {
        stop();
        process.kill();
    }

    @Override
    public void exited(ExitStatus status) {
        cancelStartup();
        boolean wanted = state.counts();
        boolean leaves =
                state instanceof WorkerState.Retiring || (status.code() == 0 && !status.killed() && served > 0);
        state = new WorkerState.Stopping(loop.now());
        connections.stopWatching();
        recovery.ended();
        process.finish();
        if (wanted && leaves) {
            events.left(this);
        } else if (wanted) {
            events.failed(
                    this,
                    name() + " " + (status.killed() ? "was " : "") + status.words()
                            + (served == 0 ? " before it had answered anything" : " after " + served + " requests"));
        }
        events.changed(this);
    }

    @Override
    public void gone() {
        end();
    }

    private void end() {
        over = true;
        cancelStartup();
        state = new WorkerState.Gone();
        events.gone(this, connections.end());
    }

    private void cancelStartup() {
        if (startupTimer != null) {
            startupTimer.cancel();
            startupTimer = null;
        }
    }
}
