package org.cgifpm.adapters.os;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few permanent threads for everything about a start that may block: file systems that hang, user databases, and
 * posix_spawn itself. At most half of them work for one key at a time, so that one pool's dead NFS server leaves the
 * others their share. Any thread may submit; it never waits for a job.
 */
public final class LaunchThreads {
    /** What a launch thread does; it gets the thread's own spawner. It must not throw. */
    @FunctionalInterface
    public interface Job {
        void run(Spawner spawner);
    }

    private record Queued(Object key, Job job) {}

    private final int perKey;
    /** Guards all below; held for the hand-over only, never while anybody works or waits. */
    private final Object lock = new Object();

    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    /** The one that has worked last is on top: what it needs is still in its processor's cache. */
    private final ArrayDeque<Worker> idle = new ArrayDeque<>();

    private final Map<Object, Integer> working = new HashMap<>();

    /**
     * @param threads 1 or more; they end with the daemon
     * @throws SyscallException if a spawner cannot be made
     */
    public LaunchThreads(Syscalls syscalls, int threads) throws SyscallException {
        this.perKey = Math.max(1, threads / 2);
        for (int i = 1; i <= threads; i++) {
            Worker worker = new Worker("launch-" + i, new Spawner(syscalls));
            idle.push(worker);
            worker.start();
        }
    }

    /** Runs {@code job} as soon as a thread is free and fewer than half of them work for {@code key}. */
    public void submit(Object key, Job job) {
        Worker free;
        synchronized (lock) {
            if (idle.isEmpty() || !begin(key)) {
                queue.addLast(new Queued(key, job));
                return;
            }
            free = idle.pop();
        }
        free.handOver(new Queued(key, job));
    }

    private boolean begin(Object key) {
        int busy = working.getOrDefault(key, 0);
        if (busy < perKey) {
            working.put(key, busy + 1);
            return true;
        }
        return false;
    }

    /** What a worker does after this job, or null: then it is idle, and its next job is handed to it. */
    private @Nullable Queued next(Worker worker, Object done) {
        synchronized (lock) {
            working.compute(done, (key, busy) -> busy == null || busy == 1 ? null : busy - 1);
            for (Iterator<Queued> it = queue.iterator(); it.hasNext(); ) {
                Queued queued = it.next();
                if (begin(queued.key())) {
                    it.remove();
                    return queued;
                }
            }
            idle.push(worker);
            return null;
        }
    }

    private final class Worker extends Thread {
        private final Spawner spawner;
        private volatile @Nullable Queued handed;

        Worker(String name, Spawner spawner) {
            super(name);
            this.spawner = spawner;
            setDaemon(true);
        }

        /** Only to an idle one. A lock that a waiting thread had to take again would cost a second wake-up. */
        void handOver(Queued job) {
            handed = job;
            LockSupport.unpark(this);
        }

        @Override
        public void run() {
            while (true) {
                @Nullable Queued job = await();
                while (job != null) {
                    work(job);
                    job = next(this, job.key());
                }
            }
        }

        private Queued await() {
            while (true) {
                Queued job = handed;
                if (job != null) {
                    handed = null;
                    return job;
                }
                LockSupport.park(this);
            }
        }

        private void work(Queued job) {
            try {
                job.job().run(spawner);
            } catch (RuntimeException | Error e) {
                // A thread that ends is missing for good: the others must not be used up one by one.
                getUncaughtExceptionHandler().uncaughtException(this, e);
            }
        }
    }
}
