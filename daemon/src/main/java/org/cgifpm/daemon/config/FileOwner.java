package org.cgifpm.daemon.config;

/**
 * Whom a file belongs to, and what is allowed to whom.
 *
 * @param uid as the kernel has it, unsigned
 * @param gid likewise
 * @param mode type and permission bits, as in inode(7)
 */
record FileOwner(int uid, int gid, int mode) {
    private static final int TYPE = 0170000;

    boolean isFolder() {
        return (mode & TYPE) == 0040000;
    }

    boolean isLink() {
        return (mode & TYPE) == 0120000;
    }

    boolean isSocket() {
        return (mode & TYPE) == 0140000;
    }

    /** Whether the mode lets more than the owner write; that of a link means nothing. */
    boolean isShared() {
        return !isLink() && (mode & 022) != 0;
    }

    /** Whether in this folder each may rename and remove only what is his. */
    boolean isSticky() {
        return (mode & 01000) != 0;
    }
}
