package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A machine of its own with systemd as its first process: a container over this machine's own files, of which it keeps
 * nothing. It has this machine's network, programs and processors, but users, services and processes of its own.
 *
 * <p>What it writes goes to memory, in mounts that only its processes see; these are all below one process that ends with
 * this JVM, whatever becomes of it. So the kernel cleans up after a test that was killed, but for an empty control group.
 */
public final class BootedMachine implements AutoCloseable {
    private static final String NSPAWN = "systemd-container";
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(90);
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);

    /**
     * The first process of a process namespace: when it ends, which it does with its standard input, so does everything
     * else. Services of this machine are not started: only what a test asks for.
     */
    private static final String BOOT = """
            set -e
            [ -z "$2" ] || echo $$ >"$2/cgroup.procs"
            mount -t tmpfs -o size=2g,mode=0755 tmpfs "$1"
            cd "$1"
            mkdir up work root
            mount -t overlay overlay -o "lowerdir=/,upperdir=$1/up,workdir=$1/work" root
            rm -rf root/etc/systemd/system/*.wants root/etc/rc[0-6S].d root/var/log/journal
            systemd-nspawn -q --register=no --keep-unit --link-journal=no --boot --machine=e2e -D root --bind-ro="$3:/opt/package" \
                --console=pipe </dev/null &
            cat >/dev/null
            """;

    /** What a command came to; both outputs together. */
    public record Result(int exit, String output) {}

    private final Process process;
    private final Path folder;
    private final Path log;
    private final Optional<Path> group;
    private final long first;

    private BootedMachine(Process process, Path folder, Optional<Path> group) {
        this.process = process;
        this.folder = folder;
        this.log = folder.resolve("console.log");
        this.group = group;
        this.first = awaitFirst();
    }

    /**
     * Boots it; what it needs and does not find fails the test with its name.
     *
     * @param readable a folder that it shall see as {@code /opt/package}
     */
    public static BootedMachine boot(Path readable) {
        Program.find("systemd-nspawn", NSPAWN);
        Program.find("nsenter", "util-linux");
        Optional<Path> tree = cgroupTree();
        if (tree.isEmpty()) {
            throw new AssertionError("systemd cannot be booted in a container here: no cgroup v2 tree is mounted");
        }
        try {
            Path folder = Files.createTempDirectory("booted");
            Optional<Path> group = Optional.of(Files.createDirectory(
                    tree.get().resolve("e2e-" + ProcessHandle.current().pid() + "-" + System.nanoTime())));
            Path mounts = Files.createDirectory(folder.resolve("m"));
            ProcessBuilder builder = new ProcessBuilder(
                            "unshare",
                            "--mount",
                            "--pid",
                            "--fork",
                            "--kill-child",
                            "--mount-proc",
                            "sh",
                            "-c",
                            BOOT,
                            "boot",
                            mounts.toString(),
                            group.map(Path::toString).orElse(""),
                            readable.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("console.log").toFile());
            // Without it systemd gets no word of control groups that have become empty where there is also a v1 tree.
            builder.environment().put("SYSTEMD_NSPAWN_UNIFIED_HIERARCHY", "1");
            return new BootedMachine(builder.start(), folder, group);
        } catch (IOException e) {
            throw new AssertionError("systemd cannot be booted in a container here (it takes root): " + e, e);
        }
    }

    /** Runs a shell script in it, and waits for its end. */
    public Result run(String script) {
        List<String> command =
                List.of("nsenter", "--target", Long.toString(first), "--all", "env", "-C", "/", "sh", "-c", script);
        Path output = null;
        try {
            output = Files.createTempFile(folder, "run", ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            Map<String, String> environment = builder.environment();
            environment.clear();
            environment.putAll(Map.of(
                    "PATH",
                    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "HOME",
                    "/root",
                    "LC_ALL",
                    "C.UTF-8",
                    "DEBIAN_FRONTEND",
                    "noninteractive",
                    "SYSTEMD_PAGER",
                    "cat"));
            Process running = builder.start();
            if (!running.waitFor(COMMAND_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                running.descendants().forEach(ProcessHandle::destroyForcibly);
                running.destroyForcibly();
                throw new AssertionError("it takes more than " + COMMAND_LIMIT + ": " + script);
            }
            return new Result(running.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            delete(output);
        }
    }

    /** As {@link #run}, for a script that must succeed; returns what it printed, without white space at its ends. */
    public String get(String script) {
        Result result = run(script);
        if (result.exit() != 0) {
            throw new AssertionError("exit status " + result.exit() + " of: " + script + "\n" + result.output());
        }
        return result.output().strip();
    }

    /** What the journal has of a unit. */
    public String journal(String unit) {
        return run("journalctl --no-pager -o cat -u " + unit).output();
    }

    /** Ends all of its processes at once. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        group.ifPresent(BootedMachine::removeGroups);
        delete(folder.resolve("m"));
        delete(log);
        delete(folder);
    }

    private long awaitFirst() {
        List<Long> found = new ArrayList<>();
        try {
            Awaitility.await("systemd in a container is up")
                    .atMost(BOOT_LIMIT)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        if (!process.isAlive()) {
                            return true;
                        }
                        found.clear();
                        process.descendants().filter(BootedMachine::isSystemd).forEach(one -> found.add(one.pid()));
                        return !found.isEmpty() && isUp(found.get(0));
                    });
        } catch (RuntimeException e) {
            throw failed(e);
        }
        if (!process.isAlive()) {
            throw failed(null);
        }
        return found.get(0);
    }

    private AssertionError failed(@org.jspecify.annotations.Nullable Throwable why) {
        String console;
        try {
            console = Files.readString(log, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            console = e.toString();
        }
        close();
        return new AssertionError(
                "systemd cannot be booted in a container here (it takes root, overlayfs over / and systemd-nspawn): "
                        + console,
                why);
    }

    /** The first process of the container: the child of systemd-nspawn that has become systemd. */
    private static boolean isSystemd(ProcessHandle one) {
        try {
            return Files.readString(Path.of("/proc/" + one.pid() + "/comm"))
                            .strip()
                            .equals("systemd")
                    && one.parent()
                            .map(parent -> Path.of("/proc/" + parent.pid() + "/comm"))
                            .filter(BootedMachine::isNspawn)
                            .isPresent();
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private static boolean isNspawn(Path comm) {
        try {
            return Files.readString(comm).strip().equals("systemd-nspawn");
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private static boolean isUp(long pid) throws IOException, InterruptedException {
        Process asked = new ProcessBuilder(
                        "nsenter", "--target", Long.toString(pid), "--all", "systemctl", "is-system-running")
                .redirectErrorStream(true)
                .start();
        String state = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        asked.waitFor();
        // Degraded: some unit of this machine's own may not like a container.
        return state.equals("running") || state.equals("degraded");
    }

    /** The control group of this process in the v2 tree, where this machine has one. */
    private static Optional<Path> cgroupTree() {
        try {
            Optional<String> mount = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .map(line -> line.split(" "))
                    .filter(words -> words[2].equals("cgroup2"))
                    .map(words -> words[1])
                    .findFirst();
            String own = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                    .filter(line -> line.startsWith("0::"))
                    .map(line -> line.substring("0::/".length()))
                    .findFirst()
                    .orElse("");
            return mount.map(Path::of).map(path -> path.resolve(own));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** They become removable when the kernel has done with their processes. */
    private static void removeGroups(Path group) {
        Awaitility.await("the machine's control groups can be removed")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    removeBelow(group);
                    return !Files.exists(group);
                });
    }

    private static void removeBelow(Path group) {
        java.io.File[] children = group.toFile().listFiles(java.io.File::isDirectory);
        for (java.io.File child : children == null ? new java.io.File[0] : children) {
            removeBelow(child.toPath());
        }
        group.toFile().delete();
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
