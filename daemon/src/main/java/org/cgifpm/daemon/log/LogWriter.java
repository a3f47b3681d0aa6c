package org.cgifpm.daemon.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes log lines on a thread of its own, so that a full disk or a stopped terminal holds up nobody. Any thread may
 * {@link #add}; what finds no place in the bounded queue is counted and told later.
 */
public final class LogWriter {
    private static final int QUEUE = 8192;
    private static final int BATCH = 64 * 1024;

    private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong added = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final OutputStream out;
    private final LogForm form;

    /** Writes to this process's standard error, for people. */
    public LogWriter() {
        this(LogForm.PLAIN);
    }

    /** Writes to this process's standard error. */
    public LogWriter(LogForm form) {
        this(new FileOutputStream(java.io.FileDescriptor.err), form);
    }

    /** Writes to {@code out}, which nobody else writes to, for people. */
    public LogWriter(OutputStream out) {
        this(out, LogForm.PLAIN);
    }

    private LogWriter(OutputStream out, LogForm form) {
        this.out = out;
        this.form = form;
        Thread thread = new Thread(this::work, "log-writer");
        thread.setDaemon(true);
        thread.start();
    }

    /** One line, with its end. Never waits. */
    public void add(String line) {
        if (queue.offer(line)) {
            added.incrementAndGet();
        } else {
            dropped.incrementAndGet();
        }
    }

    /** Opens a file anew by its name; whatever else is written to goes on as it is. */
    public void reopen() {
        if (out instanceof DaemonLogFile file) {
            file.reopen();
            add(""); // wakes the thread up: the new file shall be there also if nothing is logged
        }
    }

    /** How lines for it look. */
    LogForm form() {
        return form;
    }

    /** Lines that found no place since the start. */
    public long dropped() {
        return dropped.get();
    }

    private void work() {
        StringBuilder batch = new StringBuilder();
        long told = 0;
        while (true) {
            int lines = 0;
            try {
                batch.setLength(0);
                batch.append(queue.take());
                lines = 1;
                String next;
                while (batch.length() < BATCH && (next = queue.poll()) != null) {
                    batch.append(next);
                    lines++;
                }
                long lost = dropped.get();
                if (lost > told) {
                    batch.append(LogLine.of(
                            form,
                            LogLine.WARNING,
                            (lost - told) + " log lines were dropped: they came faster than they could be written"));
                    told = lost;
                }
                out.write(batch.toString().getBytes(StandardCharsets.UTF_8));
                written.addAndGet(lines);
            } catch (IOException | RuntimeException | Error e) {
                // Nobody is left to tell; the next line may fare better, also where memory did not do for this one.
                written.addAndGet(lines);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Waits until what was added before is written, but not longer than {@code millis}. For the end of the process. */
    public void flush(long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long goal = added.get();
        while (written.get() < goal && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
