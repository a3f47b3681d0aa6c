package org.cgifpm.e2e.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills and freezes workers at random, one at a time, and looks after each how long the pool takes to be back at its
 * size.
 */
public final class ChaosMonkey {
    /** What the pool may take after a death; for a frozen worker that comes on top of the time-out of its request. */
    private static final Duration BACK = Duration.ofSeconds(1);

    private static final Duration TOO_LONG = Duration.ofSeconds(10);
    /** By then a worker has accepted something, also on a machine with other things to do. */
    private static final Duration YOUNG = Duration.ofSeconds(1);

    private static final long LOOK_NANOS = 2_000_000;

    private final Crew crew;
    private final int size;
    private final Duration requestTimeout;
    private final Random random;
    private final Thread thread;
    private final List<String> late = new ArrayList<>();
    private volatile boolean stopped;
    private int killed;
    private int frozen;
    private long longestNanos;

    /**
     * What was done.
     *
     * @param killed workers that got KILL or SEGV
     * @param frozen workers that got STOP
     * @param late deaths after which the pool was not back in time
     * @param longest that it took to be back after a KILL or SEGV
     */
    public record Deeds(int killed, int frozen, List<String> late, Duration longest) {}

    private ChaosMonkey(Crew crew, int size, Duration requestTimeout, Random random) {
        this.crew = crew;
        this.size = size;
        this.requestTimeout = requestTimeout;
        this.random = random;
        this.thread = new Thread(this::run, "chaos monkey");
    }

    /** Starts at once. */
    public static ChaosMonkey start(Crew crew, int size, Duration requestTimeout, Random random) {
        ChaosMonkey monkey = new ChaosMonkey(crew, size, requestTimeout, random);
        monkey.thread.start();
        return monkey;
    }

    /** Ends it and tells what it did. */
    public Deeds stop() throws InterruptedException {
        stopped = true;
        thread.join();
        return new Deeds(killed, frozen, List.copyOf(late), Duration.ofNanos(longestNanos));
    }

    private void run() {
        while (!stopped) {
            List<Long> pids = crew.moving();
            int choice = random.nextInt(10);
            String signal = choice < 5 ? "KILL" : choice < 9 ? "SEGV" : "STOP";
            long victim = signal.equals("STOP")
                    ? pids.stream().max(Comparator.comparing(Proc::age)).orElse(-1L)
                    : pids.isEmpty() ? -1 : pids.get(random.nextInt(pids.size()));
            // One that is frozen before it accepts anything is noticed by startup_timeout only.
            boolean young = signal.equals("STOP") && Proc.age(victim).compareTo(YOUNG) < 0;
            if (victim > 0 && !young && Crew.signal(victim, signal)) {
                boolean freezes = signal.equals("STOP");
                killed += freezes ? 0 : 1;
                frozen += freezes ? 1 : 0;
                awaitBack(victim, signal, freezes ? BACK.plus(requestTimeout) : BACK);
            }
            LockSupport.parkNanos(random.nextInt(50) * 1_000_000L);
        }
    }

    /** A frozen worker is noticed by its request's time-out; under this load it has one, or gets one at once. */
    private void awaitBack(long victim, String signal, Duration limit) {
        long start = System.nanoTime();
        List<Long> moving = crew.moving();
        while ((moving.size() < size || moving.contains(victim)) && System.nanoTime() - start < TOO_LONG.toNanos()) {
            LockSupport.parkNanos(LOOK_NANOS);
            moving = crew.moving();
        }
        long took = System.nanoTime() - start;
        if (took > limit.toNanos()) {
            late.add(signal + " for " + victim + ": " + Duration.ofNanos(took));
        }
        if (!signal.equals("STOP")) {
            longestNanos = Math.max(longestNanos, took);
        }
    }
}
