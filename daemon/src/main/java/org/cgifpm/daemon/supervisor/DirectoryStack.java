package org.cgifpm.daemon.supervisor;

import java.util.ArrayDeque;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;

/**
 * The folders that a walk has gone through, the current one on top and only that one open: however deep a user builds,
 * a walk needs two descriptors. On launch threads; close it, or take the top.
 */
final class DirectoryStack implements AutoCloseable {
    private static final int NONE = -1;

    private final Syscalls syscalls;
    private final ArrayDeque<FileStatus> folders = new ArrayDeque<>();
    private int top = NONE;

    DirectoryStack(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    int top() {
        return top;
    }

    /** Goes down into an open folder, which is this stack's to close from now on. */
    void enter(int fd, FileStatus status) {
        close();
        top = fd;
        folders.push(status);
    }

    /** Begins again at {@code path}. */
    void beginAt(String path) throws SyscallException {
        int fd = open(Syscalls.AT_FDCWD, path);
        FileStatus status = statusOrClose(fd);
        folders.clear();
        enter(fd, status);
    }

    /**
     * Goes up one folder, also above the one where the walk began. If that is not the folder it came from, because
     * somebody has moved the lower one meanwhile, what was passed before counts no more.
     */
    void up() throws SyscallException {
        int parent = open(top, "..");
        FileStatus status = statusOrClose(parent);
        folders.pop();
        FileStatus before = folders.poll();
        if (before == null || !before.sameFile(status)) {
            folders.clear();
        }
        enter(parent, status);
    }

    private int open(int directory, String path) throws SyscallException {
        int fd = syscalls.openAt(directory, path, Syscalls.O_PATH | Syscalls.O_DIRECTORY);
        if (fd < 0) {
            throw new SyscallException("open", path, -fd);
        }
        return fd;
    }

    private FileStatus statusOrClose(int fd) throws SyscallException {
        try {
            return syscalls.status(fd);
        } catch (SyscallException e) {
            syscalls.close(fd);
            throw e;
        }
    }

    FileStatus topStatus() {
        return folders.element();
    }

    /** Whether the walk has come through that folder: the same inode, whatever it is called. */
    boolean isBelow(FileStatus folder) {
        return folders.stream().anyMatch(passed -> passed.sameFile(folder));
    }

    /** The top folder's descriptor, which is the caller's to close from now on. */
    int takeTop() {
        int taken = top;
        top = NONE;
        return taken;
    }

    @Override
    public void close() {
        if (top != NONE) {
            syscalls.close(top);
            top = NONE;
        }
    }
}
