package org.cgifpm.adapters.frontend;

import java.util.ArrayDeque;

/**
 * Accepted connections over all pools ({@code max_connections}). Loop thread only.
 *
 * <p>A listener that finds no place waits here; its clients wait in the kernel's backlog. When a place is free all
 * listeners are told, because only the kernel knows which of them have somebody waiting.
 */
public final class ConnectionBudget {
    private int max;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int open;

    public ConnectionBudget(int max) {
        this.max = max;
    }

    public int max() {
        return max;
    }

    /** So many from now on; fewer ends no connection that is open. */
    public void max(int connections) {
        max = connections;
        tellWaiting();
    }

    /** Takes a place; if there is none, {@code later} is run once when there is one. */
    boolean take(Runnable later) {
        if (open < max) {
            open++;
            return true;
        }
        waiting.add(later);
        return false;
    }

    /** A connection that took a place is closed. */
    public void release() {
        open--;
        tellWaiting();
    }

    private void tellWaiting() {
        for (int i = waiting.size(); i > 0; i--) {
            waiting.remove().run();
        }
    }

    public int open() {
        return open;
    }
}
