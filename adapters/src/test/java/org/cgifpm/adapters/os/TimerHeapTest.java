package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerHeapTest {
    private final TimerHeap heap = new TimerHeap();

    @Test
    void hasNothingAtFirst() {
        assertNull(heap.first());
        assertEquals(0, heap.size());
    }

    @Test
    void alwaysHasTheNextOneFirstWhateverIsAddedAndTakenOut() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Timer> expected = new ArrayList<>();
        for (int step = 0; step < 50_000; step++) {
            // Fills, then empties: both ends of the heap are met often.
            boolean filling = step % 4_000 < 2_000;
            if (expected.isEmpty() || random.nextInt(10) < (filling ? 7 : 3)) {
                Timer timer = new Timer(heap, random.nextInt(1_000), () -> {});
                heap.add(timer);
                expected.add(timer);
            } else {
                Timer victim = expected.remove(random.nextInt(expected.size()));
                victim.cancel();
                victim.cancel(); // no harm
            }
            String where = "seed " + seed + " step " + step;
            assertEquals(expected.size(), heap.size(), where);
            Timer first = heap.first();
            if (first != null) {
                assertEquals(
                        Collections.min(expected, Comparator.comparingLong(t -> t.dueNanos)).dueNanos,
                        first.dueNanos,
                        where);
            }
        }
    }

    @Test
    void forgetsACancelledTimerAtOnce() {
        Timer kept = new Timer(heap, 2, () -> {});
        Timer cancelled = new Timer(heap, 1, () -> {});
        heap.add(cancelled);
        heap.add(kept);

        cancelled.cancel();

        assertSame(kept, heap.first());
        assertEquals(1, heap.size());
    }

    @Test
    void ordersTimesAcrossTheOverflowOfTheClock() {
        // System.nanoTime may be anything, and times are compared by their difference.
        Timer later = new Timer(heap, Long.MIN_VALUE + 5, () -> {});
        Timer earlier = new Timer(heap, Long.MAX_VALUE - 5, () -> {});
        heap.add(later);
        heap.add(earlier);

        assertSame(earlier, heap.first());
        earlier.cancel();
        assertSame(later, heap.first());
    }
}
