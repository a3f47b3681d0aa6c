package org.cgifpm.adapters.backend.cgi;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.cgifpm.adapters.Answers;
import org.cgifpm.adapters.Backend;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.ExchangeListener;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.Spawner;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/** Starts a process for each request of one pool. Loop thread only; starts happen on launch threads. */
public final class CgiBackend implements Backend {
    private final CgiSurroundings around;
    private final CgiSettings settings;
    private final Launch launch;
    private final Set<CgiRequest> running = new HashSet<>();
    private final StderrRate stderrRate = new StderrRate();
    private boolean terminating;

    public CgiBackend(CgiSurroundings around, CgiSettings settings) {
        this.around = around;
        this.settings = settings;
        this.launch = new Launch(around);
    }

    @Override
    public void serve(Exchange exchange, Planner planner, Consumer<Outcome> finished) {
        new Starting(exchange, finished).begin(planner);
    }

    /** TERM to every process group, KILL after {@code kill_grace}; requests that are being started follow. */
    public void terminateAll() {
        terminating = true;
        List.copyOf(running).forEach(CgiRequest::terminate);
    }

    /** KILL to every process group. */
    public void killAll() {
        terminating = true;
        List.copyOf(running).forEach(CgiRequest::kill);
    }

    /** A request between being let in and its process: what may happen meanwhile is a time-out or a client that goes. */
    private final class Starting implements ExchangeListener {
        private final Exchange exchange;
        private final Consumer<Outcome> finished;
        private @Nullable Timer timer;
        private @Nullable Timer lookTimer;
        /** Whether the loop will look in time without being woken up for it. */
        private final AtomicBoolean quiet = new AtomicBoolean(true);

        private @Nullable String gone;
        /** Set once the answer is decided although the start is still under way. */
        private @Nullable Outcome early;

        Starting(Exchange exchange, Consumer<Outcome> finished) {
            this.exchange = exchange;
            this.finished = finished;
        }

        void begin(Planner planner) {
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
                LaunchPlan plan = planner.plan();
                try {
                    handOver(launch.start(plan, withBody, spawner), withBody);
                } finally {
                    around.syscalls().close(plan.directory());
                }
            } catch (RefusedException e) {
                around.loop().post(() -> refused(e));
            } catch (RuntimeException | Error e) {
                around.loop().post(() -> refused(new RefusedException(500, "", "internal error at start: " + e)));
            }
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
            cancelTimers();
            around.descriptors().opened(launched.stderr());
            Outcome decided = early;
            if (decided != null) {
                takeBack(launched, decided);
                return;
            }
            CgiRequest[] self = new CgiRequest[1];
            CgiRequest request = new CgiRequest(around, settings, stderrRate, exchange, launched, outcome -> {
                running.remove(self[0]);
                finished.accept(outcome);
            });
            self[0] = request;
            running.add(request);
            try {
                request.start(gone);
            } catch (SyscallException e) {
                running.remove(request);
                String why = "no room to watch it: " + e.getMessage();
                Answers.error(exchange, 503, why, "");
                takeBack(launched, Outcome.refused(503, launched.script(), why));
                return;
            }
            if (terminating) {
                request.terminate();
            }
        }

        /** Ends what was started for nobody. */
        private void takeBack(Launched launched, Outcome outcome) {
            launched.closePipes(around.syscalls());
            new ProcessTree(around, settings, launched.child(), new ProcessTree.Events() {
                        @Override
                        public void exited(ExitStatus status) {}

                        @Override
                        public void killed() {}

                        @Override
                        public void gone(ExitStatus status) {
                            finished.accept(outcome);
                        }
                    })
                    .takeBack();
        }

        private void refused(RefusedException why) {
            cancelTimers();
            Outcome decided = early;
            if (decided == null) {
                int status = gone != null ? Outcome.CLIENT_GONE : why.status();
                decided = Outcome.refused(status, why.script(), why.why(), why.check());
                Answers.error(exchange, why.status(), why.why(), "");
            }
            finished.accept(decided);
        }

        private void timedOut() {
            decide(503, "launch_timeout: checking and starting it took too long");
        }

        @Override
        public void bodyTooLarge() {
            decide(413, "the request body is larger than request_body_max");
        }

        private void decide(int status, String why) {
            if (early == null && gone == null) {
                early = Outcome.refused(status, "", why);
                Answers.error(exchange, status, why, "");
            }
        }

        @Override
        public void aborted(String why) {
            gone = why;
        }

        private void cancelTimers() {
            if (timer != null) {
                timer.cancel();
            }
            if (lookTimer != null) {
                lookTimer.cancel();
            }
        }
    }
}
