package org.cgifpm.packaging;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The machine's own files, with all changes kept in memory, in name spaces of its own. It lasts as long as the standard
 * input of its first process is open: when this is closed, or the JVM dies, the kernel ends all processes in it and
 * takes its mounts away.
 */
final class ThrowAwayRoot implements AutoCloseable {
    /** Run in the new name spaces; $1 is an empty folder. A service manager of the machine must not be seen inside. */
    private static final String SET_UP = """
            set -e
            mount -t tmpfs -o size=2g none "$1"
            mkdir "$1/upper" "$1/work" "$1/root"
            mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" none "$1/root"
            mount -t proc none "$1/root/proc"
            mount --rbind /dev "$1/root/dev"
            mount -t tmpfs -o mode=755 none "$1/root/run"
            mount -t tmpfs -o mode=1777 none "$1/root/tmp"
            printf '#!/bin/sh\\nexit 101\\n' >"$1/root/usr/sbin/policy-rc.d"
            chmod 755 "$1/root/usr/sbin/policy-rc.d"
            rm -f "$1/root/var/lib/man-db/auto-update"
            exec chroot "$1/root" sh -c 'cd / && echo ready && exec cat'
            """;

    private final Path folder;
    private final Process keeper;
    private final long first;

    ThrowAwayRoot() throws IOException {
        folder = Files.createTempDirectory("root");
        Path errors = Files.createTempFile("root", ".txt");
        keeper = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--propagation=private",
                        "sh",
                        "-c",
                        SET_UP,
                        "sh",
                        folder.toString())
                .redirectError(errors.toFile())
                .start();
        String line =
                new BufferedReader(new InputStreamReader(keeper.getInputStream(), StandardCharsets.UTF_8)).readLine();
        String said = Files.readString(errors);
        Files.delete(errors);
        if (!"ready".equals(line)) {
            Files.delete(folder);
            throw new AssertionError("no throw-away root (root, an overlay and name spaces are needed): " + said);
        }
        first = keeper.children().findFirst().orElseThrow().pid();
    }

    /** The same file as {@code inside} in the root, seen from out here. */
    Path path(String inside) {
        return Path.of("/proc/" + first + "/root" + inside);
    }

    void write(String inside, String text) throws IOException {
        Files.createDirectories(path(inside).getParent());
        Files.writeString(path(inside), text);
    }

    /** Runs it in the root to its end. */
    Outcome run(String... command) throws IOException, InterruptedException {
        return Outcome.of(inside(command));
    }

    /** Runs a line of sh(1) in the root to its end. */
    Outcome sh(String line) throws IOException, InterruptedException {
        return run("sh", "-c", line);
    }

    /** Not started yet. */
    ProcessBuilder inside(String... command) {
        List<String> words = new ArrayList<>(
                List.of("nsenter", "--target", Long.toString(first), "--mount", "--pid", "--root", "--wd"));
        words.addAll(List.of(command));
        ProcessBuilder program = new ProcessBuilder(words);
        program.environment().clear();
        program.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        program.environment().put("LC_ALL", "C.UTF-8");
        program.environment().put("DEBIAN_FRONTEND", "noninteractive");
        return program;
    }

    @Override
    public void close() throws IOException {
        keeper.getOutputStream().close();
        try {
            if (!keeper.waitFor(60, TimeUnit.SECONDS)) {
                keeper.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            keeper.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.delete(folder);
    }
}
