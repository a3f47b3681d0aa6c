package org.cgifpm.adapters.backend.cgi;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cgifpm.adapters.Answers;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.Plan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.RelayPlan;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.WarmPlan;
import org.cgifpm.adapters.backend.process.ForkOrder;
import org.cgifpm.adapters.backend.process.Forker;
import org.cgifpm.adapters.backend.process.Launched;
import org.cgifpm.adapters.backend.process.Pipes;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.ProcessTree;
import org.cgifpm.adapters.backend.process.RequestProcess;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.Spawner;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * A request between being let in and its process: what may happen meanwhile is a time-out or a client that goes. Loop thread
 * only, but for the start itself.
 */
final class StartingRequest implements ExchangeListener, Forker.Told {
    private static final String NO_KEEPERS = "a keeper where there are none";

    private final CgiGround ground;
    private final RunningRequests running;
    private final ProcessSurroundings around;
    private final CgiSettings settings;
    private final Exchange exchange;
    private final Backend.Watcher watcher;
    private final long begunNanos;
    private @Nullable Timer timer;
    private @Nullable Timer lookTimer;
    /** Whether the loop will look in time without being woken up for it. */
    private final AtomicBoolean quiet = new AtomicBoolean(true);

    private @Nullable String gone;
    /** Set once the answer is decided although the start is still under way. */
    private @Nullable Outcome early;
    /** What a keeper is asked, if one is. */
    private @Nullable ForkOrder order;
    /** What came of it. */
    private @Nullable CgiRequest forked;
    /** Set on the launch thread, read on the loop once it has heard of the start. */
    private Optional<Identity> identity = Optional.empty();

    StartingRequest(CgiGround ground, RunningRequests running, Exchange exchange, Backend.Watcher watcher) {
        this.ground = ground;
        this.running = running;
        this.around = ground.around();
        this.settings = ground.settings();
        this.exchange = exchange;
        this.watcher = watcher;
        this.begunNanos = around.loop().now();
    }

    void begin(Backend.Planner planner) {
        running.starting(this);
        exchange.listener(this);
        if (settings.launchTimeoutNanos() > 0) {
            timer = around.loop().schedule(settings.launchTimeoutNanos(), this::timedOut);
        }
        long quietNanos = Math.min(ground.firstLook().nanos(), ProcessTree.LATE_JOIN_NANOS);
        lookTimer = around.loop().schedule(quietNanos, this::firstLook);
        boolean withBody = exchange.body().expected();
        onLaunchThread(spawner -> launch(planner.plan(), withBody, spawner));
    }

    /** A step of the start that may block. */
    private interface Step {
        void run(Spawner spawner) throws RefusedException;
    }

    private void onLaunchThread(Step step) {
        around.threads().submit(settings.pool(), spawner -> {
            try {
                step.run(spawner);
            } catch (RefusedException e) {
                around.loop().post(() -> refused(e));
            } catch (RuntimeException | Error e) {
                around.loop().post(() -> refused(new RefusedException(500, "", "internal error at start: " + e)));
            }
        });
    }

    /** On a launch thread. */
    private void launch(Plan plan, boolean withBody, Spawner spawner) throws RefusedException {
        if (plan instanceof RelayPlan relay) {
            around.loop().post(() -> relayed(relay));
        } else if (plan instanceof WarmPlan warm) {
            identity = warm.script().confinement().identity();
            prepare(warm, withBody);
        } else if (plan instanceof LaunchPlan start) {
            identity = start.confinement().identity();
            start(start, withBody, spawner);
        }
    }

    /** On a launch thread; closes the plan's folder. */
    private void start(LaunchPlan plan, boolean withBody, Spawner spawner) throws RefusedException {
        try {
            handOver(ground.launch().start(plan, withBody, spawner), withBody);
        } finally {
            around.syscalls().close(plan.directory());
        }
    }

    /** On a launch thread. */
    private void prepare(WarmPlan plan, boolean withBody) throws RefusedException {
        Forker keepers = ground.forker();
        if (keepers == null) {
            around.syscalls().close(plan.script().directory());
            throw new RefusedException(500, plan.script().script(), NO_KEEPERS);
        }
        ForkOrder asked = keepers.prepare(plan, exchange.id(), withBody);
        around.loop().post(() -> {
            order = asked;
            keepers.fork(asked, this);
        });
    }

    /** No keeper takes it. */
    private void startCold(ForkOrder order) {
        boolean withBody = order.pipes().stdin() >= 0;
        order.closePipes(around.syscalls());
        onLaunchThread(spawner -> start(order.plan().script(), withBody, spawner));
    }

    /**
     * On a launch thread. The loop need not be woken up for a process that is likely to be over in a moment: it
     * hears of its start together with its end, or when the time of its first look has come.
     */
    private void handOver(Launched launched, boolean withBody) {
        Runnable started = () -> started(launched);
        if (withBody || !around.loop().postUntilReadable(launched.child().pidfd(), started)) {
            around.loop().post(started);
        } else if (!quiet.compareAndSet(true, false) || launched.child().peek() != null) {
            // The loop has looked already, or may have been told of the end before there was anything to see.
            around.loop().wake();
        }
    }

    private void firstLook() {
        quiet.set(false);
    }

    private void started(Launched launched) {
        RequestProcess.Source tree =
                events -> new ProcessTree(around, settings.pool(), settings.killGraceNanos(), launched, events);
        running(launched.pipes(), tree, launched.child().pid());
    }

    /** @param pid 0 if it is not known yet */
    private @Nullable CgiRequest running(Pipes pipes, RequestProcess.Source process, int pid) {
        over();
        around.descriptors().opened(pipes.stderr());
        Outcome decided = early;
        if (decided != null) {
            takeBack(pipes, process, decided);
            return null;
        }
        CgiRequest[] self = new CgiRequest[1];
        CgiRequest request = new CgiRequest(ground, begunNanos, exchange, pipes, process, watcher, outcome -> {
            running.remove(self[0]);
            watcher.finished(outcome);
        });
        self[0] = request;
        RunningRequest view = new RunningRequest(
                exchange.id(), pid, pipes.script(), identity, around.loop().now());
        running.add(request, view);
        if (pid != 0) {
            watcher.started(view);
        }
        try {
            request.start(gone);
        } catch (SyscallException e) {
            running.remove(request);
            String why = "no room to watch it: " + e.getMessage();
            Answers.error(exchange, 503, why, "");
            takeBack(pipes, process, Outcome.refused(503, pipes.script(), why));
            return null;
        }
        if (running.terminating()) {
            request.terminate();
        }
        return request;
    }

    /** Ends what was started for nobody. */
    private void takeBack(Pipes pipes, RequestProcess.Source process, Outcome outcome) {
        pipes.close(around.syscalls());
        process.with(new RequestProcess.Events() {
                    @Override
                    public void exited(ExitStatus status) {}

                    @Override
                    public void killed() {}

                    @Override
                    public void lost(int status, String why) {}

                    @Override
                    public void gone(ExitStatus status) {
                        watcher.finished(outcome);
                    }
                })
                .takeBack();
    }

    /** It is for a persistent application: nothing of it is ours any more. */
    private void relayed(RelayPlan plan) {
        over();
        Outcome decided = early;
        if (decided == null && gone != null) {
            decided = Outcome.refused(
                    Outcome.CLIENT_GONE, plan.application().key().program(), gone);
        }
        if (decided != null) {
            watcher.finished(decided);
        } else {
            ground.relay().relay(exchange, plan, watcher);
        }
    }

    private void refused(RefusedException why) {
        over();
        Outcome decided = early;
        if (decided == null) {
            int status = gone != null ? Outcome.CLIENT_GONE : why.status();
            decided = Outcome.refused(status, why.script(), why.why(), why.check());
            Answers.error(exchange, why.status(), why.why(), "");
        }
        watcher.finished(decided);
    }

    private void timedOut() {
        decide(503, "launch_timeout: checking and starting it took too long", Ending.TIMEOUT);
    }

    @Override
    public void bodyTooLarge() {
        decide(413, "the request body is larger than request_body_max", Ending.REFUSED);
    }

    long id() {
        return exchange.id();
    }

    void killed() {
        decide(500, RunningRequests.KILLED, Ending.CUT);
    }

    private void decide(int status, String why, Ending how) {
        if (early == null && gone == null) {
            early = Outcome.refused(status, "", why);
            watcher.answered(how);
            Answers.error(exchange, status, why, "");
        }
    }

    @Override
    public void aborted(String why) {
        gone = why;
    }

    private void over() {
        running.started(this);
        if (timer != null) {
            timer.cancel();
        }
        if (lookTimer != null) {
            lookTimer.cancel();
        }
    }

    // A keeper is asked for its process

    @Override
    public boolean wanted() {
        return early == null && gone == null;
    }

    @Override
    public void asked(RequestProcess.Source process) {
        ForkOrder sent = order;
        if (sent != null) {
            forked = running(sent.pipes(), process, 0);
        }
    }

    @Override
    public void numbered(int pid) {
        RunningRequest view = forked == null ? null : running.numbered(forked, pid);
        if (view != null) {
            watcher.started(view);
        }
    }

    @Override
    public void cold(String why) {
        ForkOrder back = order;
        if (back == null) {
            return;
        }
        if (wanted()) {
            startCold(back);
        } else {
            back.closePipes(around.syscalls());
            around.syscalls().close(back.plan().script().directory());
            refused(new RefusedException(503, back.plan().script().script(), why));
        }
    }
}
