package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program started by a real spawner, with the other ends of its pipes, which block. */
final class Started implements AutoCloseable {
    private final Syscalls syscalls;
    private final int stdin;
    private final int stdout;
    private boolean stdinOpen;
    private boolean collected;
    final ChildProcess child;

    private Started(Syscalls syscalls, ChildProcess child, int stdin, int stdout) {
        this.syscalls = syscalls;
        this.child = child;
        this.stdin = stdin;
        this.stdinOpen = stdin >= 0;
        this.stdout = stdout;
    }

    /** Starts it in the root folder with no environment. */
    static Started program(Syscalls syscalls, String... command) throws SyscallException {
        int root = syscalls.openAt(Syscalls.AT_FDCWD, "/", Syscalls.O_PATH);
        try {
            return in(syscalls, root, List.of(), command);
        } finally {
            syscalls.close(root);
        }
    }

    /** Likewise, with that descriptor as its standard input; it stays open. */
    static Started withInput(Syscalls syscalls, int stdin, String... command) throws SyscallException {
        int root = syscalls.openAt(Syscalls.AT_FDCWD, "/", Syscalls.O_PATH);
        int[] out = syscalls.pipe();
        try {
            ChildProcess child = new Spawner(syscalls)
                    .spawn(new SpawnOrder(root, command[0], List.of(command), List.of(), stdin, out[1], out[1]));
            return new Started(syscalls, child, -1, out[0]);
        } finally {
            syscalls.close(root);
            syscalls.close(out[1]);
        }
    }

    static Started shell(Syscalls syscalls, String script) throws SyscallException {
        return program(syscalls, "/bin/sh", "-c", script);
    }

    static Started in(Syscalls syscalls, Path folder, String... command) throws SyscallException {
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, folder.toString(), Syscalls.O_PATH);
        try {
            return in(syscalls, fd, List.of(), command);
        } finally {
            syscalls.close(fd);
        }
    }

    /** The command's first word is both the program and its own name. Standard error goes where output does. */
    static Started in(Syscalls syscalls, int folder, List<String> environment, String... command)
            throws SyscallException {
        List<Integer> all = new ArrayList<>();
        int[] in = syscalls.pipe();
        int[] out = syscalls.pipe();
        all.addAll(List.of(in[0], in[1], out[0], out[1]));
        try {
            ChildProcess child = new Spawner(syscalls)
                    .spawn(new SpawnOrder(folder, command[0], List.of(command), environment, in[0], out[1], out[1]));
            all.clear();
            syscalls.close(in[0]);
            syscalls.close(out[1]);
            return new Started(syscalls, child, in[1], out[0]);
        } finally {
            all.forEach(syscalls::close);
        }
    }

    int pid() {
        return child.pid();
    }

    /** All that it writes up to the end of its output, one char for a byte. */
    String output() {
        return read(Integer.MAX_VALUE, false);
    }

    /** What it writes up to the end of a line. */
    String line() {
        return read(Integer.MAX_VALUE, true).strip();
    }

    private String read(int limit, boolean line) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer bytes = ByteBuffer.allocateDirect(line ? 1 : 4096);
        while (all.size() < limit) {
            awaitReadable(syscalls, stdout);
            int count = syscalls.read(stdout, bytes.clear());
            if (count <= 0) {
                break;
            }
            byte[] piece = new byte[count];
            bytes.flip().get(piece);
            all.writeBytes(piece);
            if (line && piece[0] == '\n') {
                break;
            }
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    void closeStdin() {
        if (stdinOpen) {
            stdinOpen = false;
            syscalls.close(stdin);
        }
    }

    Started awaitExit() {
        awaitReadable(syscalls, child.pidfd());
        return this;
    }

    ExitStatus reap() {
        collected = true;
        return child.reap();
    }

    /** Waits up to ten seconds for input or an end. */
    static void awaitReadable(Syscalls syscalls, int fd) {
        NativeMemory pollfd = new NativeMemory(8);
        pollfd.buffer().putInt(0, fd).putInt(4, EventLoop.IN);
        assertTrue(syscalls.libc().poll(pollfd.address(), 1, 10_000) > 0, "nothing came in ten seconds");
    }

    /** Ends its group, however far it got. */
    @Override
    public void close() {
        closeStdin();
        if (!collected) {
            child.killGroup(SignalName.SIGKILL);
            child.waitFor();
        }
        syscalls.close(stdout);
    }
}
