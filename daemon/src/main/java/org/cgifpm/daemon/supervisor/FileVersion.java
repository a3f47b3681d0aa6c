package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;

/** Tells one state of a file from another, without reading it. Launch threads. */
final class FileVersion {
    private FileVersion() {}

    /**
     * Which file it is that a path leads to, and when it was written last; "" where there is none, as for a moment while
     * a new one is put in its place.
     */
    static String of(Syscalls syscalls, String path) {
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, path, Syscalls.O_PATH);
        if (fd < 0) {
            return "";
        }
        try {
            FileStatus file = syscalls.status(fd);
            return file.device() + ":" + file.inode() + ":" + file.size() + ":" + file.modifiedNanos();
        } catch (SyscallException e) {
            return ""; // as above: a file system that was taken away
        } finally {
            syscalls.close(fd);
        }
    }
}
