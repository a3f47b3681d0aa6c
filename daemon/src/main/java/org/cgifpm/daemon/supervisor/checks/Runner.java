package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.os.FileStatus;

/**
 * Whom a script would run as. What that user may do with a file is told from the file's mode bits, as the kernel does
 * it where there are no access control lists (path_resolution(7)).
 *
 * @param identity for {@link Kind#SELF} without groups, and with a made-up group for {@link Kind#NOBODY}
 */
public record Runner(Kind kind, Confinement.Identity identity) {
    private static final int READ = 4;
    private static final int EXECUTE = 1;

    /** How a pool came by it. */
    public enum Kind {
        /** The daemon's own user; nobody's identity is taken on. */
        SELF,
        /** The pool's user. */
        USER,
        /** The owner of the script. */
        OWNER,
        /** The owner of the script, whom the system does not know, or with a user or group number that is none (-1). */
        NOBODY
    }

    public boolean isSelf() {
        return kind == Kind.SELF;
    }

    /** Whether the pool's user differs from script to script. */
    public boolean isOwner() {
        return kind == Kind.OWNER || kind == Kind.NOBODY;
    }

    public int uid() {
        return identity.uid();
    }

    public int gid() {
        return identity.gid();
    }

    public boolean isIn(int group) {
        return identity.gid() == group || identity.groups().contains(group);
    }

    public boolean mayRead(FileStatus file) {
        return uid() == 0 || (bits(file) & READ) != 0;
    }

    public boolean mayExecute(FileStatus file) {
        return uid() == 0 ? (file.permissions() & 0111) != 0 : (bits(file) & EXECUTE) != 0;
    }

    public boolean maySearch(FileStatus folder) {
        return uid() == 0 || (bits(folder) & EXECUTE) != 0;
    }

    /** The three bits that count; an owner's own count also where the group's would give more. */
    private int bits(FileStatus file) {
        int shift = file.uid() == uid() ? 6 : isIn(file.gid()) ? 3 : 0;
        return file.permissions() >> shift & 7;
    }
}
