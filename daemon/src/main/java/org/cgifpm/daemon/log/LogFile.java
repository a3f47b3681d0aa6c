package org.cgifpm.daemon.log;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;

/**
 * A log file of a pool, made by {@link LogFiles#open}. Any thread may {@link #add}; all else belongs to the thread that
 * writes.
 */
public final class LogFile {
    /** Lines of one file that wait to be written: one busy pool must not take the room of all. */
    static final int MAX_WAITING = 4096;

    private final LogFiles files;
    private final Syscalls syscalls;
    private final String path;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    /** Guarded by {@link LogFiles}. */
    private int users = 1;

    private int fd;
    private long told;
    private String lastError = "";
    /** A line was written in part: the next one begins a line of its own all the same. */
    private boolean torn;

    LogFile(LogFiles files, Syscalls syscalls, String path) throws SyscallException {
        this.files = files;
        this.syscalls = syscalls;
        this.path = path;
        this.fd = syscalls.openLog(path);
    }

    /** Lines with their ends, written together or dropped together. Never waits. */
    public void add(String lines) {
        if (waiting.incrementAndGet() > MAX_WAITING || !files.offer(this, lines)) {
            waiting.decrementAndGet();
            dropped.incrementAndGet();
        }
    }

    /** Additions that were dropped since the start, because there was no room or the file could not be written. */
    public long dropped() {
        return dropped.get();
    }

    /** One more uses it. */
    void opened() {
        users++;
    }

    /** One fewer uses it; true if that was the last. */
    boolean closed() {
        return --users == 0;
    }

    /** Nobody adds to it any more: true once all is written; it is closed then. */
    boolean endIfWritten() {
        if (waiting.get() > 0) {
            return false;
        }
        syscalls.close(fd);
        return true;
    }

    String path() {
        return path;
    }

    /** That so many additions wait no longer, whatever became of them. */
    void handled(int additions) {
        waiting.addAndGet(-additions);
    }

    /** So many additions are lost by an error of the program's own. */
    void failed(int additions) {
        lastError = "an internal error";
        dropped.addAndGet(additions);
    }

    /** Writes what was added so many times before. */
    void write(ByteBuffer bytes, int additions) {
        if (torn) {
            ByteBuffer end = ByteBuffer.allocateDirect(1).put((byte) '\n').flip();
            torn = syscalls.write(fd, end) != 1;
        }
        int size = bytes.remaining();
        int result = torn ? -Errno.ENOSPC : 0;
        try {
            while (bytes.hasRemaining() && result >= 0) {
                result = syscalls.write(fd, bytes);
            }
        } finally {
            torn |= bytes.hasRemaining() && bytes.remaining() < size;
        }
        if (bytes.hasRemaining()) {
            lastError = Errno.words(-result);
            dropped.addAndGet(additions);
        }
    }

    /** The file of that name from now on, which may be another than before; what was open stays where that fails. */
    void reopen() throws SyscallException {
        int opened = syscalls.openLog(path);
        syscalls.close(fd);
        fd = opened;
        torn = false;
    }

    /** What has been lost since this was asked last, for the log; "" if nothing was. */
    String newlyLost() {
        long now = dropped.get();
        long lost = now - told;
        told = now;
        String why = lastError.isEmpty() ? "they came faster than they could be written" : lastError;
        lastError = "";
        return lost == 0 ? "" : lost + " lines were dropped: " + why;
    }
}
