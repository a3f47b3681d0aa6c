package org.cgifpm.adapters.backend.worker;

/**
 * How many workers a group should have: the pool's {@code pm}, with php-fpm's words and meaning.
 *
 * <p>Counts and time in, a decision out; it has no clock and remembers nothing but what its caller keeps for it in a
 * {@link Pace}. The caller looks whenever a count has changed and when the time of the last decision has come, does
 * what it is told at once, and counts what it was told to start as starting from that moment on.
 *
 * <p>The caller may start fewer than it is told to, because the daemon has no place or the application keeps failing.
 * It then looks again itself when that has changed: a policy does not know that it was not obeyed, and asks anew.
 */
public sealed interface SpawnPolicy permits Static, Dynamic, OnDemand {
    /** Workers started with the pool, before any request. */
    int atStart();

    /**
     * What is to be done now.
     *
     * @param pace of the last decision for this group, {@link Pace#begin} before the first
     * @param nowNanos on the clock of all other times here, {@link System#nanoTime} or one like it
     */
    Decision look(Census census, Pace pace, long nowNanos);
}
