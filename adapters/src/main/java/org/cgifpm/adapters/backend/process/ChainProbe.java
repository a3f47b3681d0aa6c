package org.cgifpm.adapters.backend.process;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.SignalName;
import org.cgifpm.adapters.os.Spawner;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;

/**
 * Starts one small program the way a pool's scripts will be started, and compares what it got with what was asked: a
 * link that lacks a privilege may go on without a word. Once per pool, before it takes requests; blocks.
 *
 * <p>AppArmor and SELinux labels are left out, as they may forbid this very program.
 */
public final class ChainProbe {
    private static final String PROGRAM = "/bin/cat";
    /** A machine that has just been started has much else to do; a pool that stays down stays down. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final Syscalls syscalls;
    private final Launch launch;
    private final ExecChain.Inherited inherited;

    /** @param leaves as for the pool's requests */
    public ChainProbe(ProcessSurroundings around, @Nullable LeafSource leaves) {
        this.syscalls = around.syscalls();
        this.launch = new Launch(around, leaves);
        this.inherited = launch.inherited();
    }

    /** Whether it can look: a new root folder has neither the program nor /proc. */
    public static boolean possible(Confinement confinement) {
        return confinement.chroot().isEmpty();
    }

    /**
     * @return what is not as it was asked; empty if all is
     * @throws SyscallException if the daemon itself lacks what it takes to start a process
     */
    public List<String> differences(Confinement confinement) throws SyscallException {
        int root = syscalls.openAt(Syscalls.AT_FDCWD, "/", Syscalls.O_PATH);
        if (root < 0) {
            throw new SyscallException("open", "/", -root);
        }
        try {
            return differences(plan(root, confinement));
        } catch (RefusedException e) {
            return List.of(e.why());
        } finally {
            syscalls.close(root);
        }
    }

    private List<String> differences(LaunchPlan plan) throws SyscallException, RefusedException {
        Launched probe = launch.start(plan, false, new Spawner(syscalls));
        boolean ended = probe.child().endsWithin(PATIENCE_MILLIS);
        if (!ended) {
            probe.child().killGroup(SignalName.SIGKILL);
        }
        ExitStatus exit = probe.waitFor();
        // What it says is less than a pipe holds.
        String text = read(probe.stdout());
        String words = read(probe.stderr()).strip();
        probe.pipes().close(syscalls);
        if (!ended) {
            return List.of("its start took longer than " + PATIENCE_MILLIS / 1000 + " s");
        }
        ChainFailure failure = ChainFailure.of(exit, words);
        if (failure != null && failure.status() == 503) {
            return List.of(); // its user is busy just now; the links got as far as the last exec
        }
        if (exit.code() != 0 || exit.killed()) {
            return List.of("it was not started: " + (words.isEmpty() ? exit.words() : words));
        }
        return ProbeReport.differences(text, plan.confinement(), inherited, syscalls.nice());
    }

    private static LaunchPlan plan(int root, Confinement confinement) {
        return new LaunchPlan(
                root,
                PROGRAM,
                List.of(PROGRAM, "/proc/self/status", "/proc/self/limits", "/proc/self/stat"),
                List.of("PATH=/usr/bin:/bin"),
                PROGRAM,
                new Confinement(
                        confinement.identity(),
                        confinement.limits(),
                        confinement.umask(),
                        confinement.nice(),
                        confinement.noNewPrivileges(),
                        confinement.chroot(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private String read(int fd) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(ProcessSurroundings.SCRATCH_SIZE);
        while (bytes.hasRemaining() && syscalls.read(fd, bytes) > 0) {
            // to its end, or to what is there
        }
        return StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
    }
}
