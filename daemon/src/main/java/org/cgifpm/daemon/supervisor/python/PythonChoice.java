package org.cgifpm.daemon.supervisor.python;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.supervisor.python.PythonLine.OtherException;

/** Says of the scripts of one pool which of them keepers run. Launch threads, where it may block. */
public final class PythonChoice {
    private final ScriptHeads heads;
    private final Interpreters interpreters;
    private final String interpreter;

    /**
     * @param interpreter a path that counts as Python whatever its name is
     * @param jail the folder that scripts see as their root, "" for the root itself
     * @param path the scripts' PATH
     * @param nanos a clock that only goes forward, such as {@link System#nanoTime}
     */
    public PythonChoice(Syscalls syscalls, String interpreter, String jail, String path, LongSupplier nanos) {
        this.heads = new ScriptHeads(syscalls, () -> MILLISECONDS.toNanos(System.currentTimeMillis()));
        this.interpreters = new Interpreters(syscalls, jail, path, nanos);
        this.interpreter = interpreter;
    }

    /** The pool's own Python without any flags; empty if it cannot be a keeper's. */
    public Optional<Warmth.Warm> usual() {
        try {
            return Optional.of(new Warmth.Warm(interpreters.of(new PythonLine(interpreter, false, "")), ""));
        } catch (OtherException e) {
            return Optional.empty();
        }
    }

    /**
     * Of a script that may be executed.
     *
     * @param folder an open descriptor of the folder it lies in
     * @param status what was found under that name
     */
    public Warmth of(int folder, String name, FileStatus status) {
        try {
            PythonLine line = PythonLine.of(heads.of(folder, name, status), interpreter);
            return new Warmth.Warm(interpreters.of(line), line.flags());
        } catch (OtherException e) {
            return new Warmth.Cold(e.why());
        }
    }

    /** The path of the Python that scripts get who ask env(1) for {@code python3}, if a keeper can be made of it. */
    public static Optional<String> usual(Syscalls syscalls, String path) {
        try {
            Interpreters interpreters = new Interpreters(syscalls, "", path, () -> 0);
            return Optional.of(
                    interpreters.of(new PythonLine("python3", true, "")).program());
        } catch (OtherException e) {
            return Optional.empty();
        }
    }
}
