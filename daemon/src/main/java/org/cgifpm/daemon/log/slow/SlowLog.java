package org.cgifpm.daemon.log.slow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.os.Timer;

/**
 * One pool's slow log: a request that has run for {@code slow_after} is looked at once, one at a time. Loop thread only;
 * the looking is done on a launch thread.
 */
public final class SlowLog {
    /** Where a block of lines goes. Called on the loop thread; must not wait. */
    @FunctionalInterface
    public interface Sink {
        /** @param lines without their ends, safe for a log; the first says what the others are about */
        void block(List<String> lines);
    }

    /** What all pools' looks together count as among the launch threads: half of those stay free for starts. */
    private static final Object LOOKS = "slow log";

    private record Watch(RunningRequest request, String what, Timer timer) {}

    private final EventLoop loop;
    private final LaunchThreads threads;
    private final ProcessReport report;
    private final String pool;
    private final long slowAfterNanos;
    private final Sink sink;
    private final Map<Long, Watch> running = new HashMap<>();
    private final ArrayDeque<Long> due = new ArrayDeque<>();
    private boolean looking;

    /** @param slowAfterNanos above 0 */
    public SlowLog(
            EventLoop loop, Syscalls syscalls, LaunchThreads threads, String pool, long slowAfterNanos, Sink sink) {
        this.loop = loop;
        this.threads = threads;
        this.report = new ProcessReport(syscalls);
        this.pool = pool;
        this.slowAfterNanos = slowAfterNanos;
        this.sink = sink;
    }

    /** @param what the request in words: what was asked for, by whom, who it runs as; safe for a log */
    public void started(RunningRequest request, String what) {
        long id = request.id();
        Timer timer = loop.schedule(slowAfterNanos, () -> {
            due.addLast(id);
            lookAtNext();
        });
        running.put(id, new Watch(request, what, timer));
    }

    /** Nothing of it is left: its number may be a stranger's from now on. */
    public void finished(long id) {
        Watch watch = running.remove(id);
        if (watch != null) {
            watch.timer().cancel();
        }
    }

    private void lookAtNext() {
        while (!looking && !due.isEmpty()) {
            Watch next = running.get(due.removeFirst());
            if (next != null) {
                looking = true;
                look(next);
            }
        }
    }

    private void look(Watch watch) {
        threads.submit(LOOKS, spawner -> {
            List<ProcessStat> family = List.of();
            List<String> lines = List.of();
            try {
                // Of a forked request the number is its keeper's word, who could name any process.
                if (ProcessReport.runsAs(watch.request())) {
                    family = ProcessReport.family(watch.request().pid());
                }
                lines = report.lines(family);
            } finally {
                int processes = family.size();
                List<String> found = lines;
                loop.post(() -> looked(watch, processes, found));
            }
        });
    }

    /** Only if the request goes on: then what was seen was its own, for its number was not free meanwhile. */
    private void looked(Watch watch, int processes, List<String> found) {
        looking = false;
        RunningRequest request = watch.request();
        if (running.containsKey(request.id()) && !found.isEmpty()) {
            long millis = (loop.now() - request.startedNanos()) / 1_000_000;
            List<String> lines = new ArrayList<>();
            lines.add(String.format(
                    Locale.ROOT,
                    "pool %s: request %d: slow: running for %d.%03d s: %s, pid %d, %d %s",
                    pool,
                    request.id(),
                    millis / 1000,
                    millis % 1000,
                    watch.what(),
                    request.pid(),
                    processes,
                    processes == 1 ? "process" : "processes"));
            lines.addAll(found);
            sink.block(lines);
        }
        lookAtNext();
    }
}
