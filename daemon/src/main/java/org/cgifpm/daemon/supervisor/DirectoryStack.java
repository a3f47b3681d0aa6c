package org.cgifpm.daemon.supervisor;

import java.util.ArrayDeque;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;

/**
 * The folders that a walk has gone through, open, the current one on top. On launch threads; close it, or take the top.
 */
final class DirectoryStack implements AutoCloseable {
    private record Folder(int fd, FileStatus status) {}

    private final Syscalls syscalls;
    private final ArrayDeque<Folder> folders = new ArrayDeque<>();

    DirectoryStack(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    int top() {
        return folders.element().fd();
    }

    /** Goes down into an open folder, which is this stack's to close from now on. */
    void enter(int fd, FileStatus status) {
        folders.push(new Folder(fd, status));
    }

    /** Begins again at {@code path}. */
    void beginAt(String path) throws SyscallException {
        int fd = open(Syscalls.AT_FDCWD, path);
        close();
        enter(fd, statusOrClose(fd));
    }

    /** Goes up one folder, also above the one where the walk began. */
    void up() throws SyscallException {
        if (folders.size() > 1) {
            syscalls.close(folders.pop().fd());
            return;
        }
        int parent = open(top(), "..");
        close();
        enter(parent, statusOrClose(parent));
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
        return folders.element().status();
    }

    /** Whether the walk has come through that folder: the same inode, whatever it is called. */
    boolean isBelow(FileStatus folder) {
        return folders.stream().anyMatch(passed -> passed.status().sameFile(folder));
    }

    /** The top folder's descriptor, which is the caller's to close from now on. */
    int takeTop() {
        return folders.pop().fd();
    }

    @Override
    public void close() {
        folders.forEach(folder -> syscalls.close(folder.fd()));
        folders.clear();
    }
}
