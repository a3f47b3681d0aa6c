package org.cgifpm.adapters.backend.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.backend.process.ProcessTree;
import org.cgifpm.adapters.backend.process.StderrPump;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.ProcessMemory;
import org.cgifpm.adapters.os.SocketFolder;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * One worker: a process that accepts connections on a socket of its own, from its start to the end of all that it
 * started. Loop thread only.
 *
 * <p>The socket stays open in the daemon, so a connection that the worker has not accepted when it ends is not lost: it is
 * handed on to the next worker ({@link Unaccepted}).
 */
final class Worker implements ProcessTree.Events, RelayConnection.Owner {
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
    private final List<RelayConnection> connections = new ArrayList<>(1);
    private final AcceptWatch accepting;
    private final RecyclePolicy recycle;
    private WorkerState state;
    private @Nullable Unaccepted inherited;
    private SocketFolder.@Nullable Listener listener;
    private @Nullable ProcessTree tree;
    private @Nullable StderrPump words;
    private @Nullable Timer startupTimer;
    private @Nullable Timer askTimer;
    private Optional<Identity> identity = Optional.empty();
    private String version = "";
    private long startedNanos;
    /** Requests that it was given up on, and may still be at. */
    private final List<RelayRequest> recovering = new ArrayList<>(0);
    /** Requests that are on it, those given up included. */
    private int load;

    private int maxConnections = Integer.MAX_VALUE;
    private long served;
    private long memoryNanos;
    private boolean killed;
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
        this.inherited = inherited;
        this.events = events;
        this.recycle = around.settings().recycle().forWorker(number);
        this.memoryNanos = loop.now();
        this.state = new WorkerState.Starting(loop.now());
        this.startedNanos = loop.now();
        this.accepting =
                new AcceptWatch(loop, () -> listener != null && around.sockets().waitsToBeAccepted(listener));
        if (inherited != null) {
            // Those whose requests were given up meanwhile are closed, and wait to be accepted all the same.
            for (RelayConnection connection : inherited.open()) {
                connection.owner(this);
                connections.add(connection);
                connection.requests().forEach(request -> request.passedOn(this));
                load += connection.load();
            }
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
        return tree == null ? -1 : tree.pid();
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
        return !over
                && tree != null
                && tree.status() != null
                && connections.stream().anyMatch(connection -> connection.load() > 0 && !connection.heard());
    }

    long ageNanos() {
        return loop.now() - startedNanos;
    }

    /** Whether it can be given one more request, of at most so many. */
    boolean takes(int concurrency) {
        boolean open = state instanceof WorkerState.Idle || state instanceof WorkerState.Busy;
        return open && load < concurrency && askTimer == null;
    }

    List<RelayRequest> requests() {
        return connections.stream().flatMap(c -> c.requests().stream()).toList();
    }

    private String name() {
        return "worker " + (tree == null ? "number " + number : Integer.toString(tree.pid()));
    }

    // Its start

    void start() {
        startupTimer = loop.schedule(around.settings().startupTimeoutNanos(), this::startedTooSlowly);
        around.machine().threads().submit(around.settings().pool(), spawner -> {
            WorkerStart start = new WorkerStart(around, application, inherited);
            try {
                WorkerStart.Started started = start.run(spawner);
                loop.post(() -> started(started));
            } catch (RefusedException e) {
                loop.post(() -> notStarted(e.why()));
            } catch (RuntimeException | Error e) {
                loop.post(() -> notStarted("internal error at start: " + e));
            }
        });
    }

    private void notStarted(String why) {
        if (!over) {
            boolean wanted = state.counts();
            state = new WorkerState.Stopping(loop.now());
            if (wanted) {
                events.failed(this, why);
            }
            end();
        }
    }

    private void started(WorkerStart.Started started) {
        listener = started.listener();
        version = started.version();
        identity = started.identity();
        around.machine().descriptors().opened(started.launched().stderr());
        ProcessTree processes = new ProcessTree(
                around.machine(),
                around.settings().pool(),
                around.settings().killGraceNanos(),
                started.launched(),
                this);
        tree = processes;
        StderrPump pump = new StderrPump(
                around.machine(),
                around.stderrRate(),
                0,
                application.key().program(),
                started.launched().stderr(),
                () -> {});
        words = pump;
        try {
            processes.watch();
            pump.hold();
            pump.watch();
            if (state.counts() && connections.isEmpty()) {
                connect();
            }
        } catch (SyscallException e) {
            processes.forget();
            if (state.counts()) {
                fail("no room to watch it: " + e.getMessage());
            }
            processes.takeBack();
            return;
        }
        if (killed) {
            processes.kill();
        } else if (state instanceof WorkerState.Stopping) {
            processes.terminate();
        } else {
            accepting.until(this::ready);
        }
        processes.look();
    }

    private RelayConnection connect() throws SyscallException {
        SocketFolder.Listener to = listener;
        if (to == null) {
            throw new IllegalStateException("no socket yet");
        }
        int fd = around.sockets().connect(to);
        try {
            RelayConnection connection = new RelayConnection(around.machine(), around.buffers(), fd, this);
            connections.add(connection);
            return connection;
        } catch (SyscallException e) {
            around.machine().syscalls().close(fd);
            throw e;
        }
    }

    private void ready() {
        cancel(startupTimer);
        startupTimer = null;
        inherited = null;
        if (state instanceof WorkerState.Starting) {
            settle();
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
        RelayConnection connection = connectionFor(request, concurrency);
        load++;
        state = new WorkerState.Busy(loop.now());
        request.begin(this, connection);
    }

    /**
     * A connection that was used before may be closed by a worker that has had enough, at this very moment. What could not
     * be begun anew goes over one that waits to be accepted: if not by this process, by the next.
     */
    private RelayConnection connectionFor(RelayRequest request, int concurrency) throws SyscallException {
        RelayConnection free = null;
        RelayConnection least = null;
        for (RelayConnection connection : connections) {
            if (connection.idle()) {
                free = connection;
            } else if (connection.reusable() && (least == null || connection.load() < least.load())) {
                least = connection;
            }
        }
        // The second time nothing is left to chance: several workers may have had enough at once.
        if (free != null && request.replayable() && request.firstTry()) {
            return free;
        }
        if (free != null) {
            drop(free);
        }
        boolean multiplexes = least != null && connections.size() >= connectionsFor(concurrency);
        return multiplexes && least != null ? least : connect();
    }

    /** How many connections it takes at once, as it says. */
    void maxConnections(int count) {
        maxConnections = Math.max(1, count);
    }

    private int connectionsFor(int concurrency) {
        return Math.min(concurrency, maxConnections);
    }

    private void drop(RelayConnection connection) {
        connections.remove(connection);
        connection.close();
    }

    /** A request is done. */
    void served(@Nullable RelayConnection over) {
        served++;
        load--;
        if (over != null && !over.reusable() && over.load() == 0) {
            drop(over);
        }
        events.answered(this);
        settle();
        events.changed(this);
    }

    /** A request was given up: the worker may still be at it, and is trusted again once it accepts a connection. */
    void recover(RelayRequest request, RelayConnection over) {
        drop(over);
        recovering.add(request);
        if (tree == null || tree.status() != null) {
            forgetRecovering();
        } else {
            reconnect(() -> recovered(request));
        }
    }

    private void recovered(RelayRequest request) {
        if (recovering.remove(request)) {
            load--;
            request.recovered();
            settle();
            events.changed(this);
        }
    }

    /** It has ended: nothing of what it was given up on is left. */
    private void forgetRecovering() {
        for (RelayRequest request : List.copyOf(recovering)) {
            recovered(request);
        }
    }

    /** The connection of a request broke. Whether the worker is still there is seen by whether it accepts another. */
    void lost() {
        if (!over && state.counts()) {
            reconnect(() -> {
                load--;
                settle();
                events.changed(this);
            });
        } else {
            load--;
            settle();
        }
    }

    private void reconnect(Runnable accepted) {
        if (tree == null || tree.status() != null || over) {
            return; // its end is known, and tells more
        }
        try {
            connect();
            accepting.until(accepted);
        } catch (SyscallException e) {
            unreachable(e);
        }
    }

    /** A request's time was up. Nobody can say what the worker does by now; it serves what else it has. */
    void hung(RelayRequest request, @Nullable RelayConnection over, String why) {
        load--;
        recovering.remove(request);
        if (over != null && over.load() <= 1) {
            drop(over);
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
        if (load == 0 && (state instanceof WorkerState.Busy || state instanceof WorkerState.Starting)) {
            state = new WorkerState.Idle(loop.now());
        } else if (load > 0 && state instanceof WorkerState.Starting) {
            state = new WorkerState.Busy(loop.now());
        }
        endIfDone();
    }

    private void endIfDone() {
        if (state instanceof WorkerState.Retiring && load <= 0) {
            stop();
        }
    }

    /** No connection to it can be had although it lives. */
    void unreachable(SyscallException why) {
        fail("no connection to it: " + why.getMessage());
        stop();
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
        for (RelayConnection connection : connections) {
            if (connection.idle() && load == 0) {
                askTimer = loop.schedule(RelaySettings.ASK_MILLIS * EventLoop.MILLIS, () -> {
                    drop(connection);
                    told(Map.of());
                });
                connection.ask();
                return true;
            }
        }
        return false;
    }

    @Override
    public void told(Map<String, String> values) {
        cancel(askTimer);
        askTimer = null;
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
    public void closed(RelayConnection connection) {
        connections.remove(connection);
        if (connection.isAsked()) {
            told(Map.of());
        }
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
        for (RelayConnection connection : List.copyOf(connections)) {
            if (connection.load() == 0) {
                drop(connection);
            }
        }
        if (tree != null) {
            tree.terminate();
        }
    }

    /** KILL, now. */
    void kill() {
        killed = true;
        stop();
        if (tree != null) {
            tree.kill();
        }
    }

    @Override
    public void exited(ExitStatus status) {
        cancel(startupTimer);
        boolean wanted = state.counts();
        boolean leaves =
                state instanceof WorkerState.Retiring || (status.code() == 0 && !status.killed() && served > 0);
        state = new WorkerState.Stopping(loop.now());
        accepting.cancel();
        forgetRecovering();
        StderrPump pump = words;
        if (pump != null) {
            pump.readToEnd();
            pump.close();
        }
        ProcessTree processes = tree;
        if (processes != null) {
            // Children of it may be left, and nobody would give them anything to do.
            processes.terminate();
            processes.release();
        }
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
    public void killed() {
        // Whoever has left the group may hold the pipe for ever; its words are not waited for.
    }

    @Override
    public void gone(ExitStatus status) {
        end();
    }

    private void end() {
        over = true;
        cancel(startupTimer);
        cancel(askTimer);
        accepting.cancel();
        state = new WorkerState.Gone();
        List<RelayConnection> left = new ArrayList<>();
        for (RelayConnection connection : List.copyOf(connections)) {
            boolean open = connection.heard() || connection.drain();
            if (open && connection.load() == 0) {
                drop(connection);
            } else if (open && !connection.heard()) {
                left.add(connection);
            }
        }
        connections.removeAll(left);
        SocketFolder.Listener socket = listener == null && inherited != null ? inherited.listener() : listener;
        listener = null;
        if (socket != null && left.isEmpty()) {
            around.sockets().close(socket);
        }
        events.gone(this, socket == null || left.isEmpty() ? null : new Unaccepted(socket, left));
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
