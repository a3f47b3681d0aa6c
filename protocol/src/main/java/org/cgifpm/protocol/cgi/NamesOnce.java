package org.cgifpm.protocol.cgi;

import org.jspecify.annotations.Nullable;

/**
 * Says whether names differ from one another, for the loop thread: one array, and it gives up, as if one had come twice,
 * on names that were chosen so that they are slow to tell apart.
 */
final class NamesOnce {
    /** More names with neighbouring hashes than this do not come by chance. */
    private static final int MAX_STEPS = 16;

    private final @Nullable String[] slots;

    /** @param names how many there will be at most */
    NamesOnce(int names) {
        this.slots = new String[Integer.highestOneBit(Math.max(names, 8)) << 2];
    }

    /** False if that name is there already, or might be. */
    boolean add(String name) {
        int hash = name.hashCode();
        int slot = hash ^ hash >>> 16;
        for (int steps = 0; steps < MAX_STEPS; steps++, slot++) {
            String there = slots[slot & slots.length - 1];
            if (there == null) {
                slots[slot & slots.length - 1] = name;
                return true;
            }
            if (there.equals(name)) {
                return false;
            }
        }
        return false;
    }
}
