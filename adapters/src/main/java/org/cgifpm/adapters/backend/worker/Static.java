package org.cgifpm.adapters.backend.worker;

/** {@code pm = "static"}: always {@code max_children} workers; what has died or was recycled is replaced at once. */
public record Static(int maxChildren) implements SpawnPolicy {
    public Static {
        if (maxChildren < 1) {
            throw new IllegalArgumentException("max_children " + maxChildren);
        }
    }

    @Override
    public int atStart() {
        return maxChildren;
    }

    @Override
    public Decision look(Census census, Pace pace, long nowNanos) {
        return Decision.start(census.room(maxChildren), pace);
    }
}
