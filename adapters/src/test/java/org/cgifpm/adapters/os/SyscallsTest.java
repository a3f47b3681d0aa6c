package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyscallsTest {
    private final FailingLibc libc = new FailingLibc();
    private final Syscalls syscalls = libc.syscalls();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void tellsOfAFileWhatTheJdkTells() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "twelve bytes");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, file.toString(), Syscalls.O_PATH);
        FileStatus status = syscalls.status(fd);
        syscalls.close(fd);

        assertTrue(status.isRegular());
        assertEquals(0751, status.permissions());
        assertEquals(12, status.size());
        assertEquals(Files.getAttribute(file, "unix:ino"), status.inode());
        assertEquals(Files.getAttribute(file, "unix:uid"), status.uid());
        assertEquals(Files.getAttribute(file, "unix:gid"), status.gid());
        FileTime modified = Files.getLastModifiedTime(file);
        assertEquals(modified.to(TimeUnit.NANOSECONDS), status.modifiedNanos());
        assertTrue(status.sameFile(syscalls.statusOfPath(file.toString())));
        assertFalse(status.sameFile(syscalls.statusOfPath(folder.toString())));
    }

    @Test
    void namesTheKindOfEveryFile() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        try (Started mkfifo = Started.program(syscalls, "/usr/bin/mkfifo", folder + "/fifo")) {
            mkfifo.awaitExit();
        }

        assertEquals("a directory", syscalls.statusOfPath(folder.toString()).kind());
        assertEquals("a symbolic link", syscalls.statusOfPath(link.toString()).kind());
        assertEquals("a FIFO", syscalls.statusOfPath(folder + "/fifo").kind());
        assertEquals("a character device", syscalls.statusOfPath("/dev/null").kind());
    }

    @Test
    void treatsPathsAsBytes() throws Exception {
        String name = new String("\u00e4\u20ac".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        int directory = syscalls.openAt(Syscalls.AT_FDCWD, folder.toString(), Syscalls.O_PATH);
        int created = syscalls.openAt(directory, "latin\u00e9", Syscalls.O_RDWR | 0100);
        assertTrue(created >= 0);

        try (Started ls = Started.in(syscalls, folder, "/bin/ls", "-1", "--quoting-style=literal")) {
            assertEquals("latin\u00e9\n", ls.output());
        }
        assertEquals(-Errno.ENOENT, syscalls.openAt(directory, name, Syscalls.O_RDONLY));
        assertThrows(IllegalArgumentException.class, () -> syscalls.openAt(directory, "a\0b", Syscalls.O_RDONLY));
        syscalls.close(created);
        syscalls.close(directory);
    }

    @Test
    void readsLinksByDescriptorAndResolvesPaths() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("../somewhere"));
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, link.toString(), Syscalls.O_PATH | Syscalls.O_NOFOLLOW);
        assertEquals("../somewhere", syscalls.readLink(fd));
        syscalls.close(fd);

        Path inside = Files.createDirectory(folder.resolve("inside"));
        Path around = Files.createSymbolicLink(folder.resolve("around"), inside);
        assertEquals(inside.toRealPath().toString(), syscalls.realPath(around + "/../inside/."));
        assertEquals(
                Errno.ENOENT,
                assertThrows(SyscallException.class, () -> syscalls.realPath(folder + "/nothing"))
                        .errno());
    }

    @Test
    void opensAFileWithoutANameThatIsWrittenAndReadByOffset() throws Exception {
        int fd = syscalls.openUnnamed(folder.toString());
        byte[] text = "spooled".getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer out = ByteBuffer.allocateDirect(text.length).put(text).flip();
        ByteBuffer in = ByteBuffer.allocateDirect(text.length);

        assertEquals(text.length, syscalls.writeAt(fd, out, 1L << 33));
        assertEquals(text.length, syscalls.readAt(fd, in, 1L << 33));
        syscalls.close(fd);

        byte[] back = new byte[text.length];
        in.flip().get(back);
        assertArrayEquals(text, back);
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void asksAgainWhenASignalInterruptsACall() throws Exception {
        int[] pipe = syscalls.pipe();
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        libc.fail("write", 1, Errno.EINTR);
        assertEquals(1, syscalls.write(pipe[1], one));
        assertTrue(libc.disarm());
        libc.fail("read", 1, Errno.EINTR);
        assertEquals(1, syscalls.read(pipe[0], one.clear()));
        assertTrue(libc.disarm());
        libc.fail("openat", 1, Errno.EINTR);
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, "/dev/null", Syscalls.O_RDONLY);
        assertTrue(fd >= 0);
        assertTrue(libc.disarm());
        syscalls.close(fd);

        syscalls.nonBlocking(pipe[0]);
        assertEquals(-Errno.EAGAIN, syscalls.read(pipe[0], one.clear()));
        syscalls.close(pipe[0]);
        assertEquals(-Errno.EPIPE, syscalls.write(pipe[1], one.clear()));
        syscalls.close(pipe[1]);
    }

    @Test
    void pipesBlockAndAreClosedAtExec() throws Exception {
        int[] pipe = syscalls.pipe();
        for (int end : pipe) {
            assertEquals(1, syscalls.libc().fcntl(end, 1, 0), "close-on-exec");
            assertEquals(0, syscalls.libc().fcntl(end, 3, 0) & Syscalls.O_NONBLOCK, "non-blocking");
            syscalls.close(end);
        }
    }

    @Test
    void knowsWhatTheDaemonMayExecute() throws Exception {
        Path program = Files.writeString(folder.resolve("program"), "");
        assertEquals(-Errno.EACCES, syscalls.mayExecute(Syscalls.AT_FDCWD, program.toString()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        assertEquals(0, syscalls.mayExecute(Syscalls.AT_FDCWD, program.toString()));
        assertEquals(-Errno.ENOENT, syscalls.mayExecute(Syscalls.AT_FDCWD, folder + "/none"));
        assertFalse(Files.exists(folder.resolve("none"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void namesCallSubjectAndReasonOfARefusal() {
        var failure = assertThrows(SyscallException.class, () -> syscalls.statusOfPath("/nowhere/at/all"));

        assertEquals("statx /nowhere/at/all: ENOENT (no such file or directory)", failure.getMessage());
        assertEquals("errno 4711", Errno.words(4711));
    }
}
