package org.cgifpm.adapters.os;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the daemon's own for the sockets of its workers. Nobody else can enter it, so nobody else can connect to a
 * worker; what a daemon that was killed has left is cleared away by the next.
 *
 * <p>Made with the first socket. Blocks; any thread but the loop's, except for {@link #close(Listener)} and {@link
 * #connect}.
 */
public final class SocketFolder {
    private static final String NAME = "workers-";
    private static final int BACKLOG = 128;

    /**
     * A socket that a worker accepts on.
     *
     * @param fd listens; its copy is the worker's standard input
     */
    public record Listener(int fd, String path) {}

    private final Syscalls syscalls;
    private final Sockets sockets;
    private final Path parent;
    private @Nullable Path folder;
    private int descriptor = -1;
    private int made;

    /** @param parent where the folder is made; where that cannot be, it is made where temporary files are */
    public SocketFolder(Syscalls syscalls, Sockets sockets, String parent) {
        this.syscalls = syscalls;
        this.sockets = sockets;
        this.parent = Path.of(parent);
    }

    /** A new socket. */
    public synchronized Listener open() throws SyscallException {
        if (descriptor < 0) {
            make();
        }
        // By the folder's descriptor: its path may be longer than a socket's address can be.
        String path = "/proc/self/fd/" + descriptor + "/" + ++made + ".sock";
        return new Listener(sockets.listenForAnother(path, BACKLOG), path);
    }

    /** A connection to it that does not wait. */
    public int connect(Listener listener) throws SyscallException {
        return sockets.connectUnix(listener.path());
    }

    /** Whether somebody who connected to it has not been accepted yet. */
    public boolean waitsToBeAccepted(Listener listener) {
        return syscalls.isReadable(listener.fd());
    }

    /** Nobody needs the socket any more. */
    public void close(Listener listener) {
        syscalls.close(listener.fd());
        sockets.unlink(listener.path());
    }

    private void make() throws SyscallException {
        Path there;
        try {
            there = makeIn(parent);
        } catch (IOException e) {
            there = elsewhere(e);
        }
        int opened = syscalls.openAt(
                Syscalls.AT_FDCWD, there.toString(), Syscalls.O_PATH | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW);
        if (opened < 0) {
            throw new SyscallException("open", there.toString(), -opened);
        }
        folder = there;
        descriptor = opened;
    }

    private Path makeIn(Path where) throws IOException {
        Files.createDirectories(where);
        clearLeftovers(where);
        Path wanted = where.resolve(NAME + syscalls.pid());
        // In a container every daemon may have the same number.
        clear(wanted);
        return Files.createDirectory(
                wanted, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static Path elsewhere(IOException first) throws SyscallException {
        try {
            return Files.createTempDirectory("cgi-fpm-" + NAME);
        } catch (IOException e) {
            throw new SyscallException(
                    "no folder for the sockets of workers: " + first.getMessage() + "; " + e.getMessage(),
                    "",
                    Errno.EACCES);
        }
    }

    private static void clearLeftovers(Path where) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(where, NAME + "*")) {
            for (Path entry : entries) {
                String pid = entry.getFileName().toString().substring(NAME.length());
                if (pid.matches("[0-9]+") && !Files.exists(Path.of("/proc", pid))) {
                    clear(entry);
                }
            }
        }
    }

    private static void clear(Path dead) {
        if (!Files.isDirectory(dead, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dead, "*.sock")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(dead);
        } catch (IOException e) {
            return; // somebody else's, or in use: then it is not ours to clear
        }
    }

    /** The daemon ends: removes the folder. */
    public synchronized void remove() {
        if (descriptor >= 0) {
            syscalls.close(descriptor);
            descriptor = -1;
        }
        if (folder != null) {
            clear(folder);
            folder = null;
        }
    }
}
