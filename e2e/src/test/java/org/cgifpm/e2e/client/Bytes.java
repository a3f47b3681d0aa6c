package org.cgifpm.e2e.client;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.zip.CRC32C;

/** Bodies that can be checked without being kept. */
public final class Bytes {
    private static final int BLOCK = 1 << 16;

    private Bytes() {}

    /** The same pseudo-random bytes for the same size: a piece out of place is seen. */
    public static byte[] of(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** Writes {@code size} bytes (a multiple of 64 kB), each block different from the one before. */
    public static void stream(long size, OutputStream out) throws IOException {
        byte[] block = of(BLOCK);
        for (long written = 0; written < size; written += BLOCK) {
            block[(int) (written / BLOCK % BLOCK)]++;
            out.write(block);
        }
    }

    /** Counts and sums up what is written to it. */
    public static final class Sum extends OutputStream {
        private final CRC32C sum = new CRC32C();
        private long count;

        @Override
        public void write(int b) {
            sum.update(b);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            sum.update(bytes, offset, length);
            count += length;
        }

        public long count() {
            return count;
        }

        public long sum() {
            return sum.getValue();
        }
    }

    /** The sum of what {@link #stream} writes. */
    public static long sumOfStream(long size) throws IOException {
        Sum sum = new Sum();
        stream(size, sum);
        return sum.sum();
    }
}
