package org.cgifpm.adapters.os;

import java.nio.ByteBuffer;

/**
 * Sends bytes together with descriptors over a Unix socket (sendmsg(2), SCM_RIGHTS of unix(7)). Loop thread only.
 *
 * <p>The structures are those of the 64-bit Linux kernel, which glibc and musl pass on as they are.
 */
public final class DescriptorSender {
    /** As many bytes as go into one call; what is longer is written afterwards. */
    private static final int ROOM = 64 * 1024;

    public static final int MOST_DESCRIPTORS = 8;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** struct msghdr: 56 bytes; its pointers to the name, the vector and the control part are 8 bytes each. */
    private static final int VECTOR_POINTER = 16;

    private static final int VECTOR_COUNT = 24;
    private static final int CONTROL_POINTER = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int VECTOR = 64;
    private static final int CONTROL = 80;
    /** struct cmsghdr: a length of 8 bytes, level and type of 4. */
    private static final int CONTROL_HEAD = 16;

    private static final int DATA = 256;

    private final Syscalls syscalls;
    private final NativeMemory memory = new NativeMemory(DATA + ROOM);

    public DescriptorSender(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /**
     * Sends the descriptors and as many of the bytes as there is room for, and moves the position behind those.
     *
     * @param bytes at least one
     * @param descriptors 1 to {@value #MOST_DESCRIPTORS}; they stay open here
     * @return how many bytes went; then all descriptors did. Or a negative error number, EAGAIN where nothing went
     */
    public int send(int socket, ByteBuffer bytes, int... descriptors) {
        if (descriptors.length == 0 || descriptors.length > MOST_DESCRIPTORS) {
            throw new IllegalArgumentException(descriptors.length + " descriptors");
        }
        int length = Math.min(bytes.remaining(), ROOM);
        int controlLength = CONTROL_HEAD + 4 * descriptors.length;
        ByteBuffer at = memory.buffer();
        for (int i = 0; i < DATA; i += 8) {
            at.putLong(i, 0);
        }
        at.putLong(VECTOR_POINTER, memory.address() + VECTOR).putLong(VECTOR_COUNT, 1);
        at.putLong(CONTROL_POINTER, memory.address() + CONTROL).putLong(CONTROL_LENGTH, controlLength);
        at.putLong(VECTOR, memory.address() + DATA).putLong(VECTOR + 8, length);
        at.putLong(CONTROL, controlLength).putInt(CONTROL + 8, SOL_SOCKET).putInt(CONTROL + 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.length; i++) {
            at.putInt(CONTROL + CONTROL_HEAD + 4 * i, descriptors[i]);
        }
        at.put(DATA, bytes, bytes.position(), length);
        while (true) {
            long count = syscalls.libc().sendmsg(socket, memory.address(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (count >= 0) {
                bytes.position(bytes.position() + (int) count);
                return (int) count;
            }
            int errno = syscalls.lastError();
            if (errno != Errno.EINTR) {
                return -errno;
            }
        }
    }
}
