package org.cgifpm.adapters.backend.process;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.jspecify.annotations.Nullable;

/**
 * Says why a program could not be started, in words that tell what to mend. The kernel's number alone does not: ENOENT
 * is the interpreter's absence, not the script's, which was there a moment ago.
 */
public final class LaunchFailure {
    private static final int FIRST_LINE = 256;
    private static final int LOOK = Syscalls.O_RDONLY | Syscalls.O_NONBLOCK | Syscalls.O_NOCTTY;

    private static final int ANY_EXECUTABLE = 0111;
    private static final String ELF = "\177ELF";

    private LaunchFailure() {}

    static RefusedException explain(Syscalls syscalls, LaunchPlan plan, SyscallException why) {
        String words = why.getMessage() == null ? "" : why.getMessage();
        return switch (why.errno()) {
            case Errno.E2BIG ->
                new RefusedException(
                        431, plan.script(), "the request's params are more than the kernel passes to a program");
            case Errno.EAGAIN, Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE, Errno.ENOSPC ->
                new RefusedException(503, plan.script(), "no room to start it: " + words);
            case Errno.ETXTBSY ->
                new RefusedException(503, plan.script(), "somebody has it open for writing: " + words);
            case Errno.ENOENT -> fault(plan, missing(shebang(head(syscalls, plan))));
            case Errno.ENOEXEC -> fault(plan, "exec format error: it has no #! line and is no program of this machine");
            case Errno.EACCES -> fault(plan, denied(shebang(head(syscalls, plan))));
            default -> fault(plan, "cannot be started: " + words);
        };
    }

    /**
     * Whether the kernel would start it, as far as its head tells: a binary, or a script whose interpreter is there. Links
     * like prlimit(1) hide the kernel's reason, and give what has neither head to a shell.
     */
    static boolean hasSoundHead(Syscalls syscalls, LaunchPlan plan) {
        String head = head(syscalls, plan);
        if (head.startsWith(ELF)) {
            return true;
        }
        String interpreter = shebang(head);
        return interpreter.startsWith("/")
                && !interpreter.endsWith("\r")
                && syscalls.mayExecute(Syscalls.AT_FDCWD, interpreter) == 0;
    }

    /**
     * Why the kernel would not start it, as far as its head tells, or null if it would. For chains, whose links would give
     * a file without a head to a shell and report everything else as an exit status of the script's. An interpreter in
     * another root folder is not looked for.
     */
    public static @Nullable RefusedException unsound(Syscalls syscalls, LaunchPlan plan) {
        int fd = open(syscalls, plan);
        if (fd >= 0) {
            syscalls.close(fd);
        } else if (fd == -Errno.EMFILE || fd == -Errno.ENFILE || fd == -Errno.ENOMEM) {
            return explain(syscalls, plan, new SyscallException("open", plan.program(), -fd));
        }
        if (hasNoExecutableBit(syscalls, plan)) {
            return fault(plan, "it has no executable bit, and without one the kernel starts it for nobody");
        }
        String head = head(syscalls, plan);
        if (head.startsWith(ELF) || (head.isEmpty() && mayExecuteButNotRead(syscalls, plan))) {
            return null;
        }
        if (!head.startsWith("#!")) {
            return explain(syscalls, plan, new SyscallException("exec", plan.program(), Errno.ENOEXEC));
        }
        String interpreter = shebang(head);
        boolean ownRoot = plan.confinement().chroot().isEmpty();
        if (!ownRoot && interpreter.startsWith("/") && !interpreter.endsWith("\r")) {
            return null;
        }
        int denied = interpreter.startsWith("/") && !interpreter.endsWith("\r")
                ? syscalls.mayExecute(Syscalls.AT_FDCWD, interpreter)
                : -Errno.ENOENT;
        return denied == 0 ? null : explain(syscalls, plan, new SyscallException("exec", plan.program(), -denied));
    }

    /** The check of that name may be off, or somebody was quick. */
    private static boolean hasNoExecutableBit(Syscalls syscalls, LaunchPlan plan) {
        int fd = open(syscalls, plan);
        if (fd < 0) {
            return false;
        }
        try {
            return (syscalls.status(fd).permissions() & ANY_EXECUTABLE) == 0;
        } catch (SyscallException e) {
            return false;
        } finally {
            syscalls.close(fd);
        }
    }

    /** A binary that a daemon without privileges cannot look into. */
    private static boolean mayExecuteButNotRead(Syscalls syscalls, LaunchPlan plan) {
        int fd = open(syscalls, plan);
        if (fd >= 0) {
            syscalls.close(fd);
            return false;
        }
        return fd == -Errno.EACCES && syscalls.mayExecute(plan.directory(), plan.program()) == 0;
    }

    /**
     * Whoever may write the folder may have put a terminal or a link to a device there since it was checked. A program
     * that settings name by its whole path may be a link: most interpreters are.
     */
    private static int open(Syscalls syscalls, LaunchPlan plan) {
        int links = plan.program().startsWith("/") ? 0 : Syscalls.O_NOFOLLOW;
        return syscalls.openAt(plan.directory(), plan.program(), LOOK | links);
    }

    private static RefusedException fault(LaunchPlan plan, String why) {
        return new RefusedException(500, plan.script(), why);
    }

    private static String missing(String interpreter) {
        if (interpreter.isEmpty()) {
            return "it, or the loader it was linked for, does not exist (any more)";
        }
        if (interpreter.endsWith("\r")) {
            return "its #! line ends with CR LF, so the kernel looks for an interpreter named \""
                    + interpreter.substring(0, interpreter.length() - 1)
                    + "\\r\": save it with LF line ends";
        }
        return "its interpreter " + interpreter + " does not exist";
    }

    private static String denied(String interpreter) {
        return interpreter.isEmpty()
                ? "the kernel refuses to execute it: is its file system mounted noexec?"
                : "the kernel refuses to execute it: is " + interpreter
                        + " executable, and its file system not mounted noexec?";
    }

    /** The first bytes of the program, or "" where they cannot be read. */
    private static String head(Syscalls syscalls, LaunchPlan plan) {
        int fd = open(syscalls, plan);
        if (fd < 0) {
            return "";
        }
        try {
            ByteBuffer bytes = ByteBuffer.allocateDirect(FIRST_LINE);
            return syscalls.read(fd, bytes) < 3
                    ? ""
                    : StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
        } finally {
            syscalls.close(fd);
        }
    }

    /** What stands behind {@code #!} up to a space, or "" where there is no such line. */
    private static String shebang(String text) {
        if (!text.startsWith("#!")) {
            return "";
        }
        String line = text.substring(2).lines().findFirst().orElse("");
        int end = text.indexOf('\n');
        boolean carriageReturn = end > 0 && text.charAt(end - 1) == '\r';
        String word = line.strip().split("[ \t]", 2)[0];
        boolean alone = line.strip().equals(word);
        return carriageReturn && alone ? word + "\r" : word;
    }
}
