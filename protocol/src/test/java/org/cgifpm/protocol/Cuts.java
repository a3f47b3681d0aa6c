package org.cgifpm.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;

/**
 * Feeds the same bytes to fresh readers in every way they may arrive: whole, in two pieces cut at each byte, a byte at
 * a time, and from a direct buffer. All ways must come to the same.
 */
public final class Cuts {
    /** A reader with a record of what it told. */
    public interface Run {
        /** One piece; what it throws is part of what it told. */
        void read(ByteBuffer piece) throws IOException;

        List<String> told();
    }

    private Cuts() {}

    /** Compares what is told in every cut; a reader that throws is fed no further. */
    public static void assertTold(List<String> expected, byte[] bytes, Supplier<? extends Run> runs) {
        assertEquals(expected, told(runs.get(), bytes, bytes.length), "whole");
        assertEquals(expected, told(runs.get(), bytes, 1), "a byte at a time");
        for (int cut = 1; cut < bytes.length; cut++) {
            Run run = runs.get();
            ByteBuffer all = ByteBuffer.wrap(bytes);
            boolean alive = feed(run, all.slice(0, cut));
            if (alive) {
                feed(run, all.slice(cut, bytes.length - cut));
            }
            assertEquals(expected, run.told(), "cut at " + cut + " of " + bytes.length);
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        Run run = runs.get();
        feed(run, direct);
        assertEquals(expected, run.told(), "from a direct buffer");
    }

    /** What one reader tells when fed in pieces of that length out of one buffer. */
    public static List<String> told(Run run, byte[] bytes, int pieceLength) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean alive = true;
        while (alive && in.position() < bytes.length) {
            in.limit(Math.min(bytes.length, in.position() + pieceLength));
            alive = feed(run, in);
        }
        return run.told();
    }

    private static boolean feed(Run run, ByteBuffer piece) {
        try {
            run.read(piece);
        } catch (IOException e) {
            run.told().add(e.getClass().getSimpleName() + ": " + e.getMessage());
            return false;
        }
        assertFalse(piece.hasRemaining(), "all of a piece is consumed");
        return true;
    }
}
