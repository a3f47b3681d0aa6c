package org.cgifpm.adapters.backend.worker;

/** What a worker is doing. Every state but the last two may end in {@link Stopping} and {@link Gone}. */
sealed interface WorkerState {
    /** Its process is being started, or has not accepted its first connection yet. */
    record Starting(long sinceNanos) implements WorkerState {}

    /** It has nothing to do. */
    record Idle(long sinceNanos) implements WorkerState {}

    /** It serves requests; whether it takes more is a question of how many. */
    record Busy(long sinceNanos) implements WorkerState {}

    /** It finishes what it has, and gets nothing new. */
    record Retiring(String why) implements WorkerState {}

    /** It has been told to end, or its leader has ended and what it left behind is being ended. */
    record Stopping(long sinceNanos) implements WorkerState {}

    /** No process of it lives. */
    record Gone() implements WorkerState {}

    /** Whether it counts among those that the pool has. */
    default boolean counts() {
        return this instanceof Starting || this instanceof Idle || this instanceof Busy;
    }
}
