package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;

/**
 * A pool's root, as configured and with its symbolic links resolved: front ends name scripts either way. Launch
 * threads.
 */
final class ScriptRoot {
    private final Syscalls syscalls;
    private final String path;
    private volatile String canonical;

    /** @param path absolute, ISO-8859-1, without a slash at its end unless it is all there is */
    ScriptRoot(Syscalls syscalls, String path) {
        this.syscalls = syscalls;
        this.path = path;
        this.canonical = path;
    }

    String path() {
        return path;
    }

    /** How many bytes of {@code file} name this root and the slash behind it; -1 if it is not below. */
    int lengthOfPrefix(String file) {
        int length = prefix(path, file);
        if (length < 0) {
            length = prefix(canonical, file);
        }
        if (length < 0) {
            // A link in root's path may have been turned since: that is how many sites are put live.
            try {
                canonical = syscalls.realPath(path);
            } catch (SyscallException e) {
                return -1;
            }
            length = prefix(canonical, file);
        }
        return length;
    }

    private static int prefix(String root, String file) {
        if (root.equals("/")) {
            return file.startsWith("/") ? 1 : -1;
        }
        boolean below = file.length() > root.length() && file.startsWith(root) && file.charAt(root.length()) == '/';
        return below ? root.length() + 1 : file.equals(root) ? root.length() : -1;
    }
}
