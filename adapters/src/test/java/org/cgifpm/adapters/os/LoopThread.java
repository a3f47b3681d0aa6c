package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A loop with its thread; what handlers throw fails the test when it is closed, unless the test took it. */
public final class LoopThread implements AutoCloseable {
    private final Thread thread;
    /** What handlers threw. */
    public final List<Throwable> broken = new CopyOnWriteArrayList<>();

    public final EventLoop loop;

    public LoopThread(Syscalls syscalls) throws SyscallException {
        loop = new EventLoop(syscalls, broken::add);
        thread = new Thread(loop::run, "loop");
        thread.start();
    }

    /** Calls it on the loop thread and gives its result; at most ten seconds. */
    public <T> T call(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.post(() -> {
            try {
                result.complete(task.call());
            } catch (Exception | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(10, TimeUnit.SECONDS);
    }

    @FunctionalInterface
    public interface Task {
        void run() throws Exception;
    }

    public void run(Task task) throws Exception {
        call(() -> {
            task.run();
            return true;
        });
    }

    @Override
    public void close() {
        loop.post(loop::stop);
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertFalse(thread.isAlive(), "the loop did not stop");
        loop.close();
        assertEquals(List.of(), broken, "thrown by handlers");
    }
}
