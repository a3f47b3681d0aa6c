package org.cgifpm.daemon.supervisor;

import java.util.ArrayDeque;
import java.util.List;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;

/**
 * Finds the script that a request names, from {@code root} component by component on open descriptors, and with it the
 * border between the script and PATH_INFO: the first component that is no folder is the script.
 *
 * <p>Symbolic links are resolved by hand, at most {@link #MAX_LINKS}, and may lead out of root and in again; what counts
 * is that the script's folder is root's inode or was reached through it. Nothing here compares names to decide what is
 * inside. One walk for each object; on launch threads, because a file system may hang.
 */
final class ScriptWalk {
    static final int MAX_LINKS = 40;
    private static final int MAX_PATH = 4096;

    private final Syscalls syscalls;
    private final ScriptRoot root;
    private final String path;
    /** What of a link's target is still to be walked. */
    private final ArrayDeque<String> linkParts = new ArrayDeque<>();

    private int links;

    /** @param path the request's SCRIPT_FILENAME, ISO-8859-1 */
    ScriptWalk(Syscalls syscalls, ScriptRoot root, String path) {
        this.syscalls = syscalls;
        this.root = root;
        this.path = path;
    }

    /**
     * The script, its folder open.
     *
     * @throws RefusedException 404 where there is nothing, 403 where what is there must not be reached
     */
    FoundScript find() throws RefusedException {
        refuseOddBytes();
        int start = root.lengthOfPrefix(path);
        if (start < 0) {
            throw refused(403, "inside root: SCRIPT_FILENAME is not below " + root.path());
        }
        try (DirectoryStack folders = new DirectoryStack(syscalls)) {
            beginAtRoot(folders);
            return walk(folders, folders.topStatus(), start);
        } catch (SyscallException e) {
            throw failed(e.errno(), e.getMessage() == null ? "" : e.getMessage());
        }
    }

    /** A root that cannot be opened is no fault of the request's. */
    private void beginAtRoot(DirectoryStack folders) throws RefusedException {
        try {
            folders.beginAt(root.path());
        } catch (SyscallException e) {
            throw refused(isShortage(e.errno()) ? 503 : 500, "root: " + e.getMessage());
        }
    }

    private static boolean isShortage(int errno) {
        return errno == Errno.EMFILE || errno == Errno.ENFILE || errno == Errno.ENOMEM;
    }

    private void refuseOddBytes() throws RefusedException {
        if (path.length() > MAX_PATH) {
            throw new RefusedException(404, path.substring(0, 256), "path of " + path.length() + " bytes");
        }
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) < 0x20 || path.charAt(i) == 0x7f) {
                throw refused(403, "control characters: byte " + (int) path.charAt(i) + " at position " + i);
            }
        }
    }

    private FoundScript walk(DirectoryStack folders, FileStatus rootStatus, int start)
            throws RefusedException, SyscallException {
        int at = start;
        while (true) {
            String link = linkParts.poll();
            String part;
            if (link != null) {
                part = link;
            } else if (at >= path.length()) {
                throw refused(403, "regular file: it is a directory");
            } else {
                int slash = path.indexOf('/', at);
                int end = slash < 0 ? path.length() : slash;
                part = path.substring(at, end);
                at = end == path.length() ? end : end + 1;
                if (part.equals("..")) {
                    throw refused(403, "inside root: \"..\" in SCRIPT_FILENAME");
                }
            }
            FoundScript script = step(folders, rootStatus, part, at);
            if (script != null) {
                return script;
            }
        }
    }

    private @Nullable FoundScript step(DirectoryStack folders, FileStatus rootStatus, String part, int next)
            throws RefusedException, SyscallException {
        if (part.isEmpty() || part.equals(".")) {
            return null;
        }
        if (part.equals("..")) {
            folders.up();
            return null;
        }
        int fd = syscalls.openAt(folders.top(), part, Syscalls.O_PATH | Syscalls.O_NOFOLLOW);
        if (fd < 0) {
            throw failed(-fd, Errno.words(-fd));
        }
        boolean kept = false;
        try {
            FileStatus status = syscalls.status(fd);
            if (status.isDirectory()) {
                folders.enter(fd, status);
                kept = true;
                return null;
            }
            if (status.isSymbolicLink()) {
                follow(folders, syscalls.readLink(fd));
                return null;
            }
            return found(folders, rootStatus, part, status, next);
        } finally {
            if (!kept) {
                syscalls.close(fd);
            }
        }
    }

    private void follow(DirectoryStack folders, String target) throws RefusedException, SyscallException {
        if (++links > MAX_LINKS) {
            throw refused(403, "symbolic links: more than " + MAX_LINKS);
        }
        List<String> parts = List.of(target.split("/", -1));
        for (int i = parts.size() - 1; i >= 0; i--) {
            linkParts.push(parts.get(i));
        }
        if (target.startsWith("/")) {
            folders.beginAt("/");
        }
    }

    private FoundScript found(DirectoryStack folders, FileStatus rootStatus, String name, FileStatus status, int next)
            throws RefusedException {
        if (!linkParts.isEmpty()) {
            throw refused(404, "a symbolic link goes through " + name + ", which is " + status.kind());
        }
        if (!folders.isBelow(rootStatus)) {
            throw refused(403, "inside root: a symbolic link leads out of " + root.path());
        }
        int end = next == path.length() && path.charAt(next - 1) != '/' ? next : next - 1;
        return new FoundScript(folders.takeTop(), name, status, path.substring(0, end), path.substring(end));
    }

    private RefusedException failed(int errno, String words) {
        if (isShortage(errno)) {
            return refused(503, words);
        }
        return switch (errno) {
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ENAMETOOLONG -> refused(404, "it does not exist");
            case Errno.EACCES -> refused(403, "the daemon may not look there: " + words);
            default -> refused(500, words);
        };
    }

    private RefusedException refused(int status, String why) {
        return new RefusedException(status, path, why);
    }
}
