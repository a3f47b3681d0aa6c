package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnerTest {
    private static final int F_SETFD = 2;
    private static final int SIGWINCH = 28;
    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;

    private final Syscalls syscalls = new Syscalls();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void givesTheChildThreeDescriptorsAlsoWhenOthersAreInheritable() throws Exception {
        int[] pipe = syscalls.pipe();
        syscalls.libc().fcntl(pipe[0], F_SETFD, 0);
        syscalls.libc().fcntl(pipe[1], F_SETFD, 0);
        try (Started cat = Started.program(syscalls, "/bin/cat")) {
            // Its loader opens and closes the C library first.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> Processes.descriptors(cat.pid()), Set.of("0", "1", "2")::equals);
        } finally {
            syscalls.close(pipe[0]);
            syscalls.close(pipe[1]);
        }
    }

    @Test
    void blocksAndIgnoresNoSignalWhateverTheDaemonDoes() throws Exception {
        syscalls.libc().signal(SIGWINCH, SIG_IGN);
        try (Started cat = Started.program(syscalls, "/bin/cat")) {
            assertEquals("0".repeat(16), Processes.status(cat.pid(), "SigBlk"));
            assertEquals("0".repeat(16), Processes.status(cat.pid(), "SigIgn"), "32 and 33 are the library's own");
        } finally {
            syscalls.libc().signal(SIGWINCH, SIG_DFL);
        }
    }

    @Test
    void makesTheChildLeaderOfASessionAndAGroup() throws Exception {
        try (Started cat = Started.program(syscalls, "/bin/cat")) {
            List<String> stat = Processes.stat(cat.pid());

            assertEquals(Integer.toString(cat.pid()), stat.get(2), "process group");
            assertEquals(Integer.toString(cat.pid()), stat.get(3), "session");
        }
    }

    @Test
    void startsInTheDirectoryThatIsOpenAlsoWhenItWasRenamedAndReplaced() throws Exception {
        Path checked = Files.createDirectory(folder.resolve("checked"));
        script(checked.resolve("who"), "#!/bin/sh\necho checked; pwd -P\n");
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, checked.toString(), Syscalls.O_PATH);
        Files.move(checked, folder.resolve("moved"));
        Files.createDirectory(checked);
        script(checked.resolve("who"), "#!/bin/sh\necho swapped\n");

        try (Started who = Started.in(syscalls, fd, List.of(), "./who")) {
            assertEquals("checked\n" + folder.toRealPath().resolve("moved") + "\n", who.output());
        } finally {
            syscalls.close(fd);
        }
    }

    @Test
    void passesArgumentsAndEnvironmentByteForByteAndNothingElse() throws Exception {
        int root = syscalls.openAt(Syscalls.AT_FDCWD, "/", Syscalls.O_PATH);
        List<String> environment = List.of("A=\u00e4 \n\u00ff", "EMPTY=");
        try (Started cat = Started.in(
                syscalls, root, environment, "/bin/cat", "/proc/self/environ", "/proc/self/cmdline", "-u", "--")) {
            assertEquals(
                    "A=\u00e4 \n\u00ff\0EMPTY=\0/bin/cat\0/proc/self/environ\0/proc/self/cmdline\0-u\0--\0",
                    cat.output());
        } finally {
            syscalls.close(root);
        }
    }

    @Test
    void passesMoreStringsThanItsFirstMemoryHolds() throws Exception {
        int root = syscalls.openAt(Syscalls.AT_FDCWD, "/", Syscalls.O_PATH);
        List<String> environment = Collections.nCopies(300, "LONG=" + "x".repeat(1000));
        try (Started cat = Started.in(syscalls, root, environment, "/bin/cat", "/proc/self/environ")) {
            assertEquals(String.join("\0", environment) + "\0", cat.output());
        } finally {
            syscalls.close(root);
        }
    }

    @Test
    void saysWithTheKernelsNumberWhyAProgramCannotBeStarted() throws Exception {
        script(folder.resolve("no-interpreter"), "#!/nowhere/python9\n");
        script(folder.resolve("no-head"), "echo hello\n");
        Files.writeString(folder.resolve("not-executable"), "#!/bin/sh\n");

        assertEquals(Errno.ENOENT, errnoOf("./not-there"));
        assertEquals(Errno.ENOENT, errnoOf("./no-interpreter"));
        assertEquals(Errno.ENOEXEC, errnoOf("./no-head"));
        assertEquals(Errno.EACCES, errnoOf("./not-executable"));
        assertEquals(Errno.E2BIG, errnoOf("/bin/true", "x".repeat(200_000)));
        assertEquals(Set.of(), Processes.children(), "left behind by starts that failed");
    }

    @Test
    void leavesNoChildBehindWhenTheKernelGivesNoPidfd() throws Exception {
        FailingLibc libc = new FailingLibc();
        Syscalls failing = libc.syscalls();
        libc.fail("pidfd_open", 1, Errno.EMFILE);

        var failure = assertThrows(SyscallException.class, () -> Started.program(failing, "/bin/cat"));

        assertTrue(libc.disarm());
        assertEquals(Errno.EMFILE, failure.errno());
        assertEquals(Set.of(), Processes.children());
    }

    private int errnoOf(String... command) {
        var failure = assertThrows(SyscallException.class, () -> Started.in(syscalls, folder, command));
        assertTrue(String.valueOf(failure.getMessage()).contains(command[0]), failure.getMessage());
        return failure.errno();
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
