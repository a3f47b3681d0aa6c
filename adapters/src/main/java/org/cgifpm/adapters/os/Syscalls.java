package org.cgifpm.adapters.os;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * System calls with their errors made sense of: EINTR is retried here and nowhere else.
 *
 * <p>Calls on the path of every byte return a negative error number instead of throwing; the others throw {@link
 * SyscallException}. Paths are ISO-8859-1 strings, a char for a byte. Any thread may use it; buffers are direct, and
 * reading and writing moves their position.
 */
public final class Syscalls {
    public static final int AT_FDCWD = -100;
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    private static final int O_CREAT = 0100;
    private static final int O_APPEND = 02000;
    public static final int O_NOCTTY = 0400;
    public static final int O_NONBLOCK = 04000;
    public static final int O_CLOEXEC = 02000000;
    public static final int O_PATH = 010000000;
    private static final int O_TMPFILE_BIT = 020000000;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_EACCESS = 0x200;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int X_OK = 1;
    private static final int R_OK = 4;
    private static final int F_SETFL = 4;
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int SHUT_WR = 1;
    private static final int SHUT_RDWR = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_LINGER = 13;
    private static final int PATH_MAX = 4096;

    /** O_DIRECTORY and O_NOFOLLOW are swapped on ARM: the one place where an architecture is asked for. */
    private static final boolean ARM = System.getProperty("os.arch", "").startsWith("aarch64");

    public static final int O_DIRECTORY = ARM ? 040000 : 0200000;
    public static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;
    private static final int O_TMPFILE = O_TMPFILE_BIT | O_DIRECTORY;

    private final Libc libc;
    private final IntSupplier lastError;
    private final AtomicInteger spawning = new AtomicInteger();
    private final ThreadLocal<NativeMemory> scratch = ThreadLocal.withInitial(() -> new NativeMemory(1024));

    /** The C library of this process. */
    public Syscalls() {
        this(LibraryLoader.create(Libc.class).load("libc.so.6"), Runtime.getSystemRuntime()::getLastError);
    }

    /** For tests that let calls fail. */
    public Syscalls(Libc libc, IntSupplier lastError) {
        this.libc = libc;
        this.lastError = lastError;
    }

    Libc libc() {
        return libc;
    }

    int lastError() {
        return lastError.getAsInt();
    }

    /** A scratch area of this thread for one structure of up to 1024 bytes; the next call overwrites it. */
    NativeMemory scratch() {
        return scratch.get();
    }

    /** Reads into {@code direct}: the count, 0 at the end of file, or a negative error number. */
    public int read(int fd, ByteBuffer direct) {
        while (true) {
            long count = libc.read(fd, direct, direct.remaining());
            if (count >= 0) {
                direct.position(direct.position() + (int) count);
                return (int) count;
            }
            int errno = lastError();
            if (errno != Errno.EINTR) {
                return -errno;
            }
        }
    }

    /** Writes from {@code direct}: the count, or a negative error number. */
    public int write(int fd, ByteBuffer direct) {
        while (true) {
            long count = libc.write(fd, direct, direct.remaining());
            if (count >= 0) {
                direct.position(direct.position() + (int) count);
                return (int) count;
            }
            int errno = lastError();
            if (errno != Errno.EINTR) {
                return -errno;
            }
        }
    }

    /** As {@link #read}, from an offset of a file. */
    public int readAt(int fd, ByteBuffer direct, long offset) {
        while (true) {
            long count = libc.pread(fd, direct, direct.remaining(), offset);
            if (count >= 0) {
                direct.position(direct.position() + (int) count);
                return (int) count;
            }
            int errno = lastError();
            if (errno != Errno.EINTR) {
                return -errno;
            }
        }
    }

    /** As {@link #write}, to an offset of a file. */
    public int writeAt(int fd, ByteBuffer direct, long offset) {
        while (true) {
            long count = libc.pwrite(fd, direct, direct.remaining(), offset);
            if (count >= 0) {
                direct.position(direct.position() + (int) count);
                return (int) count;
            }
            int errno = lastError();
            if (errno != Errno.EINTR) {
                return -errno;
            }
        }
    }

    /** A process begins to be started: until {@link #spawned} it has copies of all descriptors. Any thread. */
    void spawning() {
        spawning.incrementAndGet();
    }

    /** It has given up its copies. */
    void spawned() {
        spawning.decrementAndGet();
    }

    /**
     * Whether a process that is being started may hold a copy of a descriptor, so that closing it is not the end of what it
     * stands for. One that is started a moment later may, too: but then for the time of one start only, and nothing is lost.
     */
    boolean copiesExist() {
        return spawning.get() > 0;
    }

    /** Closes a connection so that its peer sees the end at once, also while a process is being started. */
    public void closeConnection(int fd) {
        if (copiesExist()) {
            shutdownWrite(fd);
        }
        close(fd);
    }

    /** Closes; an error is no news to anybody, and after EINTR the descriptor is gone all the same. */
    public void close(int fd) {
        libc.close(fd);
    }

    /** A pipe, both ends blocking and close-on-exec: {@code [read end, write end]}. */
    public int[] pipe() throws SyscallException {
        NativeMemory memory = scratch();
        if (libc.pipe2(memory.address(), O_CLOEXEC) < 0) {
            throw failed("pipe2", "");
        }
        return new int[] {memory.buffer().getInt(0), memory.buffer().getInt(4)};
    }

    /** Makes a pipe's end or a socket non-blocking; clears O_APPEND and O_ASYNC, which neither has. */
    public void nonBlocking(int fd) throws SyscallException {
        if (libc.fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
            throw failed("fcntl", "descriptor " + fd);
        }
    }

    /** Makes a socket wait in calls like accept(2), also for whoever has a copy of it. */
    public void blocking(int fd) throws SyscallException {
        if (libc.fcntl(fd, F_SETFL, 0) < 0) {
            throw failed("fcntl", "descriptor " + fd);
        }
    }

    /** Whether reading from it, or accepting on it, would not wait. */
    public boolean isReadable(int fd) {
        NativeMemory pollfd = scratch();
        pollfd.buffer().putInt(0, fd).putInt(4, EventLoop.IN);
        return libc.poll(pollfd.address(), 1, 0) > 0;
    }

    public void closeOnExec(int fd) throws SyscallException {
        int flags = libc.fcntl(fd, F_GETFD, 0);
        if (flags < 0 || libc.fcntl(fd, F_SETFD, flags | FD_CLOEXEC) < 0) {
            throw failed("fcntl", "descriptor " + fd);
        }
    }

    /** Opens with close-on-exec: the descriptor or a negative error number. */
    public int openAt(int directory, String path, int flags) {
        while (true) {
            int fd = libc.openat(directory, cString(path), flags | O_CLOEXEC, 0600);
            if (fd >= 0) {
                return fd;
            }
            int errno = lastError();
            if (errno != Errno.EINTR) {
                return -errno;
            }
        }
    }

    /**
     * Opens a log file to append to it; it is made, mode 0640, where there is none. A symbolic link is refused, and so
     * is a named pipe that nobody reads; a full one makes {@link #write} fail and not wait.
     */
    public int openLog(String path) throws SyscallException {
        int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
        while (true) {
            int fd = libc.openat(AT_FDCWD, cString(path), flags, 0640);
            if (fd >= 0) {
                return fd;
            }
            if (lastError() != Errno.EINTR) {
                throw failed("open", path);
            }
        }
    }

    /** A file without a name in that folder, for reading and writing; it is gone when closed. */
    public int openUnnamed(String folder) throws SyscallException {
        int fd = openAt(AT_FDCWD, folder, O_TMPFILE | O_RDWR);
        if (fd < 0) {
            throw new SyscallException("open O_TMPFILE in", folder, -fd);
        }
        return fd;
    }

    /** The status of an open descriptor, O_PATH ones included. */
    public FileStatus status(int fd) throws SyscallException {
        return statx(fd, "", AT_EMPTY_PATH);
    }

    /** The status of a path; a symbolic link is told of itself. */
    public FileStatus statusOfPath(String path) throws SyscallException {
        return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
    }

    private FileStatus statx(int fd, String path, int flags) throws SyscallException {
        NativeMemory memory = scratch();
        if (libc.statx(fd, cString(path), flags, STATX_BASIC_STATS, memory.address()) < 0) {
            throw failed("statx", path.isEmpty() ? "descriptor " + fd : path);
        }
        return FileStatus.of(memory.buffer());
    }

    /** Where a symbolic link, open as O_PATH, points. */
    public String readLink(int fd) throws SyscallException {
        byte[] target = new byte[PATH_MAX];
        long length = libc.readlinkat(fd, cString(""), target, target.length);
        if (length < 0) {
            throw failed("readlinkat", "descriptor " + fd);
        }
        return new String(target, 0, (int) length, StandardCharsets.ISO_8859_1);
    }

    /** Whether the daemon's own effective user may execute that file: 0 or a negative error number. */
    public int mayExecute(int directory, String name) {
        return libc.faccessat(directory, cString(name), X_OK, AT_EACCESS) == 0 ? 0 : -lastError();
    }

    /** Whether the daemon's own effective user may read that file: 0 or a negative error number. */
    public int mayRead(int directory, String name) {
        return libc.faccessat(directory, cString(name), R_OK, AT_EACCESS) == 0 ? 0 : -lastError();
    }

    /** The path with every symbolic link resolved. */
    public String realPath(String path) throws SyscallException {
        byte[] resolved = new byte[PATH_MAX + 1];
        if (libc.realpath(cString(path), resolved) == 0) {
            throw failed("realpath", path);
        }
        return fromCString(resolved);
    }

    /** Nobody can connect to a listening socket any more, and whoever waits in accept(2) on a copy of it gets an error. */
    public void shutdownListener(int fd) {
        libc.shutdown(fd, SHUT_RDWR);
    }

    public void shutdownWrite(int fd) {
        libc.shutdown(fd, SHUT_WR);
    }

    /** The coming close of a TCP socket shall be a reset (socket(7), SO_LINGER), which nobody takes for an end. */
    public void resetOnClose(int socket) {
        NativeMemory memory = scratch();
        memory.buffer().putInt(0, 1).putInt(4, 0);
        libc.setsockopt(socket, SOL_SOCKET, SO_LINGER, memory.address(), 8);
    }

    /** Whether a descriptor is a terminal. */
    public boolean isTerminal(int fd) {
        return libc.isatty(fd) == 1;
    }

    public int effectiveUser() {
        return libc.geteuid();
    }

    public int effectiveGroup() {
        return libc.getegid();
    }

    /** The calling thread's nice value, -20 to 19. */
    public int nice() {
        return libc.getpriority(0, 0);
    }

    public int pid() {
        return libc.getpid();
    }

    /**
     * Gives native memory that is free but kept back to the system; the JVM's compiler leaves tens of megabytes behind.
     * Takes milliseconds: for launch threads. Does nothing where the C library has no such call.
     */
    public void trimNativeMemory() {
        try {
            libc.malloc_trim(0);
        } catch (UnsatisfiedLinkError e) {
            // Not glibc; musl gives memory back by itself.
            return;
        }
    }

    SyscallException failed(String call, String subject) {
        return new SyscallException(call, subject, lastError());
    }

    static byte[] cString(String path) {
        if (path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a path with a NUL must have been refused before");
        }
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    static String fromCString(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
