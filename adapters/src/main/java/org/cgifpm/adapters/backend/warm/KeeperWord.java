package org.cgifpm.adapters.backend.warm;

import java.util.List;
import org.cgifpm.adapters.os.ExitStatus;

/** One line that a keeper says. It runs as the user whose scripts it forks, so any of it may be a lie. */
sealed interface KeeperWord {
    /** It has imported what it shall and forks from now on; the interpreter's version. */
    record Ready(String version) implements KeeperWord {}

    /** It cannot do its work, and ends. */
    record Failed(String why) implements KeeperWord {}

    /** What it has beyond a fresh interpreter. */
    record Modules(List<String> names) implements KeeperWord {
        public Modules {
            names = List.copyOf(names);
        }
    }

    /** A request has a process. */
    record Forked(long request, int pid) implements KeeperWord {}

    /**
     * That process has ended.
     *
     * @param left whether others of its group live
     */
    record Ended(long request, int pid, ExitStatus status, boolean left) implements KeeperWord {}

    /** The last of a request's group has ended. */
    record Gone(long request) implements KeeperWord {}

    /** The kernel had no room for a process. */
    record Busy(long request, int errno) implements KeeperWord {}

    /** A process executes its script instead of running it. */
    record Cold(long request, String why) implements KeeperWord {}

    /** A script imports modules that could have been there before it. */
    record Lacks(List<String> modules, String script) implements KeeperWord {
        public Lacks {
            modules = List.copyOf(modules);
        }
    }

    /** The file of a module that is there has changed. */
    record Stale(String module) implements KeeperWord {}
}
