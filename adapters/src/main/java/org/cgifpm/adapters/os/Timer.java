package org.cgifpm.adapters.os;

/** Something that is to happen on the loop thread at a time; made by {@link EventLoop#schedule}. Loop thread only. */
public final class Timer {
    private final TimerHeap heap;
    private final Runnable task;
    final long dueNanos;
    /** Its place in the heap, -1 when it is in none. */
    int index = -1;

    Timer(TimerHeap heap, long dueNanos, Runnable task) {
        this.heap = heap;
        this.dueNanos = dueNanos;
        this.task = task;
    }

    /** It shall not happen; no harm if it has. */
    public void cancel() {
        heap.remove(this);
    }

    void run() {
        task.run();
    }
}
