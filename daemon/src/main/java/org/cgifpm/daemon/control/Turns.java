package org.cgifpm.daemon.control;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Lets long answers be made a few at a time, because each is held in memory until its client has read it. Who gets a
 * turn gives it back once. Loop thread only.
 */
final class Turns {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    /** @param most how many at a time */
    Turns(int most) {
        this.free = most;
    }

    /** Runs {@code task} now or later, with a turn. */
    void take(Runnable task) {
        waiting.add(task);
        next();
    }

    /** A turn is over. */
    void giveBack() {
        free++;
        next();
    }

    private void next() {
        while (free > 0) {
            Runnable task = waiting.poll();
            if (task == null) {
                return;
            }
            free--;
            task.run();
        }
    }
}
