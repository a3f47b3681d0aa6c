package org.cgifpm.daemon.supervisor;

import org.jspecify.annotations.Nullable;

/**
 * What a request counts for beside its pool, from the moment it asks for a place until it has given it back.
 *
 * @param uid the user it will run as; above 2<sup>31</sup> - 1 it looks negative here
 * @param script the file it will run; null where nobody counts by script
 */
public record Claim(int uid, @Nullable ScriptFile script) {
    /** A file, whatever it is called. */
    public record ScriptFile(long device, long inode) {}
}
