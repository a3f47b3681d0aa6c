package org.cgifpm.adapters.os;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

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
    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private final Map<Object, Integer> working = new HashMap<>();

    /**
     * @param threads 1 or more; they end with the daemon
     * @throws SyscallException if a spawner cannot be made
     */
    public LaunchThreads(Syscalls syscalls, int threads) throws SyscallException {
        this.perKey = Math.max(1, threads / 2);
        for (int i = 1; i <= threads; i++) {
            Spawner spawner = new Spawner(syscalls);
            Thread thread = new Thread(() -> work(spawner), "launch-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Runs {@code job} as soon as a thread is free and fewer than half of them work for {@code key}. */
    public void submit(Object key, Job job) {
        synchronized (queue) {
            queue.addLast(new Queued(key, job));
            queue.notify();
        }
    }

    private void work(Spawner spawner) {
        while (true) {
            Queued next = take();
            try {
                next.job().run(spawner);
            } catch (RuntimeException | Error e) {
                // A thread that ends is missing for good: the others must not be used up one by one.
                Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, e);
            } finally {
                done(next.key());
            }
        }
    }

    private Queued take() {
        synchronized (queue) {
            while (true) {
                for (Iterator<Queued> it = queue.iterator(); it.hasNext(); ) {
                    Queued queued = it.next();
                    int busy = working.getOrDefault(queued.key(), 0);
                    if (busy < perKey) {
                        it.remove();
                        working.put(queued.key(), busy + 1);
                        return queued;
                    }
                }
                try {
                    queue.wait();
                } catch (InterruptedException e) {
                    // Nobody interrupts these threads: they end with the process.
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private void done(Object key) {
        synchronized (queue) {
            working.compute(key, (k, busy) -> busy == null || busy == 1 ? null : busy - 1);
            if (!queue.isEmpty()) {
                queue.notify();
            }
        }
    }
}
