package org.cgifpm.daemon.wiring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.daemon.log.slow.ProcessUse;
import org.cgifpm.daemon.status.RunningReport;
import org.cgifpm.daemon.supervisor.RequestObserver;
import org.cgifpm.daemon.supervisor.Visit;
import org.cgifpm.protocol.cgi.Params;

/** The requests of all pools that have their process. Loop thread only; /proc is read on a thread of its own. */
final class RunningTable {
    private static final long THREAD_KEPT_SECONDS = 10;

    private record Entry(String pool, Exchange exchange, RunningRequest running) {}

    private final EventLoop loop;
    private final int self;
    private final String user;
    private final Map<Long, Entry> entries = new LinkedHashMap<>();
    private final Executor looks;

    /**
     * @param self the daemon's own user
     * @param user the name of that
     */
    RunningTable(EventLoop loop, int self, String user) {
        this.loop = loop;
        this.self = self;
        this.user = user;
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1, 1, THREAD_KEPT_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), RunningTable::thread);
        one.allowCoreThreadTimeOut(true);
        this.looks = one;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "running-requests");
        thread.setDaemon(true);
        return thread;
    }

    /** Keeps this table for the requests of one pool. */
    RequestObserver of(String pool) {
        return new RequestObserver() {
            @Override
            public void started(Exchange exchange, RunningRequest running) {
                entries.put(running.id(), new Entry(pool, exchange, running));
            }

            @Override
            public void finished(Visit visit) {
                entries.remove(visit.exchange().id());
            }
        };
    }

    /** @param told soon, on the loop thread: those that run now, the oldest first, with what they use */
    void reports(Consumer<List<RunningReport>> told) {
        reports(List.copyOf(entries.values()), told);
    }

    /** As above, of the requests of one pool. */
    void reports(String pool, Consumer<List<RunningReport>> told) {
        reports(
                entries.values().stream()
                        .filter(entry -> entry.pool.equals(pool))
                        .toList(),
                told);
    }

    private void reports(List<Entry> chosen, Consumer<List<RunningReport>> told) {
        List<RunningRequest> running = new ArrayList<>(chosen.size());
        List<RunningReport> reports = new ArrayList<>(chosen.size());
        chosen.forEach(entry -> {
            running.add(entry.running);
            reports.add(report(entry));
        });
        looks.execute(() -> {
            List<RunningReport> complete = new ArrayList<>(reports.size());
            try {
                for (int i = 0; i < reports.size(); i++) {
                    ProcessUse use = ProcessUse.of(running.get(i));
                    complete.add(with(reports.get(i), use));
                }
            } finally {
                loop.post(() -> told.accept(complete));
            }
        });
    }

    private RunningReport report(Entry entry) {
        RunningRequest running = entry.running;
        Params params = entry.exchange.params();
        return new RunningReport(
                running.id(),
                entry.pool,
                Math.max(0, running.pid()),
                running.identity().map(Identity::uid).orElse(self),
                running.identity().map(Identity::user).orElse(user),
                running.script(),
                params.getOrEmpty("REQUEST_METHOD"),
                params.getOrEmpty("REQUEST_URI"),
                params.getOrEmpty("REMOTE_ADDR"),
                entry.exchange.body().received(),
                (loop.now() - running.startedNanos()) / 1000,
                -1,
                -1);
    }

    private static RunningReport with(RunningReport report, ProcessUse use) {
        return new RunningReport(
                report.id(),
                report.pool(),
                report.pid(),
                report.uid(),
                report.user(),
                report.script(),
                report.method(),
                report.uri(),
                report.client(),
                report.received(),
                report.ageMicros(),
                use.cpuMicros(),
                use.memory());
    }
}
