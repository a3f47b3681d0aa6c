package org.cgifpm.daemon.supervisor.python;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.supervisor.python.PythonLine.OtherException;

/**
 * Reads the first lines of scripts, once for each state of each file. Bounded: users make as many scripts as they like.
 * Launch threads, where it may block.
 */
final class ScriptHeads {
    static final int MOST = 4096;
    /** More than a file system's clock takes from one tick to the next: a younger file may change and look the same. */
    private static final long SETTLED_NANOS = 100_000_000;

    private final Syscalls syscalls;
    private final LongSupplier sinceEpoch;
    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
    private final ThreadLocal<ByteBuffer> buffers =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(Shebang.HEAD));

    private record Key(long device, long inode) {}

    private record Entry(FileStatus status, Optional<Shebang> shebang) {}

    /** @param sinceEpoch nanoseconds since 1970, by the clock that file systems have */
    ScriptHeads(Syscalls syscalls, LongSupplier sinceEpoch) {
        this.syscalls = syscalls;
        this.sinceEpoch = sinceEpoch;
    }

    /**
     * What the first line of a script says.
     *
     * @param folder an open descriptor of the folder it lies in
     * @param status what was found under that name; two that are equal are the same contents
     * @throws OtherException if the daemon cannot read it
     */
    Optional<Shebang> of(int folder, String name, FileStatus status) throws OtherException {
        Key key = new Key(status.device(), status.inode());
        Entry known = entries.get(key);
        if (known != null && known.status().equals(status)) {
            return known.shebang();
        }
        Optional<Shebang> shebang = Shebang.of(head(folder, name));
        if (sinceEpoch.getAsLong() - status.changedNanos() > SETTLED_NANOS) {
            if (entries.size() >= MOST) {
                entries.clear();
            }
            entries.put(key, new Entry(status, shebang));
        }
        return shebang;
    }

    private String head(int folder, String name) throws OtherException {
        int fd = syscalls.openAt(
                folder, name, Syscalls.O_RDONLY | Syscalls.O_NOFOLLOW | Syscalls.O_NONBLOCK | Syscalls.O_NOCTTY);
        if (fd < 0) {
            throw new OtherException("the daemon cannot read it: " + Errno.words(-fd));
        }
        ByteBuffer buffer = buffers.get();
        buffer.clear();
        int count = syscalls.read(fd, buffer);
        syscalls.close(fd);
        if (count < 0) {
            throw new OtherException("the daemon cannot read it: " + Errno.words(-count));
        }
        byte[] head = new byte[count];
        buffer.flip().get(head);
        return new String(head, StandardCharsets.ISO_8859_1);
    }

    int remembered() {
        return entries.size();
    }
}
