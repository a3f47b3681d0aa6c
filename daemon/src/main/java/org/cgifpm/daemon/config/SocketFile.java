package org.cgifpm.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What lies where a socket shall be made. Any thread. */
public final class SocketFile {
    /** S_IFMT and S_IFSOCK of inode(7). */
    private static final int TYPE_BITS = 0170000;

    private static final int SOCKET_TYPE = 0140000;

    private SocketFile() {}

    /**
     * Whether something lies there that is no socket, so that none can be made: a dead socket is replaced, but a file, a
     * pipe, a device or a symbolic link is somebody's. False where nobody can tell.
     */
    public static boolean isTaken(Path path) {
        try {
            int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return (mode & TYPE_BITS) != SOCKET_TYPE;
        } catch (IOException e) {
            return false; // there is nothing, or whoever binds will be told why not
        }
    }
}
