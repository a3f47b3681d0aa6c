package org.cgifpm.daemon.supervisor;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.PythonSettings;
import org.cgifpm.daemon.supervisor.checks.Runner;
import org.cgifpm.daemon.supervisor.checks.Subject;
import org.cgifpm.daemon.supervisor.python.PythonChoice;
import org.cgifpm.daemon.supervisor.python.Warmth;

/** Says of the scripts of one pool which of them run warm, and of the others why not. Launch threads. */
final class ScriptWarmth {
    private final Syscalls syscalls;
    private final Optional<PythonChoice> choice;

    /** @param path the scripts' PATH */
    ScriptWarmth(Syscalls syscalls, PoolSettings settings, String path, LongSupplier nanos) {
        this.syscalls = syscalls;
        this.choice = settings.python()
                .map(PythonSettings::interpreter)
                .map(interpreter -> new PythonChoice(
                        syscalls, interpreter, settings.identity().chroot().orElse(""), path, nanos));
    }

    /** Empty in a pool where no script runs warm. */
    Optional<Warmth> of(Reviewed reviewed) {
        return choice.map(python -> of(reviewed, python));
    }

    /** The pool's own Python, whose keeper executes what does not run warm; empty where it cannot. */
    Optional<Warmth.Warm> usual() {
        return choice.flatMap(PythonChoice::usual);
    }

    private Warmth of(Reviewed reviewed, PythonChoice python) {
        Subject subject = reviewed.subject();
        if (subject.interpreter() != null) {
            return new Warmth.Cold("its extension is in interpreters");
        }
        FoundScript script = reviewed.script();
        if (!mayBeExecuted(subject, script)) {
            return new Warmth.Cold("it may not be executed");
        }
        return python.of(script.directory(), script.name(), script.status());
    }

    /** A keeper would read it all the same; on a file system without programs the kernel says no even to root. */
    private boolean mayBeExecuted(Subject subject, FoundScript script) {
        Runner runner = subject.runner();
        return runner.isSelf()
                ? subject.permitted()
                : runner.mayExecute(script.status()) && syscalls.mayExecute(script.directory(), script.name()) == 0;
    }
}
