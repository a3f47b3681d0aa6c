package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Counts the direct children of a process, zombies included, every few milliseconds, and keeps the most it saw. */
public final class ChildCount {
    private static final long EVERY_NANOS = 3_000_000;

    private final Path tasks;
    private final Thread sampler;
    private volatile boolean stopped;
    /** Both written by the sampling thread, read when it has ended. */
    private int most;

    private int samples;

    private ChildCount(long pid) {
        this.tasks = Path.of("/proc/" + pid + "/task");
        this.sampler = new Thread(this::sample, "child count");
    }

    /** Starts to count. */
    public static ChildCount of(long pid) {
        ChildCount count = new ChildCount(pid);
        count.sampler.start();
        return count;
    }

    /** Returns the most that there were at any moment. */
    public int stop() throws InterruptedException {
        stopped = true;
        sampler.join();
        return most;
    }

    /** How many moments there were; after {@link #stop}. */
    public int samples() {
        return samples;
    }

    private void sample() {
        while (!stopped) {
            most = Math.max(most, now());
            samples++;
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    /** What the kernel lists as children of the process's threads (proc_pid_task_children(5)). */
    private int now() {
        int count = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                String children = read(thread.resolve("children"));
                count += children.isBlank() ? 0 : children.strip().split(" ").length;
            }
        } catch (IOException e) {
            throw new AssertionError("cannot list " + tasks, e);
        }
        return count;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            return "";
        }
    }
}
