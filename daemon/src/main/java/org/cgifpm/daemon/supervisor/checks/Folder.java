package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.adapters.os.FileStatus;

/**
 * A folder that a walk to a script has come through.
 *
 * @param path how the walk got there, ISO-8859-1, for people
 * @param inside whether it is the pool's root, or was reached through it
 */
public record Folder(FileStatus status, String path, boolean inside) {
    /** The path of what is called {@code name} in here. */
    public String pathOf(String name) {
        return path.endsWith("/") ? path + name : path + "/" + name;
    }
}
