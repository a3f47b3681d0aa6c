package org.cgifpm.daemon.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.cgifpm.adapters.os.Syscalls;

/** A folder with scripts and links for a test, and what of it is still open. */
final class ScriptTree {
    private static final int O_WRONLY_CREAT = 0101;

    final Path folder;

    ScriptTree(Path folder) throws IOException {
        this.folder = folder.toRealPath();
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /** An executable script. */
    ScriptTree script(String name) throws IOException {
        Path file = path(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\necho\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return this;
    }

    ScriptTree link(String name, String target) throws IOException {
        Files.createDirectories(path(name).getParent());
        Files.createSymbolicLink(path(name), Path.of(target));
        return this;
    }

    /** A file whose name is bytes, a char for a byte, which Java's own classes cannot make. */
    ScriptTree fileOfBytes(String name) {
        Syscalls syscalls = new Syscalls();
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, folder + "/" + name, O_WRONLY_CREAT);
        if (fd < 0) {
            throw new IllegalStateException("open: errno " + -fd);
        }
        syscalls.close(fd);
        return this;
    }

    /** Descriptors of this process that are open on something below the folder, or on the folder. */
    long open() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.filter(fd -> target(fd).startsWith(folder.toString())).count();
        }
    }

    /** What an open descriptor stands for. */
    static String target(int fd) {
        return target(Path.of("/proc/self/fd/" + fd));
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
