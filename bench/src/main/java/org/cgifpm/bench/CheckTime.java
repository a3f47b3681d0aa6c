package org.cgifpm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.IdentitySettings;
import org.cgifpm.daemon.config.ListenAddress;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.RunAs;
import org.cgifpm.daemon.supervisor.DryRun;
import org.cgifpm.protocol.cgi.Params;

/**
 * Measures what the walk to a script and all checks of it cost a request, for a script four folders deep: for a pool
 * that runs as the daemon itself, for one that runs as a user, and for one that runs as the script's owner.
 */
public final class CheckTime {
    private static final int ROUNDS = 41;
    private static final int CALLS = 5_000;
    private static final String DEEP = "a/b/c/d";

    private CheckTime() {}

    /** Prints the median of many rounds in microseconds, and the slowest and the fastest. Takes some seconds. */
    public static void main(String[] args) throws IOException {
        Path root = Files.createTempDirectory("check-time").toRealPath();
        Path script = root.resolve(DEEP).resolve("x.cgi");
        try {
            Files.createDirectories(script.getParent());
            Files.writeString(script, "#!/bin/sh\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            Syscalls syscalls = new Syscalls();
            int uid = syscalls.effectiveUser();
            RunAs.User me = new RunAs.User("root", uid, syscalls.effectiveGroup(), List.of());
            measure("as the daemon", settings(root, new RunAs.Self()), script, true);
            measure("as a user", settings(root, me), script, true);
            // Root owns nothing that runs as its owner: looked at in full, and refused.
            measure("as the owner", settings(root, new RunAs.Owner()), script, uid != 0);
        } finally {
            Files.deleteIfExists(script);
            for (int depth = DEEP.length(); depth > 0; depth = DEEP.lastIndexOf('/', depth - 1)) {
                Files.deleteIfExists(root.resolve(DEEP.substring(0, depth)));
            }
            Files.deleteIfExists(root);
        }
    }

    private static void measure(String what, PoolSettings settings, Path script, boolean passes) {
        DryRun checks = new DryRun(new Syscalls(), settings, "nobody", plan -> Optional.empty());
        Params params = new Params();
        params.add("SCRIPT_FILENAME", script.toString());
        double[] micros = new double[ROUNDS];
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                if (checks.passes(params) != passes) {
                    throw new IllegalStateException(what + ": the checks do not say what they should");
                }
            }
            double each = (System.nanoTime() - start) / 1000.0 / CALLS;
            // The rounds before 0 are for the compiler.
            if (round >= 0) {
                micros[round] = each;
            }
        }
        Arrays.sort(micros);
        System.out.printf(
                Locale.ROOT,
                "%-14s %5.1f us a request (median of %d rounds of %d; %.1f to %.1f)%n",
                what,
                micros[ROUNDS / 2],
                ROUNDS,
                CALLS,
                micros[0],
                micros[ROUNDS - 1]);
    }

    /** A pool of which only root's name is let below min_uid. */
    private static PoolSettings settings(Path root, RunAs runAs) {
        PoolSettings settings =
                PoolSettings.defaults("bench", new ListenAddress.UnixPath("/run/none"), root.toString());
        IdentitySettings identity = settings.identity();
        return new PoolSettings(
                settings.name(),
                settings.listen(),
                settings.root(),
                settings.mode(),
                new IdentitySettings(
                        Optional.of("root"),
                        identity.group(),
                        identity.groups(),
                        runAs,
                        identity.minUid(),
                        identity.minGid(),
                        identity.noNewPrivileges(),
                        identity.umask(),
                        identity.nice(),
                        identity.chroot(),
                        identity.apparmorProfile(),
                        identity.selinuxLabel(),
                        identity.confined()),
                settings.limits(),
                settings.scripts(),
                settings.admission(),
                settings.timeouts(),
                settings.onAbort(),
                settings.background(),
                settings.requestBodyMax(),
                settings.environment(),
                settings.logs(),
                settings.pages(),
                settings.workers(),
                settings.python());
    }
}
