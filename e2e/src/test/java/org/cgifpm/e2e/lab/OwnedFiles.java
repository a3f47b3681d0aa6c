package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Makes files, folders and links of other users, with any mode; only root can. */
public final class OwnedFiles {
    private OwnedFiles() {}

    /** A script of that text; folders above it that are missing are root's, mode 755. */
    public static Path script(Path file, String text, int mode, int uid, int gid) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return own(file, mode, uid, gid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path folder(Path folder, int mode, int uid, int gid) {
        try {
            Files.createDirectories(folder);
            return own(folder, mode, uid, gid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives what is there to that user; the mode last, because chown(2) takes setuid bits away. */
    public static Path own(Path path, int mode, int uid, int gid) throws IOException {
        Files.setAttribute(path, "unix:uid", uid);
        Files.setAttribute(path, "unix:gid", gid);
        Files.setAttribute(path, "unix:mode", mode);
        return path;
    }

    public static void link(Path link, String target, int uid) {
        try {
            Files.createSymbolicLink(link, Path.of(target));
            Files.setAttribute(link, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
