package org.cgifpm.adapters.os;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A file of ours that interpreters of any user read by its descriptor: it has no name, so it needs no folder that all of
 * them can reach, and nobody can put another in its place. Blocks; before the loop runs.
 */
public final class ResourceFile {
    private static final String FOLDER = System.getProperty("java.io.tmpdir", "/tmp");
    private static final int READ_BY_ALL = 0444;

    private ResourceFile() {}

    /**
     * Opens a resource that lies beside that class.
     *
     * @return a descriptor that can only be read from, and be opened again by its number for reading alone
     */
    public static int open(Syscalls syscalls, Class<?> beside, String name) throws SyscallException {
        int writable = syscalls.openUnnamed(FOLDER);
        try {
            write(syscalls, writable, bytes(beside, name));
            String path = "/proc/self/fd/" + writable;
            if (syscalls.libc().chmod(Syscalls.cString(path), READ_BY_ALL) < 0) {
                throw syscalls.failed("chmod", path);
            }
            // Another open file: through the first one, its owner's programs could write.
            int readable = syscalls.openAt(Syscalls.AT_FDCWD, path, Syscalls.O_RDONLY);
            if (readable < 0) {
                throw new SyscallException("open", path, -readable);
            }
            return readable;
        } finally {
            syscalls.close(writable);
        }
    }

    private static byte[] bytes(Class<?> beside, String name) throws SyscallException {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new SyscallException("resource", name, Errno.ENOENT);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new SyscallException("read resource", name, Errno.EIO);
        }
    }

    private static void write(Syscalls syscalls, int fd, byte[] bytes) throws SyscallException {
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        while (direct.hasRemaining()) {
            int count = syscalls.write(fd, direct);
            if (count < 0) {
                throw new SyscallException("write", "a file without a name in " + FOLDER, -count);
            }
        }
    }
}
