package org.cgifpm.daemon.supervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.KeeperSettings;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.supervisor.checks.Runner;
import org.cgifpm.daemon.supervisor.python.Warmth;

/**
 * The keeper of a script: the Python that it asks for, as its user, with the usual modules. All scripts of a pool that ask
 * for the same one as the same user have the same.
 */
final class KeeperApplication implements Application {
    /** {@link LaunchPlan#text}. */
    private static final String SOURCE = "/proc/self/fd/1";

    /** What a shell counts file sizes in, so that keepers' children have the very limit of other programs. */
    private static final long BLOCK = 512;

    /**
     * What all keepers of a pool have in common.
     *
     * @param environment of every keeper, complete
     * @param source an open descriptor of the keeper's source; empty where nothing is going to be started
     */
    record Ground(Syscalls syscalls, PoolSettings settings, List<String> environment, OptionalInt source) {
        Ground {
            environment = List.copyOf(environment);
        }
    }

    private final Ground ground;
    private final Warmth.Warm warmth;
    private final Runner runner;
    private final Confinement script;
    private final Key key;

    /**
     * @param runner whom the script runs as
     * @param script the script's own bounds
     */
    KeeperApplication(Ground ground, Warmth.Warm warmth, Runner runner, Confinement script) {
        this.ground = ground;
        this.warmth = warmth;
        this.runner = runner;
        this.script = script;
        String flags = warmth.flags();
        String identity = warmth.interpreter().identity();
        this.key = new Key(flags.isEmpty() ? identity : identity + " " + flags, runner.uid());
    }

    @Override
    public Key key() {
        return key;
    }

    @Override
    public LaunchPlan plan() throws RefusedException {
        String program = warmth.interpreter().program();
        return new LaunchPlan(
                folder(),
                program,
                arguments(),
                ground.environment(),
                program,
                withoutLimitsOfProcesses(script),
                ground.source());
    }

    /** What the keeper's interpreter is told; {@code docs/architecture.md} has the protocol. */
    private List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add(warmth.interpreter().program());
        if (!warmth.flags().isEmpty()) {
            arguments.add(warmth.flags());
        }
        arguments.add(SOURCE);
        KeeperSettings keepers = ground.settings().python().orElseThrow().keepers();
        keepers.preload()
                .ifPresentOrElse(
                        modules -> arguments.add("--preload=" + String.join(",", modules)),
                        () -> arguments.add("--preload-found=" + String.join(",", KeeperSettings.DEFAULT_PRELOAD)));
        Confinement.Limits limits = script.limits();
        limits.cpuSeconds().ifPresent(seconds -> limit(arguments, "cpu", seconds, seconds + 1));
        limits.files().ifPresent(files -> limit(arguments, "nofile", files, files));
        limits.fileSize().ifPresent(bytes -> {
            long rounded = (bytes + BLOCK - 1) / BLOCK * BLOCK;
            limit(arguments, "fsize", rounded, rounded);
        });
        if (keepers.spareChildren() > 0) {
            arguments.add("--spare=" + keepers.spareChildren());
        }
        return arguments;
    }

    private static void limit(List<String> arguments, String resource, long soft, long hard) {
        arguments.add("--limit=" + resource + ":" + soft + ":" + hard);
    }

    /** The keeper itself must not die of them: each of its children sets them for itself. */
    private static Confinement withoutLimitsOfProcesses(Confinement script) {
        Confinement.Limits limits = script.limits();
        return new Confinement(
                script.identity(),
                new Confinement.Limits(
                        OptionalLong.empty(),
                        limits.memory(),
                        OptionalLong.empty(),
                        limits.processes(),
                        OptionalLong.empty(),
                        limits.core(),
                        limits.stack()),
                script.umask(),
                script.nice(),
                script.noNewPrivileges(),
                script.chroot(),
                script.apparmorProfile(),
                script.selinuxLabel());
    }

    /** Where the keeper works: the pool's root, or where its user may not be there, the root of all. */
    private int folder() throws RefusedException {
        String root = ground.settings().root();
        int folder = open(root);
        boolean shutIn = script.chroot().isPresent();
        if (folder >= 0 && (shutIn || maySearch(folder))) {
            return folder;
        }
        if (folder >= 0) {
            ground.syscalls().close(folder);
        }
        int top = shutIn ? folder : open("/");
        if (top < 0) {
            boolean shortage = top == -Errno.EMFILE || top == -Errno.ENFILE || top == -Errno.ENOMEM;
            throw new RefusedException(
                    shortage ? 503 : 500, warmth.interpreter().program(), "root: " + root + ": " + Errno.words(-top));
        }
        return top;
    }

    private int open(String folder) {
        return ground.syscalls().openAt(Syscalls.AT_FDCWD, folder, Syscalls.O_PATH | Syscalls.O_DIRECTORY);
    }

    private boolean maySearch(int folder) {
        try {
            return runner.maySearch(ground.syscalls().status(folder));
        } catch (SyscallException e) {
            return false; // taken away meanwhile
        }
    }

    /** Its files are its own business: it looks at the modules that it has imported. */
    @Override
    public String version() {
        return "";
    }
}
