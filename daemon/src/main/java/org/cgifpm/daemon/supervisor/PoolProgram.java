package org.cgifpm.daemon.supervisor;

import java.util.List;
import java.util.OptionalInt;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.supervisor.checks.Runner;

/**
 * What starts a program that a pool's settings name, rather than a request. It is the administrator's: only whether it
 * can be started is looked at. Launch threads.
 */
final class PoolProgram {
    private final Syscalls syscalls;
    private final PoolSettings settings;
    private final Runner runner;
    private final Confinement confinement;

    /** @param user the name of the daemon's own user */
    PoolProgram(Syscalls syscalls, PoolSettings settings, String user) {
        this.syscalls = syscalls;
        this.settings = settings;
        this.runner = Runners.ofProgram(
                settings.identity().runAs(),
                new Confinement.Identity(user, syscalls.effectiveUser(), syscalls.effectiveGroup(), List.of()));
        this.confinement = Confinements.of(settings.identity(), settings.limits(), runner);
    }

    /** Whom it runs as. */
    Runner runner() {
        return runner;
    }

    /**
     * Starts it in the pool's root.
     *
     * @param arguments argv, the program's absolute path first
     * @param script how logs call it
     * @param text as in {@link LaunchPlan#text}
     * @throws RefusedException 500 if it cannot be started, 503 if there is no room to find out
     */
    LaunchPlan plan(List<String> arguments, List<String> environment, String script, OptionalInt text)
            throws RefusedException {
        int folder = syscalls.openAt(Syscalls.AT_FDCWD, settings.root(), Syscalls.O_PATH | Syscalls.O_DIRECTORY);
        if (folder < 0) {
            throw failed(script, "root: " + settings.root() + ": ", -folder);
        }
        boolean planned = false;
        try {
            String program = arguments.get(0);
            check(program, script);
            LaunchPlan plan = new LaunchPlan(
                    folder, fromInside(program, script), arguments, environment, script, confinement, text);
            planned = true;
            return plan;
        } finally {
            if (!planned) {
                syscalls.close(folder);
            }
        }
    }

    private void check(String program, String script) throws RefusedException {
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, program, Syscalls.O_PATH);
        if (fd < 0) {
            throw failed(script, program + ": ", -fd);
        }
        try {
            FileStatus file = syscalls.status(fd);
            if (!file.isRegular()) {
                throw new RefusedException(500, script, program + ": it is " + file.kind() + ", not a program");
            }
            if (!mayExecute(program, file)) {
                throw new RefusedException(
                        500,
                        script,
                        String.format(
                                "%s: found mode %04o, owner uid %s, wanted execute permission for %s",
                                program,
                                file.permissions(),
                                Integer.toUnsignedString(file.uid()),
                                runner.identity().user()));
            }
        } catch (SyscallException e) {
            throw failed(script, program + ": ", e.errno());
        } finally {
            syscalls.close(fd);
        }
    }

    /** For another user the mode bits tell, which do not know of access control lists. */
    private boolean mayExecute(String program, FileStatus file) {
        return runner.isSelf() ? syscalls.mayExecute(Syscalls.AT_FDCWD, program) == 0 : runner.mayExecute(file);
    }

    /** With another root folder an absolute path would lead elsewhere; one from the working directory does not. */
    private String fromInside(String program, String script) throws RefusedException {
        if (settings.identity().chroot().isEmpty()) {
            return program;
        }
        String below = settings.root().endsWith("/") ? settings.root() : settings.root() + "/";
        if (!program.startsWith(below)) {
            throw new RefusedException(500, script, "chroot: " + program + " is not below root " + settings.root());
        }
        return "./" + program.substring(below.length());
    }

    private static RefusedException failed(String script, String what, int errno) {
        boolean shortage = errno == Errno.EMFILE || errno == Errno.ENFILE || errno == Errno.ENOMEM;
        return new RefusedException(shortage ? 503 : 500, script, what + Errno.words(errno));
    }
}
