package org.cgifpm.daemon.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools' own log files, written by one thread, so that a slow disk holds up no request: lines that find no room
 * meanwhile are counted, and told in the daemon's log once a minute. Any thread may use it.
 */
public final class LogFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);
    private static final int QUEUE = 16 * 1024;
    private static final int BATCH = 64 * 1024;

    /** Lines of one file; of no file: only a reason to wake up. */
    private record Addition(@Nullable LogFile file, String lines) {}

    private final Syscalls syscalls;
    private final long tellEveryNanos;
    private final BlockingQueue<Addition> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Map<String, LogFile> files = new ConcurrentHashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BATCH);
    private final AtomicLong reopensWanted = new AtomicLong();
    private final AtomicLong reopensDone = new AtomicLong();
    private final AtomicLong added = new AtomicLong();
    private final AtomicLong handled = new AtomicLong();
    private volatile boolean started;
    private long toldNanos;

    public LogFiles(Syscalls syscalls) {
        this(syscalls, TimeUnit.MINUTES.toNanos(1));
    }

    /** @param tellEveryNanos how often dropped lines are told, at the most */
    LogFiles(Syscalls syscalls, long tellEveryNanos) {
        this.syscalls = syscalls;
        this.tellEveryNanos = tellEveryNanos;
        this.toldNanos = System.nanoTime() - tellEveryNanos;
    }

    /**
     * Opens a file to append to it, mode 0640 if it is made. Several pools may share one.
     *
     * @param path absolute, bytes as ISO-8859-1; a symbolic link is refused
     */
    public synchronized LogFile open(String path) throws SyscallException {
        LogFile known = files.get(path);
        if (known != null) {
            return known;
        }
        LogFile file = new LogFile(this, syscalls, path);
        files.put(path, file);
        if (!started) {
            started = true;
            Thread thread = new Thread(this::work, "log-files");
            thread.setDaemon(true);
            thread.start();
        }
        return file;
    }

    /**
     * After logs were renamed: every file is opened anew by its name, before anything that is added from now on is
     * written. One that cannot be opened goes on where it was, and the daemon's log says so.
     */
    public void reopen() {
        reopensWanted.incrementAndGet();
        offer(null, "");
    }

    /** Waits until what was added before is written, but not longer than {@code millis}. For the end of the process. */
    public void flush(long millis) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long goal = added.get();
        while ((handled.get() < goal || reopensDone.get() < reopensWanted.get())
                && started
                && System.nanoTime() - until < 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    boolean offer(@Nullable LogFile file, String lines) {
        boolean taken = queue.offer(new Addition(file, lines));
        if (taken) {
            added.incrementAndGet();
        }
        return taken;
    }

    private void work() {
        Addition next = null;
        while (true) {
            try {
                if (next == null) {
                    next = queue.poll(tellEveryNanos, TimeUnit.NANOSECONDS);
                }
                reopenIfWanted();
                next = next == null ? null : write(next);
                tell();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("internal error, log files are written on", e);
                next = null;
            }
        }
    }

    /** Writes it, with what follows for the same file as far as it fits; returns what came after that, if anything did. */
    private @Nullable Addition write(Addition first) {
        LogFile file = first.file();
        if (file == null) {
            handled.incrementAndGet();
            return null;
        }
        buffer.clear();
        Addition next = first;
        int count = 0;
        while (next != null && next.file() == file) {
            byte[] bytes = next.lines().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > buffer.remaining()) {
                if (count > 0) {
                    break;
                }
                file.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), 1);
                handled.incrementAndGet();
                return null;
            }
            buffer.put(bytes);
            count++;
            next = queue.poll();
        }
        file.write(buffer.flip(), count);
        handled.addAndGet(count);
        return next;
    }

    private void reopenIfWanted() {
        long wanted = reopensWanted.get();
        if (wanted == reopensDone.get()) {
            return;
        }
        for (LogFile file : files.values()) {
            try {
                file.reopen();
            } catch (SyscallException e) {
                LOG.error("log file not reopened, the one before is written on: {}", e.getMessage());
            }
        }
        reopensDone.set(wanted);
    }

    private void tell() {
        if (System.nanoTime() - toldNanos < tellEveryNanos) {
            return;
        }
        for (LogFile file : files.values()) {
            String lost = file.newlyLost();
            if (!lost.isEmpty()) {
                toldNanos = System.nanoTime();
                LOG.error("log file {}: {}", LogText.ofBytes(file.path()), lost);
            }
        }
    }
}
