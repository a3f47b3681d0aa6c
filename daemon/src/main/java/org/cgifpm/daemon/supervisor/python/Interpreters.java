package org.cgifpm.daemon.supervisor.python;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.supervisor.python.PythonLine.OtherException;

/**
 * Finds the interpreters that scripts name, as execve(2) and env(1) would, and tells which names lead to the same one.
 * What was found is believed for some seconds. Launch threads, where it may block.
 */
final class Interpreters {
    static final int MOST = 256;
    private static final long KEPT = Duration.ofSeconds(5).toNanos();
    private static final int ELF = 0x7f454c46;
    private static final String USUAL_NAME = "python3";
    private static final Pattern VERSION = Pattern.compile("/python([0-9])(?:\\.([0-9]{1,3}))?$");
    private static final int LEAST_MINOR = 8;

    private final Syscalls syscalls;
    private final String jail;
    private final String path;
    private final LongSupplier nanos;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private record Entry(Object found, long since) {}

    /**
     * @param jail the folder that scripts see as their root, "" for the root itself
     * @param path the scripts' PATH
     */
    Interpreters(Syscalls syscalls, String jail, String path, LongSupplier nanos) {
        this.syscalls = syscalls;
        this.jail = jail.equals("/") ? "" : jail;
        this.path = path;
        this.nanos = nanos;
    }

    /** @throws OtherException if there is none */
    Interpreter of(PythonLine line) throws OtherException {
        String key = line.program();
        long now = nanos.getAsLong();
        Entry known = entries.get(key);
        if (known == null || now - known.since() >= KEPT) {
            known = new Entry(look(line), now);
            if (entries.size() >= MOST) {
                entries.clear();
            }
            entries.put(key, known);
        }
        if (known.found() instanceof Interpreter interpreter) {
            return interpreter;
        }
        throw new OtherException(String.valueOf(known.found()));
    }

    /** The interpreter, or in words why there is none. */
    private Object look(PythonLine line) {
        try {
            if (!jail.isEmpty() && !exists("/proc/self/fd")) {
                return "there is no /proc in the new root folder, which a keeper needs";
            }
            return known(line.searched() ? search(line.program()) : line.program());
        } catch (OtherException e) {
            return e.why();
        }
    }

    /** As execvp(3). */
    private String search(String name) throws OtherException {
        for (String folder : path.split(":", -1)) {
            if (!folder.startsWith("/")) {
                throw new OtherException("PATH has a folder that is not absolute");
            }
            String candidate = (folder.endsWith("/") ? folder : folder + "/") + name;
            if (isProgram(candidate)) {
                return candidate;
            }
        }
        throw new OtherException("there is no " + name + " in PATH, which is " + path);
    }

    private Interpreter known(String program) throws OtherException {
        if (!isProgram(program) || !isElf(program)) {
            throw new OtherException(program + " is no program");
        }
        refuseOldOnes(program);
        String folder = program.substring(0, program.lastIndexOf('/'));
        String above = folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
        boolean virtual = exists(folder + "/pyvenv.cfg") || exists(above + "/pyvenv.cfg");
        // In another root folder a link would be followed from the wrong one.
        if (virtual || !jail.isEmpty()) {
            return new Interpreter(program, program);
        }
        try {
            String real = syscalls.realPath(program);
            return new Interpreter(usualName(real), real);
        } catch (SyscallException e) {
            throw new OtherException(program + ": " + e.getMessage());
        }
    }

    /** Where a link tells; an interpreter whose name does not say what it is may be too old all the same. */
    private void refuseOldOnes(String program) throws OtherException {
        String name = program;
        try {
            name = jail.isEmpty() ? syscalls.realPath(program) : program;
        } catch (SyscallException e) {
            throw new OtherException(program + ": " + e.getMessage());
        }
        Matcher version = VERSION.matcher(name);
        if (version.find()) {
            int major = Integer.parseInt(version.group(1));
            int minor = version.group(2) == null ? LEAST_MINOR : Integer.parseInt(version.group(2));
            if (major < 3 || (major == 3 && minor < LEAST_MINOR)) {
                throw new OtherException(program + " is older than Python 3." + LEAST_MINOR + ", which a keeper needs");
            }
        }
    }

    /** Scripts that name it otherwise share the keeper, and most name it so. */
    private String usualName(String real) {
        String usual = real.substring(0, real.lastIndexOf('/') + 1) + USUAL_NAME;
        try {
            return syscalls.realPath(usual).equals(real) ? usual : real;
        } catch (SyscallException e) {
            return real; // there is none of that name
        }
    }

    /** Root may execute what its users may not; they are not asked one by one. */
    private boolean isProgram(String program) throws OtherException {
        if (syscalls.mayExecute(Syscalls.AT_FDCWD, jail + program) != 0) {
            return false;
        }
        if (syscalls.effectiveUser() == 0 && !mayBeExecutedByAll(program)) {
            throw new OtherException(program + " may not be executed by everybody");
        }
        return true;
    }

    private boolean mayBeExecutedByAll(String program) {
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, jail + program, Syscalls.O_PATH);
        try {
            return fd >= 0 && (syscalls.status(fd).permissions() & 1) != 0;
        } catch (SyscallException e) {
            return false; // taken away meanwhile
        } finally {
            if (fd >= 0) {
                syscalls.close(fd);
            }
        }
    }

    private boolean exists(String file) {
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, jail + file, Syscalls.O_PATH);
        if (fd >= 0) {
            syscalls.close(fd);
        }
        return fd >= 0;
    }

    /** A script that starts some Python could take a keeper's command line for something else. */
    private boolean isElf(String program) {
        int fd = syscalls.openAt(Syscalls.AT_FDCWD, jail + program, Syscalls.O_RDONLY | Syscalls.O_NONBLOCK);
        if (fd < 0) {
            return false;
        }
        ByteBuffer magic = ByteBuffer.allocateDirect(Integer.BYTES);
        int count = syscalls.read(fd, magic);
        syscalls.close(fd);
        return count == Integer.BYTES && magic.getInt(0) == ELF;
    }

    int remembered() {
        return entries.size();
    }
}
