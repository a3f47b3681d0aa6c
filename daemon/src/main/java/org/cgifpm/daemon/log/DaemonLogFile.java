package org.cgifpm.daemon.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;

/**
 * The file that {@code [daemon] log} names, opened with the care that pools' logs are opened with. After {@link #reopen},
 * which any thread may call, it is opened anew by its name before anything else is written; all else belongs to the
 * thread that writes.
 */
public final class DaemonLogFile extends OutputStream {
    private static final int BUFFER = 64 * 1024;

    private final Syscalls syscalls;
    private final String path;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private int fd;
    private volatile boolean reopenWanted;

    /**
     * Opens it to append; made with mode 0640 where there is none.
     *
     * @param path absolute, bytes as ISO-8859-1; a symbolic link is refused
     */
    public DaemonLogFile(Syscalls syscalls, String path) throws SyscallException {
        this.syscalls = syscalls;
        this.path = path;
        this.fd = syscalls.openLog(path);
    }

    void reopen() {
        reopenWanted = true;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        reopenIfWanted();
        for (int at = from; at < from + length; ) {
            int part = Math.min(buffer.capacity(), from + length - at);
            int count = syscalls.write(fd, buffer.clear().put(bytes, at, part).flip());
            if (count < 0) {
                throw new IOException(path + ": " + Errno.words(-count));
            }
            at += count;
        }
    }

    private void reopenIfWanted() {
        if (!reopenWanted) {
            return;
        }
        reopenWanted = false;
        try {
            int opened = syscalls.openLog(path);
            syscalls.close(fd);
            fd = opened;
        } catch (SyscallException e) {
            // Into the file that goes on: whoever renames logs looks there.
            String line = LogLine.of(
                    LogForm.PLAIN,
                    LogLine.ERROR,
                    "log file not reopened, the one before is written on: " + e.getMessage());
            syscalls.write(
                    fd,
                    buffer.clear().put(line.getBytes(StandardCharsets.UTF_8)).flip());
        }
    }
}
