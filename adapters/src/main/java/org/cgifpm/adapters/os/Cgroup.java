package org.cgifpm.adapters.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A group of the cgroup v2 tree: a folder whose files are the kernel's (Documentation/admin-guide/cgroup-v2). Any
 * thread; reading and writing do not wait.
 */
final class Cgroup {
    static final String PROCESSES = "cgroup.procs";
    private static final int ROOM = 64 * 1024;

    private final Syscalls syscalls;
    private final String path;

    Cgroup(Syscalls syscalls, String path) {
        this.syscalls = syscalls;
        this.path = path;
    }

    String path() {
        return path;
    }

    String file(String name) {
        return path + "/" + name;
    }

    Cgroup child(String name) {
        return new Cgroup(syscalls, file(name));
    }

    /** The groups right below. Lists the folder: at start and stop. */
    List<Cgroup> children() {
        List<Cgroup> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(path), Files::isDirectory)) {
            entries.forEach(entry -> found.add(child(entry.getFileName().toString())));
        } catch (IOException e) {
            return found; // it is gone
        }
        return found;
    }

    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** 0, or a negative error number; EEXIST is none. */
    int make() {
        int result = syscalls.libc().mkdir(Syscalls.cString(path), 0755);
        int errno = result < 0 ? syscalls.lastError() : 0;
        return errno == Errno.EEXIST ? 0 : -errno;
    }

    /** 0, or a negative error number: EBUSY while somebody lives in it. */
    int remove() {
        return syscalls.libc().rmdir(Syscalls.cString(path)) < 0 ? -syscalls.lastError() : 0;
    }

    /** 0, or a negative error number. */
    int write(String name, String text) {
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, file(name), Syscalls.O_WRONLY);
        if (fd < 0) {
            return fd;
        }
        int result = writeTo(syscalls, fd, text);
        syscalls.close(fd);
        return result;
    }

    static int writeTo(Syscalls syscalls, int fd, String text) {
        ByteBuffer buffer = syscalls.scratch().buffer();
        for (int i = 0; i < text.length(); i++) {
            buffer.put(i, (byte) text.charAt(i));
        }
        return Math.min(0, syscalls.write(fd, buffer.duplicate().limit(text.length())));
    }

    /** What the file says, "" where there is none; at most the first 64 kB. */
    String read(String name) {
        return readFile(syscalls, file(name));
    }

    static String readFile(Syscalls syscalls, String path) {
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, path, Syscalls.O_RDONLY);
        if (fd < 0) {
            return "";
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(ROOM);
        while (buffer.hasRemaining() && syscalls.read(fd, buffer) > 0) {
            // to its end
        }
        syscalls.close(fd);
        return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
    }

    /** The pids of those that are in this group itself. */
    List<Integer> processes() {
        String text = read(PROCESSES);
        // What does not fit is cut somewhere: half a number is somebody else's.
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(Integer::valueOf)
                .toList();
    }

    boolean populated() {
        return read("cgroup.events").contains("populated 1");
    }

    /** KILL for everybody in it and below; where the kernel cannot (before 5.14), for those that are seen in it. */
    void kill() {
        if (write("cgroup.kill", "1") < 0) {
            for (int pid : processes()) {
                syscalls.libc().kill(pid, SignalName.SIGKILL);
            }
        }
    }

    /** The controllers of these that this group's children may be given. */
    List<String> enable(List<String> controllers) {
        List<String> there = List.of(read("cgroup.controllers").strip().split(" ", -1));
        List<String> enabled = new ArrayList<>();
        for (String controller : controllers) {
            if (there.contains(controller) && write("cgroup.subtree_control", "+" + controller) == 0) {
                enabled.add(controller);
            }
        }
        return enabled;
    }
}
