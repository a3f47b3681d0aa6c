package org.cgifpm.daemon.supervisor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.supervisor.checks.Folder;
import org.jspecify.annotations.Nullable;

/**
 * The folders that a walk has gone through, the current one on top and only that one open: however deep a user builds,
 * a walk needs two descriptors. On launch threads; close it, or take the top.
 */
final class DirectoryStack implements AutoCloseable {
    private static final int NONE = -1;

    private final Syscalls syscalls;
    private final ArrayDeque<Folder> chain = new ArrayDeque<>();
    private final Set<Folder> passedInside = new LinkedHashSet<>();
    private @Nullable FileStatus root;
    private int top = NONE;

    DirectoryStack(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    int top() {
        return top;
    }

    /** The folder on top. */
    Folder folder() {
        return chain.element();
    }

    /** Every folder inside of root that the walk has come through, and if it has ended outside, those that led there. */
    List<Folder> passed() {
        List<Folder> all = new ArrayList<>(passedInside);
        if (!folder().inside()) {
            for (Iterator<Folder> down = chain.descendingIterator(); down.hasNext(); ) {
                all.add(down.next());
            }
        }
        return all;
    }

    /** Begins at the pool's root. */
    void beginAtRoot(String path) throws SyscallException {
        int fd = open(Syscalls.AT_FDCWD, path);
        FileStatus status = statusOrClose(fd);
        root = status;
        push(fd, new Folder(status, path, true));
    }

    /** Begins again at the root of the file system. */
    void beginAtTheTop() throws SyscallException {
        int fd = open(Syscalls.AT_FDCWD, "/");
        FileStatus status = statusOrClose(fd);
        chain.clear();
        push(fd, new Folder(status, "/", status.sameFile(rootStatus())));
    }

    /** Goes down into an open folder, which is this stack's to close from now on. */
    void enter(int fd, FileStatus status, String name) {
        Folder parent = folder();
        push(fd, new Folder(status, parent.pathOf(name), parent.inside() || status.sameFile(rootStatus())));
    }

    /**
     * Goes up one folder, also above the one where the walk began. If that is not the folder it came from, because
     * somebody has moved the lower one meanwhile, what was passed before counts no more.
     */
    void up() throws SyscallException {
        int parent = open(top, "..");
        FileStatus status = statusOrClose(parent);
        Folder left = chain.pop();
        Folder before = chain.poll();
        if (before != null && before.status().sameFile(status)) {
            push(parent, new Folder(status, before.path(), before.inside()));
        } else {
            chain.clear();
            push(parent, new Folder(status, left.pathOf(".."), status.sameFile(rootStatus())));
        }
    }

    private void push(int fd, Folder folder) {
        close();
        top = fd;
        chain.push(folder);
        if (folder.inside()) {
            passedInside.add(folder);
        }
    }

    private FileStatus rootStatus() {
        if (root == null) {
            throw new IllegalStateException("a walk begins at root");
        }
        return root;
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
