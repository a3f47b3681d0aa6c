package org.cgifpm.adapters.backend.worker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.backend.process.KeptEvents;
import org.cgifpm.adapters.backend.process.KeptHealth;
import org.cgifpm.adapters.backend.process.Launch;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.StderrRate;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Registration;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * {@code dispatch = "direct"}: the workers of a pool accept on the pool's own listening socket, and nobody stands between
 * them and the front end. The daemon starts and ends them, and sees no request. Loop thread only.
 *
 * <p>What it goes by: a worker that the kernel has run since the last look is busy; while connections stay on the socket
 * unaccepted, more workers are wanted. Without workers it waits for the first connection and has no timer.
 */
public final class DirectWorkers implements DirectWorker.Events {
    /** Between two looks while there is work. */
    private static final long LOOK_MILLIS = 100;
    /** Between two looks while there is none. */
    private static final long REST_MILLIS = 1000;
    /** Looks in a row that have found a connection unaccepted, before that means that there are too few workers. */
    private static final int PATIENCE = 2;
    /** A worker that has lived for so long is not broken. */
    private static final long HEALTHY_NANOS = 1_000_000_000L;

    private final ProcessSurroundings machine;
    private final DirectWorker.Surroundings around;
    private final EventLoop loop;
    private final RelaySettings settings;
    private final Application application;
    private final int listener;
    private final Registration connections;
    private final List<DirectWorker> workers = new ArrayList<>();
    private final KeptHealth health;
    private Pace pace;
    private @Nullable Timer lookTimer;
    private boolean lookPlanned;
    /** Looks in a row that have found a connection unaccepted. */
    private int unaccepted;

    private int lastNumber;
    private boolean stopping;
    /** There shall be no more workers. */
    private boolean ended;

    /**
     * @param leaves where each worker gets a control group from, or null where there are none
     * @param listener the pool's listening socket; it is made to wait in accept(2), as such programs expect
     * @param leavingNanos how long a worker may take to finish that shall end; beyond, it is ended in the middle of it
     * @throws SyscallException if the kernel has no room to watch it
     */
    public DirectWorkers(
            ProcessSurroundings machine,
            @Nullable LeafSource leaves,
            RelaySettings settings,
            KeptEvents events,
            Application application,
            int listener,
            LongSupplier leavingNanos)
            throws SyscallException {
        this.machine = machine;
        this.around = new DirectWorker.Surroundings(
                machine, new Launch(machine, leaves), new StderrRate(), settings, events, listener, leavingNanos);
        this.loop = machine.loop();
        this.settings = settings;
        this.application = application;
        this.listener = listener;
        this.health = new KeptHealth(loop::now, events, application.key().program(), "have ended at once");
        this.pace = Pace.begin(loop.now());
        machine.syscalls().blocking(listener);
        this.connections = loop.register(listener, 0, ready -> firstConnection());
    }

    /** Starts those that are there before any connection. */
    public void open() {
        start(settings.policy().atStart());
        lookSoon();
    }

    private void firstConnection() {
        connections.interest(0);
        unaccepted = PATIENCE;
        look();
    }

    private void lookSoon() {
        if (!lookPlanned) {
            lookPlanned = true;
            loop.atTurnEnd(() -> {
                lookPlanned = false;
                scale();
            });
        }
    }

    private void look() {
        cancelLook();
        boolean waits = machine.syscalls().isReadable(listener);
        unaccepted = waits ? unaccepted + 1 : 0;
        for (DirectWorker worker : List.copyOf(workers)) {
            if (worker.isLeaving()) {
                worker.lookLeaving();
            } else {
                worker.look();
                worker.tired().ifPresent(worker::replace);
            }
            if (worker.isWanted() && worker.ageNanos() > HEALTHY_NANOS && health.proven(worker.startedNanos())) {
                around.events().info(application.key().program() + ": its workers stay up again");
            }
        }
        scale();
    }

    private Census census() {
        int idle = 0;
        int busy = 0;
        long longest = loop.now();
        for (DirectWorker worker : workers) {
            if (!worker.isWanted()) {
                continue;
            }
            // Connections stay unaccepted although everybody has had the time: nobody is idle, whatever it looks like.
            if (worker.isIdle() && unaccepted < PATIENCE) {
                idle++;
                longest = Math.min(longest, worker.idleSinceNanos());
            } else {
                busy++;
            }
        }
        int waiting = unaccepted < PATIENCE ? 0 : 1 << Math.min(unaccepted - PATIENCE, 5);
        return new Census(0, idle, busy, waiting, longest);
    }

    private void scale() {
        if (ended) {
            return;
        }
        Decision decision = settings.policy().look(census(), pace, loop.now());
        pace = decision.pace();
        long delay = health.delayNanos();
        if (decision.start() > 0 && delay <= 0) {
            start(decision.start());
        }
        for (int i = 0; i < decision.stop(); i++) {
            longestIdle().ifPresent(DirectWorker::stop);
        }
        lookAgain(
                decision.start() > 0 && delay > 0 ? delay : 0,
                decision.lookAgainNanos().isPresent());
    }

    private Optional<DirectWorker> longestIdle() {
        return workers.stream()
                .filter(worker -> worker.isWanted() && worker.isIdle())
                .min(Comparator.comparingLong(DirectWorker::idleSinceNanos));
    }

    private void lookAgain(long delay, boolean wanted) {
        cancelLook();
        boolean nobody = workers.stream().noneMatch(DirectWorker::isWanted);
        boolean leaving = workers.stream().anyMatch(DirectWorker::isLeaving);
        if (nobody && delay <= 0) {
            connections.interest(EventLoop.IN);
        }
        if (leaving) {
            lookTimer = loop.schedule(LOOK_MILLIS * EventLoop.MILLIS, this::look);
        } else if (delay > 0) {
            lookTimer = loop.schedule(delay, this::look);
        } else if (!nobody) {
            boolean busy = unaccepted > 0 || workers.stream().anyMatch(w -> w.isWanted() && !w.isIdle());
            boolean fixed = settings.policy() instanceof Static && !wanted && !health.isFailing();
            // At their fixed number there is nothing to decide, but for those that are to be replaced.
            if (!fixed || watches()) {
                lookTimer = loop.schedule((busy ? LOOK_MILLIS : REST_MILLIS) * EventLoop.MILLIS, this::look);
            }
        }
    }

    private boolean watches() {
        RecyclePolicy recycle = settings.recycle();
        return recycle.maxLifetimeNanos() > 0 || recycle.maxMemoryBytes() > 0;
    }

    private void cancelLook() {
        if (lookTimer != null) {
            lookTimer.cancel();
            lookTimer = null;
        }
    }

    private void start(int count) {
        for (int i = 0; i < count; i++) {
            DirectWorker worker = new DirectWorker(around, application, ++lastNumber, this);
            workers.add(worker);
            worker.start();
        }
    }

    @Override
    public void failed(DirectWorker worker, String why) {
        // At the end of the pool's socket most programs have no other way out than an error.
        if (!ended) {
            health.failed(why, worker.startedNanos(), worker.ageNanos() >= HEALTHY_NANOS);
        }
        lookSoon();
    }

    @Override
    public void gone(DirectWorker worker) {
        workers.remove(worker);
        lookSoon();
    }

    /** What administrators are shown. */
    public GroupView view() {
        Census census = census();
        return new GroupView(
                application.key().program(),
                application.key().uid(),
                0,
                census.idle(),
                census.busy(),
                census.waiting(),
                GroupView.Health.of(health),
                health.lastFailure());
    }

    /**
     * The daemon stops: those that have nothing to do end soon, the others when they have done. Does nothing the second
     * time.
     *
     * @param ours whether the socket is ours alone: then it is shut, so that workers that wait on it see the end
     */
    public void stop(boolean ours) {
        if (stopping) {
            return;
        }
        stopping = true;
        end();
        if (ours) {
            machine.syscalls().shutdownListener(listener);
        }
        lookStopping();
    }

    private void lookStopping() {
        cancelLook();
        for (DirectWorker worker : List.copyOf(workers)) {
            worker.leave();
            worker.lookLeaving();
        }
        if (!workers.isEmpty()) {
            lookTimer = loop.schedule(LOOK_MILLIS * EventLoop.MILLIS, this::lookStopping);
        }
    }

    private void end() {
        ended = true;
        connections.close();
        cancelLook();
    }

    /** True when no process of any worker is left. */
    public boolean idle() {
        return workers.isEmpty();
    }

    /** TERM to every worker, KILL after {@code kill_grace}; none is started any more. */
    public void terminateAll() {
        end();
        List.copyOf(workers).forEach(DirectWorker::stop);
    }

    /** KILL to every worker; none is started any more. */
    public void killAll() {
        end();
        List.copyOf(workers).forEach(DirectWorker::kill);
    }
}
