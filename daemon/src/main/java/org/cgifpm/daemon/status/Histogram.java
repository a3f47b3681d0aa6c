package org.cgifpm.daemon.status;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Counts durations by size. Loop thread; {@link #values} gives what any thread may read. */
public final class Histogram {
    /** The upper ends of the buckets but for the last, which has none: seconds, each included. */
    static final double[] BOUNDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

    private static final double NANOS = 1e9;

    private final long[] counts = new long[BOUNDS.length + 1];
    private long sumNanos;

    /** What was counted until some moment; {@code counts} are of each bucket alone, the last one has no upper end. */
    public record Values(List<Long> counts, long sumNanos) {
        public Values {
            counts = List.copyOf(counts);
        }

        /** How many were counted. */
        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }

        /** The upper ends of all buckets but the last, seconds. */
        public static double[] bounds() {
            return BOUNDS.clone();
        }

        /** What was counted since an earlier moment. */
        public Values since(Values earlier) {
            List<Long> more = new ArrayList<>();
            for (int i = 0; i < counts.size(); i++) {
                more.add(counts.get(i) - earlier.counts.get(i));
            }
            return new Values(more, sumNanos - earlier.sumNanos);
        }

        /**
         * The duration that this share of all did not exceed, seconds, taken as evenly spread within a bucket; NaN where
         * nothing was counted, the last bound where it lies beyond.
         *
         * @param share from 0 to 1
         */
        public double quantile(double share) {
            double wanted = share * count();
            double seen = 0;
            for (int i = 0; i < BOUNDS.length; i++) {
                long here = counts.get(i);
                if (here > 0 && seen + here >= wanted) {
                    double below = i == 0 ? 0 : BOUNDS[i - 1];
                    return below + (BOUNDS[i] - below) * (wanted - seen) / here;
                }
                seen += here;
            }
            return count() == 0 ? Double.NaN : BOUNDS[BOUNDS.length - 1];
        }
    }

    void add(long nanos) {
        int at = Arrays.binarySearch(BOUNDS, nanos / NANOS);
        counts[at >= 0 ? at : -at - 1]++;
        sumNanos += nanos;
    }

    Values values() {
        return new Values(Arrays.stream(counts).boxed().toList(), sumNanos);
    }
}
