package org.cgifpm.adapters.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A process of a group whose leader has been reaped, held by a pidfd. While it lives the group's number cannot be given
 * to a stranger, so the group may be signalled.
 */
public final class GroupMember {
    private static final Path PROC = Path.of("/proc");

    private final Syscalls syscalls;
    private final int group;
    private final int pidfd;

    private GroupMember(Syscalls syscalls, int group, int pidfd) {
        this.syscalls = syscalls;
        this.group = group;
        this.pidfd = pidfd;
    }

    /**
     * Whether the group that {@code leader} led has members left, now that the leader was reaped. A process with that
     * number is a stranger: the number is free again, so the group is gone.
     */
    public static boolean groupLives(Syscalls syscalls, int leader) {
        return syscalls.libc().kill(-leader, 0) == 0
                && syscalls.libc().kill(leader, 0) < 0
                && syscalls.lastError() == Errno.ESRCH;
    }

    /**
     * Looks through /proc for a member; null if there is none any more. Takes as long as the machine has processes: on a
     * launch thread.
     *
     * @throws IOException if it cannot look, which does not mean that there is none: no descriptor is left
     */
    public static @Nullable GroupMember find(Syscalls syscalls, int group) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (groupOf(process) == group) {
                    int pid = Integer.parseInt(process.getFileName().toString());
                    if (pid == group) {
                        return null; // a new leader: a stranger's group has the number now
                    }
                    int pidfd = syscalls.libc().pidfd_open(pid, 0);
                    if (pidfd < 0 && syscalls.lastError() != Errno.ESRCH) {
                        throw new IOException(syscalls.failed("pidfd_open", "pid " + pid));
                    }
                    // The number may have changed hands between the two: look again while holding it.
                    if (pidfd >= 0 && groupOf(process) == group) {
                        return new GroupMember(syscalls, group, pidfd);
                    }
                    if (pidfd >= 0) {
                        syscalls.close(pidfd);
                    }
                }
            }
        } catch (NoSuchFileException e) {
            return null; // no /proc here
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return null;
    }

    /** The process group of a living process, from field 5 of /proc/PID/stat; -1 for zombies and those that are gone. */
    private static int groupOf(Path process) throws IOException {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4);
            return fields[0].equals("Z") || fields[0].equals("X") ? -1 : Integer.parseInt(fields[2]);
        } catch (NoSuchFileException | AccessDeniedException e) {
            return -1; // it is gone, or another user's where /proc hides those
        } catch (FileSystemException e) {
            throw e; // it could not be opened: too many open files
        } catch (IOException | RuntimeException e) {
            return -1; // it went while it was read
        }
    }

    /** Readable once this member has ended. */
    public int pidfd() {
        return pidfd;
    }

    /** Signals the whole group, which is still the one that was meant. Not after {@link #close}. */
    public void killGroup(int signal) {
        syscalls.libc().kill(-group, signal);
    }

    /** True if this member has ended. */
    public boolean hasEnded() {
        NativeMemory memory = syscalls.scratch();
        ByteBuffer pollfd = memory.buffer();
        pollfd.putInt(0, pidfd).putInt(4, EventLoop.IN);
        return syscalls.libc().poll(memory.address(), 1, 0) > 0;
    }

    public void close() {
        syscalls.close(pidfd);
    }
}
