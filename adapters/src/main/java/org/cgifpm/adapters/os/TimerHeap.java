package org.cgifpm.adapters.os;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Timers, the next one first: a binary heap whose members know their place, so that a cancelled timer is gone at once
 * and not kept until it would have been due. Loop thread only.
 */
final class TimerHeap {
    private @Nullable Timer[] heap = new @Nullable Timer[64];
    private int size;

    void add(Timer timer) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        size++;
        up(size - 1, timer);
    }

    void remove(Timer timer) {
        int at = timer.index;
        if (at < 0) {
            return;
        }
        timer.index = -1;
        size--;
        Timer last = at(size);
        heap[size] = null;
        if (at != size) {
            up(at, last);
            down(last.index, last);
        }
    }

    @Nullable
    Timer first() {
        return size == 0 ? null : at(0);
    }

    int size() {
        return size;
    }

    private Timer at(int index) {
        Timer timer = heap[index];
        if (timer == null) {
            throw new IllegalStateException("hole in the heap at " + index);
        }
        return timer;
    }

    private void up(int from, Timer timer) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (at(parent).dueNanos - timer.dueNanos <= 0) {
                break;
            }
            put(at, at(parent));
            at = parent;
        }
        put(at, timer);
    }

    private void down(int from, Timer timer) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && at(child + 1).dueNanos - at(child).dueNanos < 0) {
                child++;
            }
            if (timer.dueNanos - at(child).dueNanos <= 0) {
                break;
            }
            put(at, at(child));
            at = child;
        }
        put(at, timer);
    }

    private void put(int at, Timer timer) {
        heap[at] = timer;
        timer.index = at;
    }
}
