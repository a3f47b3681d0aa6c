package org.cgifpm.adapters.frontend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.cgifpm.adapters.BodySink;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BodyQueueTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** A sink that takes as much as it is told to; the owner may or may not let its connection pause. */
    private static final class Ends implements BodySink, BodyQueue.Owner {
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        int appetite;
        int ends;
        boolean mustNotPause;
        boolean failed;

        @Override
        public void take(ByteBuffer chunk) {
            assertEquals(0, ends, "bytes after the end");
            byte[] bytes = new byte[Math.min(appetite, chunk.remaining())];
            chunk.get(bytes);
            appetite -= bytes.length;
            taken.writeBytes(bytes);
        }

        @Override
        public void end() {
            ends++;
        }

        @Override
        public boolean mustNotPause() {
            return mustNotPause;
        }

        @Override
        public void bodyMoved() {}

        @Override
        public void spoolFailed(SyscallException why) {
            failed = true;
        }
    }

    private BodyQueue queue(Ends ends) {
        return new BodyQueue(ends, new SharedBuffers(new Syscalls()), folder.toString());
    }

    /** Whatever comes in whatever pieces, whenever the sink is there and hungry: the bytes are the same. */
    @Test
    void handsOverEveryByteOnceAndThenTheEnd() throws Exception {
        long seed = System.nanoTime();
        System.out.println("handsOverEveryByteOnceAndThenTheEnd: seed " + seed);
        Random random = new Random(seed);
        long before = Descriptors.countBelow(folder);
        for (int round = 0; round < 60; round++) {
            Ends ends = new Ends();
            BodyQueue body = queue(ends);
            byte[] all = new byte[random.nextInt(500_000)];
            random.nextBytes(all);
            boolean attached = false;
            int sent = 0;
            while (sent < all.length) {
                int step = Math.min(all.length - sent, 1 + random.nextInt(40_000));
                switch (random.nextInt(5)) {
                    case 0 -> ends.mustNotPause = !ends.mustNotPause;
                    case 1 -> {
                        ends.appetite = random.nextInt(100_000);
                        if (attached) {
                            body.resume();
                        } else if (random.nextInt(4) == 0) {
                            attached = true;
                            body.sink(ends);
                        }
                    }
                    default -> {
                        body.arrived(direct(all, sent, step));
                        sent += step;
                    }
                }
            }
            body.ended();
            ends.appetite = Integer.MAX_VALUE;
            if (!attached) {
                body.sink(ends);
            }
            body.resume();
            assertArrayEquals(all, ends.taken.toByteArray());
            assertEquals(1, ends.ends);
            assertFalse(ends.failed);
            assertEquals(all.length, body.received());
            assertEquals(before, Descriptors.countBelow(folder), "temporary files");
        }
    }

    private static ByteBuffer direct(byte[] all, int from, int count) {
        return ByteBuffer.allocateDirect(count).put(all, from, count).flip();
    }

    @Test
    void aHungrySinkGetsBytesAtOnceAlsoAfterTheyHadToWait() {
        Ends ends = new Ends();
        ends.mustNotPause = true;
        BodyQueue body = queue(ends);
        for (int i = 0; i < 10; i++) {
            body.arrived(ByteBuffer.allocateDirect(30_000));
        }
        ends.appetite = Integer.MAX_VALUE;
        body.sink(ends);
        assertEquals(300_000, ends.taken.size());
        body.arrived(ByteBuffer.allocateDirect(7));
        assertEquals(300_007, ends.taken.size());
        assertFalse(body.wantsPause());
    }

    @Test
    void pausesWhereItMayAndWritesToAFileWhereItMustNot() throws Exception {
        Ends ends = new Ends();
        BodyQueue body = queue(ends);
        body.arrived(ByteBuffer.allocateDirect(ConnectionLimits.BODY_MEMORY - 1));
        assertFalse(body.wantsPause());
        body.arrived(ByteBuffer.allocateDirect(1));
        assertTrue(body.wantsPause());
        ends.mustNotPause = true;
        assertFalse(body.wantsPause());
        assertEquals(0, Descriptors.countBelow(folder));
        body.arrived(ByteBuffer.allocateDirect(1));
        assertEquals(1, Descriptors.countBelow(folder));
        body.discard();
        assertEquals(0, Descriptors.countBelow(folder));
    }

    @Test
    void aBodyThatWasDeclaredEmptyIsNotExpectedAndKeepsNothing() {
        Ends ends = new Ends();
        BodyQueue body = queue(ends);
        assertTrue(body.expected());
        body.arrived(ByteBuffer.allocateDirect(ConnectionLimits.BODY_MEMORY));
        body.declareNone();
        assertFalse(body.expected());
        assertFalse(body.wantsPause());
    }

    @Test
    void aSinkMayDiscardTheBodyWhileItIsHandedOver() {
        Ends ends = new Ends();
        BodyQueue body = queue(ends);
        body.arrived(ByteBuffer.allocateDirect(50_000));
        int[] takes = new int[1];
        body.sink(new BodySink() {
            @Override
            public void take(ByteBuffer chunk) {
                takes[0]++;
                body.discard();
            }

            @Override
            public void end() {
                takes[0] = 100;
            }
        });
        body.arrived(ByteBuffer.allocateDirect(50_000));
        body.ended();
        assertEquals(1, takes[0]);
        assertTrue(body.hasEnded());
    }

    @Test
    void tellsItsOwnerWhenThereIsNoRoomForATemporaryFile() {
        Ends ends = new Ends();
        ends.mustNotPause = true;
        BodyQueue body = new BodyQueue(ends, new SharedBuffers(new Syscalls()), folder + "/missing");
        body.arrived(ByteBuffer.allocateDirect(ConnectionLimits.BODY_MEMORY));
        assertFalse(ends.failed);
        body.arrived(ByteBuffer.allocateDirect(1));
        assertTrue(ends.failed);
    }

    /** Whatever its size, and however much of it had come before: memory holds little, and the bytes are the same. */
    @Test
    void aBodyThatIsReadInFirstIsKeptWholeWithoutPausingAndTakesLittleMemory() throws Exception {
        long seed = System.nanoTime();
        System.out.println("aBodyThatIsReadInFirst: seed " + seed);
        Random random = new Random(seed);
        long before = Descriptors.countBelow(folder);
        for (int round = 0; round < 60; round++) {
            Ends ends = new Ends();
            BodyQueue body = queue(ends);
            byte[] all = new byte[random.nextInt(random.nextBoolean() ? 30_000 : 400_000)];
            random.nextBytes(all);
            int sent = Math.min(all.length, random.nextInt(3) * random.nextInt(60_000));
            body.arrived(direct(all, 0, sent));
            int[] completed = new int[1];
            body.buffer(() -> completed[0]++);
            while (sent < all.length) {
                int step = Math.min(all.length - sent, 1 + random.nextInt(40_000));
                body.arrived(direct(all, sent, step));
                sent += step;
                assertFalse(body.wantsPause());
                assertTrue(body.inMemory() <= ConnectionLimits.BUFFERED_BODY_MEMORY, body.inMemory() + " in memory");
                assertEquals(0, completed[0]);
            }
            assertEquals(
                    all.length > ConnectionLimits.BUFFERED_BODY_MEMORY ? 1 : 0,
                    Descriptors.countBelow(folder) - before);
            body.ended();
            assertEquals(1, completed[0]);
            assertFalse(body.wantsPause());
            ends.appetite = random.nextInt(100_000);
            body.sink(ends);
            ends.appetite = Integer.MAX_VALUE;
            body.resume();
            assertArrayEquals(all, ends.taken.toByteArray());
            assertEquals(1, ends.ends);
            assertEquals(before, Descriptors.countBelow(folder), "temporary files");
        }
    }

    @Test
    void aBodyThatIsThereAlreadyOrWillNotComeIsCompleteAtOnce() {
        int[] completed = new int[1];
        BodyQueue ended = queue(new Ends());
        ended.arrived(ByteBuffer.allocateDirect(10));
        ended.ended();
        ended.buffer(() -> completed[0]++);
        assertEquals(1, completed[0]);
        BodyQueue none = queue(new Ends());
        none.declareNone();
        none.buffer(() -> completed[0]++);
        assertEquals(2, completed[0]);
    }

    @Test
    void aBodyThatIsThrownAwayIsNeverComplete() throws Exception {
        BodyQueue body = queue(new Ends());
        body.buffer(() -> {
            throw new AssertionError("complete");
        });
        body.arrived(ByteBuffer.allocateDirect(100_000));
        assertEquals(1, Descriptors.countBelow(folder));
        body.discard();
        assertEquals(0, Descriptors.countBelow(folder));
        body.arrived(ByteBuffer.allocateDirect(100_000));
        body.ended();
    }

    @Test
    void aBodyThatCannotBeKeptIsNeverCompleteAndItsOwnerIsTold() {
        Ends ends = new Ends();
        BodyQueue body = new BodyQueue(ends, new SharedBuffers(new Syscalls()), folder + "/missing");
        body.buffer(() -> {
            throw new AssertionError("complete");
        });
        body.arrived(ByteBuffer.allocateDirect(ConnectionLimits.BUFFERED_BODY_MEMORY));
        assertFalse(ends.failed);
        body.arrived(ByteBuffer.allocateDirect(1));
        assertTrue(ends.failed);
        body.ended();
    }
}
