package org.cgifpm.adapters.buffers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteQueueTest {
    @Test
    void givesBackWhatItWasGivenInTheSameOrder() {
        long seed = System.nanoTime();
        System.out.println("givesBackWhatItWasGivenInTheSameOrder: seed " + seed);
        Random random = new Random(seed);
        ByteQueue queue = new ByteQueue(new BufferPool());
        ArrayDeque<Byte> model = new ArrayDeque<>();
        for (int i = 0; i < 3000; i++) {
            switch (random.nextInt(5)) {
                case 0 -> add(queue, model, random, random.nextInt(3 * BufferPool.SIZE));
                case 1 -> fill(queue, model, random, 1 + random.nextInt(64));
                case 2, 3 -> take(queue, model, random);
                default -> {
                    if (random.nextInt(20) == 0) {
                        queue.clear();
                        model.clear();
                    }
                }
            }
            assertEquals(model.size(), queue.size());
            assertEquals(model.isEmpty(), queue.isEmpty());
        }
    }

    private static void add(ByteQueue queue, ArrayDeque<Byte> model, Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        queue.add(buffer);
        assertEquals(0, buffer.remaining());
        for (byte b : bytes) {
            model.add(b);
        }
    }

    private static void fill(ByteQueue queue, ArrayDeque<Byte> model, Random random, int wanted) {
        ByteBuffer room = queue.room(wanted);
        assertTrue(room.remaining() >= wanted);
        int count = random.nextInt(wanted + 1);
        for (int i = 0; i < count; i++) {
            byte b = (byte) random.nextInt();
            room.put(b);
            model.add(b);
        }
        queue.filled(count);
    }

    private static void take(ByteQueue queue, ArrayDeque<Byte> model, Random random) {
        if (queue.isEmpty()) {
            return;
        }
        ByteBuffer first = queue.first();
        int count = random.nextInt(first.remaining() + 1);
        for (int i = 0; i < count; i++) {
            assertEquals(model.remove(), first.get());
        }
        queue.took(count);
    }

    @Test
    void anEmptyQueueHoldsNoBuffer() {
        BufferPool pool = new BufferPool();
        ByteBuffer only = pool.take();
        pool.release(only);
        ByteQueue queue = new ByteQueue(pool);
        queue.add(ByteBuffer.allocate(10));
        queue.first().position(10);
        queue.took(10);
        assertSame(only, pool.take(), "the buffer was not given back");
    }

    @Test
    void thereIsNoFirstOfNothing() {
        ByteQueue queue = new ByteQueue(new BufferPool());
        assertThrows(IllegalStateException.class, queue::first);
    }
}
