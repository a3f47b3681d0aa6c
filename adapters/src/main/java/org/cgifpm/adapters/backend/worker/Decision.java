package org.cgifpm.adapters.backend.worker;

import java.util.OptionalLong;

/**
 * What a {@link SpawnPolicy} wants done now.
 *
 * @param start workers to start; never more than {@code max_children} leaves room for
 * @param stop workers to stop, those that are idle longest; never more than are idle
 * @param pace to be given to the next look at the same group
 * @param lookAgainNanos in how many nanoseconds to look again although no count has changed; empty: not before one has
 */
public record Decision(int start, int stop, Pace pace, OptionalLong lookAgainNanos) {
    /** Nothing to do, and nothing will change by itself. */
    static Decision rest(Pace pace) {
        return new Decision(0, 0, pace, OptionalLong.empty());
    }

    /** So many more, and nothing to do about those that are there. */
    static Decision start(int workers, Pace pace) {
        return new Decision(workers, 0, pace, OptionalLong.empty());
    }
}
