package org.cgifpm.daemon.supervisor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.CheckName;
import org.cgifpm.daemon.supervisor.checks.Finding;
import org.cgifpm.daemon.supervisor.checks.Link;
import org.jspecify.annotations.Nullable;

/**
 * Finds the script that a request names, from {@code root} component by component on open descriptors, and with it the
 * border between the script and PATH_INFO: the first component that is no folder is the script.
 *
 * <p>Symbolic links are resolved by hand, at most {@link #MAX_LINKS}, and may lead out of root and in again; whether the
 * script's folder is root's inode or was reached through it is noted for the checks, as is every folder and link on the
 * way. Nothing here compares names to decide what is inside. One walk for each object; on launch threads, because a file system may hang.
 */
final class ScriptWalk {
    static final int MAX_LINKS = 40;
    private static final int MAX_PATH = 4096;
    /** Components of the path and of all links' targets; more than any path of {@link #MAX_PATH} bytes has. */
    private static final int MAX_STEPS = 4096;

    private int steps;
    private final Syscalls syscalls;
    private final ScriptRoot root;
    private final String path;
    /** What of links' targets is still to be walked. */
    private final ArrayDeque<Step> linkSteps = new ArrayDeque<>();

    private final List<Link> links = new ArrayList<>();

    /**
     * A component of a link's target, or behind the last of them the end of that link.
     *
     * @param ends the place in {@link #links} of the link that ends here, -1 for a component
     */
    private record Step(String part, int ends) {}

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
        refuseWhatCannotBeWalked();
        int start = root.lengthOfPrefix(path);
        if (start < 0) {
            throw refused(CheckName.INSIDE_ROOT, "SCRIPT_FILENAME is not below " + root.path());
        }
        try (DirectoryStack folders = new DirectoryStack(syscalls)) {
            beginAtRoot(folders);
            return walk(folders, start);
        } catch (SyscallException e) {
            throw failed(e.errno(), e.getMessage() == null ? "" : e.getMessage());
        }
    }

    /** A root that cannot be opened is no fault of the request's. */
    private void beginAtRoot(DirectoryStack folders) throws RefusedException {
        try {
            folders.beginAtRoot(root.path());
        } catch (SyscallException e) {
            throw refused(isShortage(e.errno()) ? 503 : 500, "root: " + e.getMessage());
        }
    }

    private static boolean isShortage(int errno) {
        return errno == Errno.EMFILE || errno == Errno.ENFILE || errno == Errno.ENOMEM;
    }

    private void refuseWhatCannotBeWalked() throws RefusedException {
        if (path.length() > MAX_PATH) {
            throw new RefusedException(404, path.substring(0, 256), "path of " + path.length() + " bytes");
        }
        if (path.indexOf('\0') >= 0) {
            throw refused(CheckName.CONTROL_CHARACTERS, "byte 0 at position " + path.indexOf('\0'));
        }
    }

    private FoundScript walk(DirectoryStack folders, int start) throws RefusedException, SyscallException {
        int at = start;
        while (true) {
            Step step = linkSteps.poll();
            String part;
            if (step != null && step.ends() >= 0) {
                leadsTo(step.ends(), folders.folder().status());
                continue;
            } else if (step != null) {
                part = step.part();
            } else if (at >= path.length()) {
                throw refused(CheckName.REGULAR_FILE, "it is a directory");
            } else {
                int slash = path.indexOf('/', at);
                int end = slash < 0 ? path.length() : slash;
                part = path.substring(at, end);
                at = end == path.length() ? end : end + 1;
                if (part.equals("..")) {
                    throw refused(CheckName.INSIDE_ROOT, "\"..\" in SCRIPT_FILENAME");
                }
            }
            FoundScript script = step(folders, part, at);
            if (script != null) {
                return script;
            }
        }
    }

    private @Nullable FoundScript step(DirectoryStack folders, String part, int next)
            throws RefusedException, SyscallException {
        if (part.isEmpty() || part.equals(".")) {
            return null;
        }
        if (++steps > MAX_STEPS || folders.folder().path().length() > MAX_PATH) {
            // Links in folders without end would fill the daemon's memory.
            throw refused(CheckName.SYMLINKS, "they lead through more than the kernel itself would follow");
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
                folders.enter(fd, status, part);
                kept = true;
                return null;
            }
            if (status.isSymbolicLink()) {
                follow(folders, new Link(folders.folder().pathOf(part), status.uid(), -1), syscalls.readLink(fd));
                return null;
            }
            return found(folders, part, status, next);
        } finally {
            if (!kept) {
                syscalls.close(fd);
            }
        }
    }

    private void follow(DirectoryStack folders, Link link, String target) throws RefusedException, SyscallException {
        if (links.size() == MAX_LINKS) {
            throw refused(CheckName.SYMLINKS, "more than " + MAX_LINKS);
        }
        links.add(link);
        linkSteps.push(new Step("", links.size() - 1));
        List<String> parts = List.of(target.split("/", -1));
        for (int i = parts.size() - 1; i >= 0; i--) {
            linkSteps.push(new Step(parts.get(i), -1));
        }
        if (target.startsWith("/")) {
            folders.beginAtTheTop();
        }
    }

    private void leadsTo(int link, FileStatus target) {
        links.set(link, links.get(link).leadingTo(target.uid()));
    }

    private FoundScript found(DirectoryStack folders, String name, FileStatus status, int next)
            throws RefusedException {
        for (Step step : linkSteps) {
            if (step.ends() < 0) {
                throw refused(404, "a symbolic link goes through " + name + ", which is " + status.kind());
            }
            leadsTo(step.ends(), status);
        }
        int end = next == path.length() && path.charAt(next - 1) != '/' ? next : next - 1;
        return new FoundScript(
                folders.takeTop(),
                folders.folder(),
                name,
                status,
                path.substring(0, end),
                path.substring(end),
                folders.passed(),
                links);
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

    private RefusedException refused(CheckName check, String why) {
        return new RefusedException(403, path, Finding.nameOf(check) + ": " + why, Finding.nameOf(check));
    }

    private RefusedException refused(int status, String why) {
        return new RefusedException(status, path, why);
    }
}
