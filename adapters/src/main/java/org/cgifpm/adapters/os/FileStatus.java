package org.cgifpm.adapters.os;

import java.nio.ByteBuffer;

/**
 * What the file system says of one file, as statx(2) tells it (its structure is the same on every architecture).
 *
 * @param mode type and permission bits, as in inode(7)
 * @param device major number shifted by 32, or'ed with the minor one
 * @param modifiedNanos when its contents were changed last, nanoseconds since 1970; wraps for times that are far off,
 *     which owners may set as they like
 * @param changedNanos when its contents or anything else of it was changed last, likewise, which nobody sets
 */
public record FileStatus(
        int mode, int uid, int gid, long device, long inode, long size, long modifiedNanos, long changedNanos) {
    static final int STATX_SIZE = 256;
    private static final int TYPE = 0170000;
    private static final long SECOND = 1_000_000_000L;

    static FileStatus of(ByteBuffer statx) {
        return new FileStatus(
                Short.toUnsignedInt(statx.getShort(28)),
                statx.getInt(20),
                statx.getInt(24),
                ((long) statx.getInt(136) << 32) | Integer.toUnsignedLong(statx.getInt(140)),
                statx.getLong(32),
                statx.getLong(40),
                statx.getLong(112) * SECOND + Integer.toUnsignedLong(statx.getInt(120)),
                statx.getLong(96) * SECOND + Integer.toUnsignedLong(statx.getInt(104)));
    }

    public boolean isRegular() {
        return (mode & TYPE) == 0100000;
    }

    public boolean isDirectory() {
        return (mode & TYPE) == 0040000;
    }

    public boolean isSymbolicLink() {
        return (mode & TYPE) == 0120000;
    }

    public boolean isSocket() {
        return (mode & TYPE) == 0140000;
    }

    public int permissions() {
        return mode & 07777;
    }

    public boolean sameFile(FileStatus other) {
        return device == other.device && inode == other.inode;
    }

    /** What it is, for people. */
    public String kind() {
        return switch (mode & TYPE) {
            case 0100000 -> "a regular file";
            case 0040000 -> "a directory";
            case 0120000 -> "a symbolic link";
            case 0140000 -> "a socket";
            case 0010000 -> "a FIFO";
            case 0020000 -> "a character device";
            case 0060000 -> "a block device";
            default -> "of an unknown kind";
        };
    }
}
