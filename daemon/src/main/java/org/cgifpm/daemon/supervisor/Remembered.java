package org.cgifpm.daemon.supervisor;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * What a slow look-up by number has said, kept for a minute. Bounded: whoever can make numbers up fills nothing. What was
 * not found is asked for again, because a user that was just made is soon wanted. Any thread; the look-up may run
 * twice.
 */
final class Remembered<V> {
    static final int MOST = 1024;
    private static final long KEPT = Duration.ofMinutes(1).toNanos();

    private final IntFunction<Optional<V>> lookUp;
    private final LongSupplier nanos;
    private final Map<Integer, Entry<V>> entries = new ConcurrentHashMap<>();

    private record Entry<V>(V value, long since) {}

    /** @param nanos a clock that only goes forward, such as {@link System#nanoTime} */
    Remembered(IntFunction<Optional<V>> lookUp, LongSupplier nanos) {
        this.lookUp = lookUp;
        this.nanos = nanos;
    }

    Optional<V> of(int number) {
        long now = nanos.getAsLong();
        Entry<V> known = entries.get(number);
        if (known != null && now - known.since() < KEPT) {
            return Optional.of(known.value());
        }
        Optional<V> found = lookUp.apply(number);
        if (entries.size() >= MOST) {
            entries.clear();
        }
        found.ifPresentOrElse(value -> entries.put(number, new Entry<>(value, now)), () -> entries.remove(number));
        return found;
    }
}
