package org.cgifpm.adapters.backend.worker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workers that an application has, and which of them is the one for something. Loop thread only. */
final class Workforce {
    private final List<Worker> workers = new ArrayList<>();

    void add(Worker worker) {
        workers.add(worker);
    }

    void remove(Worker worker) {
        workers.remove(worker);
    }

    /** All with a process, those that are ending too. A copy: whatever is done to one may change them. */
    List<Worker> all() {
        return List.copyOf(workers);
    }

    boolean isEmpty() {
        return workers.isEmpty();
    }

    /** How many count; those that are ending do not, unless another will be started in their place. */
    int size() {
        return (int) workers.stream()
                .filter(worker -> worker.state().counts() || worker.leavesRequests())
                .count();
    }

    /**
     * What they do.
     *
     * @param coming workers that are to be started beside them
     * @param waiting how many workers the requests that wait would fill
     * @param nowNanos the loop's time
     */
    Census census(int coming, int waiting, long nowNanos) {
        int starting = coming;
        int idle = 0;
        int busy = 0;
        long longest = nowNanos;
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
        return new Census(starting, idle, busy, waiting, longest);
    }

    /**
     * The one with the least to do that takes another request. Of equals the one that had a request last: it is warm, and
     * the others get the chance to be idle long enough.
     *
     * @param concurrency requests at once in a worker
     */
    @Nullable
    Worker leastLoaded(int concurrency) {
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

    /** One that is not ready yet and that was not given a request to begin with. */
    @Nullable
    Worker starting() {
        return workers.stream()
                .filter(worker -> worker.state() instanceof WorkerState.Starting && worker.load() == 0)
                .findFirst()
                .orElse(null);
    }

    @Nullable
    Worker longestIdle() {
        return workers.stream()
                .filter(worker -> worker.state() instanceof WorkerState.Idle)
                .min(Comparator.comparingLong(Worker::sinceNanos))
                .orElse(null);
    }
}
