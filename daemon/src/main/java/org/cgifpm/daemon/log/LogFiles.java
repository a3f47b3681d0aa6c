package org.cgifpm.daemon.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private final Queue<LogFile> leaving = new ConcurrentLinkedQueue<>();
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
     * <p>Whoever opens it closes it.
     *
     * @param path absolute, bytes as ISO-8859-1; a symbolic link is refused
     */
    public synchronized LogFile open(String path) throws SyscallException {
        LogFile known = files.get(path);
        if (known != null) {
            known.opened();
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

    /** Somebody who has opened it adds nothing any more: what was added is written, and with the last one it is closed. */
    public synchronized void close(LogFile file) {
        if (file.closed()) {
            files.remove(file.path(), file);
            leaving.add(file);
            offer(null, "");
        }
    }

    /**
     * After logs were renamed: every file is opened anew by its name, before anything that is added from now on is
     * written. One that cannot be opened goes on where it was, and the daemon's log says so. The daemon's own log is
     * opened anew too, where it is a file.
     */
    public void reopen() {
        Logging.reopen();
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
                Addition now = next == null ? queue.poll(tellEveryNanos, TimeUnit.NANOSECONDS) : next;
                next = now;
                reopenIfWanted();
                next = null;
                next = now == null ? null : write(now);
                leaving.removeIf(LogFile::endIfWritten);
                tell();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) {
                say(e);
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
        Addition current = first;
        Addition after = null;
        int count = 0;
        try {
            ByteBuffer batch = buffer.clear();
            while (true) {
                count++;
                byte[] bytes = current.lines().getBytes(StandardCharsets.UTF_8);
                if (bytes.length > batch.remaining() && count > 1) {
                    count--;
                    after = current;
                    break;
                }
                if (bytes.length > batch.remaining()) {
                    batch = ByteBuffer.allocateDirect(bytes.length).put(bytes);
                    break;
                }
                batch.put(bytes);
                after = queue.poll();
                if (after == null || after.file() != file) {
                    break;
                }
                current = after;
                after = null;
            }
            file.write(batch.flip(), count);
        } catch (RuntimeException | Error e) {
            // Such as no memory for a long line. What it was about is given up, or it would fail for ever.
            file.failed(count);
            say(e);
        } finally {
            file.handled(count);
            handled.addAndGet(count);
        }
        return after;
    }

    /** The thread has to live on: nobody would make another, and every line from then on would be lost. */
    private static void say(Throwable failure) {
        try {
            LOG.error("internal error, log files are written on", failure);
        } catch (RuntimeException | Error unsaid) {
            // Where not even this can be said, the dropped lines are counted and told later.
            return;
        }
    }

    private void reopenIfWanted() {
        long wanted = reopensWanted.get();
        if (wanted == reopensDone.get()) {
            return;
        }
        try {
            for (LogFile file : files.values()) {
                reopen(file);
            }
        } finally {
            reopensDone.set(wanted);
        }
    }

    private static void reopen(LogFile file) {
        try {
            file.reopen();
        } catch (SyscallException e) {
            LOG.error("log file not reopened, the one before is written on: {}", e.getMessage());
        }
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
