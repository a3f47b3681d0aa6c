package org.cgifpm.daemon.supervisor;

/** The most that a pool had to do at one time. It may be handed from one {@link PoolGate} to the next; loop thread only. */
public final class PlacePeaks {
    private int atWork;
    private int waiting;
    private long full;

    /** The most requests that had a place at one time. */
    public int atWork() {
        return atWork;
    }

    /** The most requests that waited for a place at one time. */
    public int waiting() {
        return waiting;
    }

    /** How often a request found no place when it came, whether it could wait or not. */
    public long full() {
        return full;
    }

    void atWork(int now) {
        atWork = Math.max(atWork, now);
    }

    void waiting(int now) {
        waiting = Math.max(waiting, now);
    }

    void wasFull() {
        full++;
    }
}
