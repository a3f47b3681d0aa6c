package org.cgifpm.adapters.backend.cgi;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
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
import org.cgifpm.adapters.backend.process.Launch;
import org.cgifpm.adapters.backend.process.Launched;
import org.cgifpm.adapters.backend.process.LeafSource;
import org.cgifpm.adapters.backend.process.Pipes;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.ProcessTree;
import org.cgifpm.adapters.backend.process.RequestProcess;
import org.cgifpm.adapters.backend.process.StderrRate;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.Spawner;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/** Starts a process for each request of one pool. Loop thread only; starts happen on launch threads. */
public final class CgiBackend implements Backend {
    /** What answers requests for persistent applications. Loop thread. */
    @FunctionalInterface
    public interface Relay {
        /** Answers a request that has been let in and planned. */
        void relay(Exchange exchange, RelayPlan plan, Watcher watcher);
    }

    private static final String KILLED = "kill: an operator ended it";

    private final ProcessSurroundings around;
    private final CgiSettings settings;
    private final Launch launch;
    private Relay relay = (exchange, plan, watcher) -> {
        String why = "a persistent application where there are no workers";
        Answers.error(exchange, 500, why, "");
        watcher.finished(Outcome.refused(500, plan.application().key().program(), why));
    };
    private @Nullable Forker forker;
    /** In the order of their starts. */
    private final Map<CgiRequest, RunningRequest> running = new LinkedHashMap<>();

    private final Set<Starting> starting = new LinkedHashSet<>();
    private final StderrRate stderrRate = new StderrRate();
    private boolean terminating;

    /** Without control groups. */
    public CgiBackend(ProcessSurroundings around, CgiSettings settings) {
        this(around, settings, null);
    }

    /** @param leaves where each request gets a control group from, or null where there are none */
    public CgiBackend(ProcessSurroundings around, CgiSettings settings, @Nullable LeafSource leaves) {
        this.around = around;
        this.settings = settings;
        this.launch = new Launch(around, leaves);
    }

    /** What forks Python scripts; without it every plan is to be a program's or a worker's. Before the first request. */
    public void forksBy(Forker wanted) {
        forker = wanted;
    }

    /** Where requests go that turn out to be for a persistent application. */
    public void relaysTo(Relay wanted) {
        relay = wanted;
    }

    @Override
    public void serve(Exchange exchange, Planner planner, Watcher watcher) {
        new Starting(exchange, watcher).begin(planner);
    }

    /** The requests that have their process, the oldest first. */
    public List<RunningRequest> running() {
        return List.copyOf(running.values());
    }

    /**
     * Ends one request as a time-out would, but with a 500: TERM, KILL after {@code kill_grace}.
     *
     * @return false if there is none of that number, neither running nor being started
     */
    public boolean terminate(long exchangeId) {
        boolean found = false;
        for (Starting request : List.copyOf(starting)) {
            if (request.exchange.id() == exchangeId) {
                request.killed();
                found = true;
            }
        }
        return terminate(view -> view.id() == exchangeId) > 0 || found;
    }

    /**
     * Ends every running request of that user, as {@link #terminate}.
     *
     * @param uid as the kernel has it, unsigned
     * @return how many there were
     */
    public int terminateUser(int uid) {
        return terminate(view -> view.identity().map(Identity::uid).orElseGet(around.syscalls()::effectiveUser) == uid);
    }

    private int terminate(Predicate<RunningRequest> wanted) {
        List<CgiRequest> found = running.entrySet().stream()
                .filter(entry -> wanted.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        found.forEach(request -> request.stop(500, KILLED, Ending.CUT));
        return found.size();
    }

    /** TERM to every process group, KILL after {@code kill_grace}; requests that are being started follow. */
    public void terminateAll() {
        terminating = true;
        List.copyOf(running.keySet()).forEach(CgiRequest::terminate);
    }

    /** KILL to every process group. */
    public void killAll() {
        terminating = true;
        List.copyOf(running.keySet()).forEach(CgiRequest::kill);
    }

    /** A request between being let in and its process: what may happen meanwhile is a time-out or a client that goes. */
    private final class Starting implements ExchangeListener {
        private final Exchange exchange;
        private final Watcher watcher;
        private @Nullable Timer timer;
        private @Nullable Timer lookTimer;
        /** Whether the loop will look in time without being woken up for it. */
        private final AtomicBoolean quiet = new AtomicBoolean(true);

        private @Nullable String gone;
        /** Set once the answer is decided although the start is still under way. */
        private @Nullable Outcome early;
        /** Set on the launch thread, read on the loop once it has heard of the start. */
        private Optional<Identity> identity = Optional.empty();

        Starting(Exchange exchange, Watcher watcher) {
            this.exchange = exchange;
            this.watcher = watcher;
        }

        void begin(Planner planner) {
            starting.add(this);
            exchange.listener(this);
            if (settings.launchTimeoutNanos() > 0) {
                timer = around.loop().schedule(settings.launchTimeoutNanos(), this::timedOut);
            }
            lookTimer = around.loop().schedule(CgiSettings.FIRST_LOOK_MILLIS * EventLoop.MILLIS, this::firstLook);
            boolean withBody = exchange.body().expected();
            around.threads().submit(settings.pool(), spawner -> launch(planner, withBody, spawner));
        }

        /** On a launch thread. */
        private void launch(Planner planner, boolean withBody, Spawner spawner) {
            try {
                Plan plan = planner.plan();
                if (plan instanceof RelayPlan relay) {
                    around.loop().post(() -> relayed(relay));
                } else if (plan instanceof WarmPlan warm) {
                    identity = warm.script().confinement().identity();
                    prepare(warm, withBody);
                } else if (plan instanceof LaunchPlan start) {
                    identity = start.confinement().identity();
                    start(start, withBody, spawner);
                }
            } catch (RefusedException e) {
                around.loop().post(() -> refused(e));
            } catch (RuntimeException | Error e) {
                around.loop().post(() -> refused(new RefusedException(500, "", "internal error at start: " + e)));
            }
        }

        /** On a launch thread; closes the plan's folder. */
        private void start(LaunchPlan plan, boolean withBody, Spawner spawner) throws RefusedException {
            try {
                handOver(launch.start(plan, withBody, spawner), withBody);
            } finally {
                around.syscalls().close(plan.directory());
            }
        }

        /** On a launch thread. */
        private void prepare(WarmPlan plan, boolean withBody) throws RefusedException {
            Forker keepers = forker;
            if (keepers == null) {
                around.syscalls().close(plan.script().directory());
                throw new RefusedException(500, plan.script().script(), "a keeper where there are none");
            }
            ForkOrder order = keepers.prepare(plan, exchange.id(), withBody);
            around.loop().post(() -> keepers.fork(order, new Forking(this, order)));
        }

        /** No keeper takes it. */
        private void startCold(ForkOrder order) {
            boolean withBody = order.pipes().stdin() >= 0;
            order.closePipes(around.syscalls());
            around.threads().submit(settings.pool(), spawner -> {
                try {
                    start(order.plan().script(), withBody, spawner);
                } catch (RefusedException e) {
                    around.loop().post(() -> refused(e));
                } catch (RuntimeException | Error e) {
                    around.loop().post(() -> refused(new RefusedException(500, "", "internal error at start: " + e)));
                }
            });
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
            CgiRequest request =
                    new CgiRequest(around, settings, stderrRate, exchange, pipes, process, watcher, outcome -> {
                        running.remove(self[0]);
                        watcher.finished(outcome);
                    });
            self[0] = request;
            RunningRequest view = new RunningRequest(
                    exchange.id(), pid, pipes.script(), identity, around.loop().now());
            running.put(request, view);
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
            if (terminating) {
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
                relay.relay(exchange, plan, watcher);
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

        void killed() {
            decide(500, KILLED, Ending.CUT);
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
            starting.remove(this);
            if (timer != null) {
                timer.cancel();
            }
            if (lookTimer != null) {
                lookTimer.cancel();
            }
        }
    }

    /** A request whose process has been asked for. */
    private final class Forking implements Forker.Told {
        private final Starting starting;
        private final ForkOrder order;
        private @Nullable CgiRequest request;

        Forking(Starting starting, ForkOrder order) {
            this.starting = starting;
            this.order = order;
        }

        @Override
        public boolean wanted() {
            return starting.early == null && starting.gone == null;
        }

        @Override
        public void asked(RequestProcess.Source process) {
            request = starting.running(order.pipes(), process, 0);
        }

        @Override
        public void numbered(int pid) {
            CgiRequest known = request;
            RunningRequest before = known == null ? null : running.get(known);
            if (known != null && before != null) {
                RunningRequest now =
                        new RunningRequest(before.id(), pid, before.script(), before.identity(), before.startedNanos());
                running.put(known, now);
                starting.watcher.started(now);
            }
        }

        @Override
        public void cold(String why) {
            if (wanted()) {
                starting.startCold(order);
            } else {
                order.closePipes(around.syscalls());
                around.syscalls().close(order.plan().script().directory());
                starting.refused(new RefusedException(503, order.plan().script().script(), why));
            }
        }
    }
}
