package org.cgifpm.daemon.control;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.PeerCredentials;
import org.cgifpm.daemon.log.LogText;
import org.cgifpm.daemon.status.DaemonReport;
import org.cgifpm.daemon.status.PoolReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the daemon do what a line says. Loop thread only; long answers are made on a thread of its own. */
final class ControlCommands {
    private static final Logger LOG = LoggerFactory.getLogger(ControlCommands.class);

    /** Long answers that are in memory at one time. */
    private static final int TURNS = 2;

    private static final int NAMES_TOLD = 20;

    private final EventLoop loop;
    private final Administration administration;
    private final int pid;
    private final Turns turns = new Turns(TURNS);
    private final Executor writer = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "control");
        thread.setDaemon(true);
        return thread;
    });

    ControlCommands(EventLoop loop, Administration administration, int pid) {
        this.loop = loop;
        this.administration = administration;
        this.pid = pid;
    }

    /** @param told once, on the loop thread; perhaps before this returns */
    void run(String line, PeerCredentials who, Consumer<ControlAnswer> told) {
        ControlCommand command;
        try {
            command = ControlCommand.parse(line);
        } catch (ControlCommand.Unreadable e) {
            told.accept(ControlAnswer.failure(2, e.getMessage() == null ? "" : e.getMessage()));
            return;
        }
        if (command.changesSomething()) {
            LOG.info("control socket: {}, by uid {}, pid {}", command.words(), who.uid(), who.pid());
        }
        try {
            run(command, told);
        } catch (RuntimeException e) {
            LOG.error("internal error in {}", command.words(), e);
            told.accept(ControlAnswer.failure(1, "internal error: " + e));
        }
    }

    private void run(ControlCommand command, Consumer<ControlAnswer> told) {
        if (command instanceof ControlCommand.Ping) {
            told.accept(withPid());
        } else if (command instanceof ControlCommand.Status status) {
            status(status, told);
        } else if (command instanceof ControlCommand.Running) {
            inTurn(
                    () -> administration.running(running ->
                            write(() -> ControlAnswer.success(json -> RunningJson.write(running, json)), told)),
                    told);
        } else if (command instanceof ControlCommand.Reload) {
            administration.reload(result -> told.accept(reloaded(result)));
        } else if (command instanceof ControlCommand.Stop stop) {
            // The answer first: with nothing to wait for, the daemon may be gone right after the call.
            told.accept(withPid().asLast());
            administration.stop(stop.now());
        } else if (command instanceof ControlCommand.ReopenLogs) {
            administration.reopenLogs();
            told.accept(done());
        } else if (command instanceof ControlCommand.Drain drain) {
            drain(drain, told);
        } else if (command instanceof ControlCommand.Kill kill) {
            told.accept(
                    administration.kill(kill.id())
                            ? done()
                            : ControlAnswer.failure(1, "no request of the number " + kill.id() + " runs"));
        } else if (command instanceof ControlCommand.KillUser kill) {
            int killed = administration.killUser(kill.uid());
            told.accept(ControlAnswer.success(json -> json.name("killed").value(killed)));
        }
    }

    private static ControlAnswer done() {
        return ControlAnswer.success(json -> {});
    }

    private ControlAnswer withPid() {
        return ControlAnswer.success(json -> json.name("pid").value(pid));
    }

    private void status(ControlCommand.Status status, Consumer<ControlAnswer> told) {
        inTurn(
                () -> {
                    DaemonReport report = administration.report();
                    write(() -> status(status.pool(), report), told);
                },
                told);
    }

    private static ControlAnswer status(String wanted, DaemonReport report) {
        List<PoolReport> pools = report.pools().stream()
                .filter(pool -> wanted.isEmpty() || wanted.equals(pool.name()))
                .toList();
        return pools.isEmpty() && !wanted.isEmpty()
                ? noSuchPool(wanted, report)
                : ControlAnswer.success(json -> StatusJson.write(report, pools, json));
    }

    /** A turn that was lost would be missing for ever. */
    private void inTurn(Runnable task, Consumer<ControlAnswer> told) {
        turns.take(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("internal error, an answer of the control socket is lost", e);
                told.accept(ControlAnswer.failure(1, "internal error: " + e).whenWritten(turns::giveBack));
            }
        });
    }

    /** Makes an answer on the other thread; the caller has a turn, which ends when the answer is out. */
    private void write(Supplier<ControlAnswer> made, Consumer<ControlAnswer> told) {
        writer.execute(() -> {
            ControlAnswer answer;
            try {
                answer = made.get();
            } catch (RuntimeException | Error e) {
                LOG.error("internal error, an answer of the control socket is lost", e);
                answer = ControlAnswer.failure(1, "internal error: " + e);
            }
            ControlAnswer whole = answer.whenWritten(turns::giveBack);
            loop.post(() -> told.accept(whole));
        });
    }

    private void drain(ControlCommand.Drain drain, Consumer<ControlAnswer> told) {
        DaemonReport report = administration.report();
        if (report.pools().stream().noneMatch(pool -> pool.name().equals(drain.pool()))) {
            told.accept(noSuchPool(drain.pool(), report));
            return;
        }
        Once once = new Once(told);
        administration.drain(
                drain.pool(), problem -> once.accept(problem.isEmpty() ? done() : ControlAnswer.failure(1, problem)));
        if (!drain.waits()) {
            once.accept(done());
        }
    }

    /** Passes on the first answer only: of a drain that nobody waits for, the second is that it is done. */
    private static final class Once implements Consumer<ControlAnswer> {
        private final Consumer<ControlAnswer> next;
        private boolean told;

        Once(Consumer<ControlAnswer> next) {
            this.next = next;
        }

        @Override
        public void accept(ControlAnswer answer) {
            if (!told) {
                told = true;
                next.accept(answer);
            }
        }
    }

    private static ControlAnswer noSuchPool(String wanted, DaemonReport report) {
        List<PoolReport> pools = report.pools();
        String names = pools.stream().limit(NAMES_TOLD).map(PoolReport::name).collect(Collectors.joining(", "));
        String more = pools.size() > NAMES_TOLD ? " and " + (pools.size() - NAMES_TOLD) + " more" : "";
        return ControlAnswer.failure(1, "there is no pool " + LogText.ofBytes(wanted) + "; there are " + names + more);
    }

    private static ControlAnswer reloaded(ReloadResult result) {
        if (result instanceof ReloadResult.Refused refused) {
            return ControlAnswer.failure(2, refused.problems());
        }
        ReloadResult.Done done = (ReloadResult.Done) result;
        return ControlAnswer.success(json -> {
            StatusJson.names("added", done.added(), json);
            StatusJson.names("changed", done.changed(), json);
            StatusJson.names("removed", done.removed(), json);
            StatusJson.names("kept", done.kept(), json);
            StatusJson.names("warnings", done.warnings(), json);
        });
    }
}
