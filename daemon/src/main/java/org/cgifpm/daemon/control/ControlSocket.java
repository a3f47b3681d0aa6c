package org.cgifpm.daemon.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.ByteText;

/**
 * The control socket's file: while it is open, no second daemon can be started with it. Open it before anything else
 * that another daemon might have, and close it last.
 */
public final class ControlSocket {
    private static final int MODE = 0600;
    private static final int BACKLOG = 256;

    private final Syscalls syscalls;
    private final Sockets sockets;
    private final String path;
    private final int fd;
    private final FileStatus made;

    private ControlSocket(Syscalls syscalls, Sockets sockets, String path, int fd, FileStatus made) {
        this.syscalls = syscalls;
        this.sockets = sockets;
        this.path = path;
        this.fd = fd;
        this.made = made;
    }

    /**
     * Listens there; who connects waits until a {@link ControlServer} takes it. The folder is made, 0755, where only it is
     * missing. A socket that a dead daemon has left is replaced. May block.
     *
     * @param path bytes as ISO-8859-1
     * @throws SyscallException EADDRINUSE if another daemon listens there; the message names its process
     */
    public static ControlSocket open(Syscalls syscalls, Sockets sockets, String path) throws SyscallException {
        makeFolder(path);
        int fd;
        try {
            fd = sockets.listenUnix(path, -1, -1, MODE, BACKLOG);
        } catch (SyscallException e) {
            if (e.errno() == Errno.EADDRINUSE) {
                throw new SyscallException(
                        "another cgi-fpm is running" + holder(syscalls, sockets, path) + " and has the control socket "
                                + ByteText.toText(path),
                        e.errno());
            }
            throw new SyscallException("control socket: " + e.getMessage(), e.errno());
        }
        try {
            return new ControlSocket(syscalls, sockets, path, fd, syscalls.statusOfPath(path));
        } catch (SyscallException e) {
            syscalls.close(fd);
            throw e;
        }
    }

    /** The kernel remembers who made a socket listen, and tells it to whoever connects. */
    private static String holder(Syscalls syscalls, Sockets sockets, String path) {
        try {
            int fd = sockets.connectUnix(path);
            try {
                return " (pid " + sockets.credentials(fd).pid() + ")";
            } finally {
                syscalls.close(fd);
            }
        } catch (SyscallException e) {
            return ""; // its queue is full, or it has just ended
        }
    }

    private static void makeFolder(String path) throws SyscallException {
        Path folder = Path.of(ByteText.toText(path)).getParent();
        if (folder == null || Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.createDirectory(folder);
            // Whatever the umask is: only the socket itself is private.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new SyscallException(
                    "the folder " + folder + " of the control socket is not there and cannot be made; make it, or name"
                            + " another with control in [daemon]",
                    Errno.ENOENT);
        }
    }

    int fd() {
        return fd;
    }

    /** Nobody can connect any more, and the file is gone, unless it is another daemon's by now. */
    public void close() {
        sockets.unlinkOwn(path, made);
        syscalls.close(fd);
    }
}
