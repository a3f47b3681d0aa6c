package org.cgifpm.daemon.supervisor;

import java.util.List;
import java.util.OptionalInt;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.config.PythonSettings;
import org.cgifpm.protocol.cgi.CgiEnvironment;

/**
 * The WSGI application of a pool ({@code mode = "wsgi"}), served by our own runner: a Python program that every worker's
 * interpreter reads from a descriptor, so that it needs no file which the pool's user can reach.
 */
final class WsgiApplication implements Application {
    /** {@link LaunchPlan#text}. */
    private static final String RUNNER = "/proc/self/fd/1";

    private final Syscalls syscalls;
    private final PoolSettings settings;
    private final PythonSettings python;
    private final OptionalInt runner;
    private final PoolProgram program;
    private final List<String> environment;
    private final Key key;

    /**
     * @param user the name of the daemon's own user
     * @param runner an open descriptor of the runner's source; empty where nothing is going to be started
     */
    WsgiApplication(Syscalls syscalls, PoolSettings settings, PythonSettings python, String user, OptionalInt runner) {
        this.syscalls = syscalls;
        this.settings = settings;
        this.python = python;
        this.runner = runner;
        this.program = new PoolProgram(syscalls, settings, user);
        this.environment = CgiEnvironment.withoutRequest(EnvironmentPolicy.of(settings));
        this.key = new Key(python.app(), program.runner().uid());
    }

    /** The application's name in place of a program's path: that is always Python. */
    @Override
    public Key key() {
        return key;
    }

    @Override
    public LaunchPlan plan() throws RefusedException {
        List<String> arguments = List.of(
                python.interpreter(), RUNNER, "--app", python.app(), "--threads", Integer.toString(python.threads()));
        return program.plan(arguments, environment, python.app(), runner);
    }

    /** Of the file of the module that is named, where it lies below root; not of what that imports. */
    @Override
    public String version() {
        if (!settings.workers().restartOnChange()) {
            return "";
        }
        String module = python.app().substring(0, python.app().indexOf(':'));
        String path = settings.root() + "/" + module.replace('.', '/');
        String file = FileVersion.of(syscalls, path + ".py");
        return file.isEmpty() ? FileVersion.of(syscalls, path + "/__init__.py") : file;
    }
}
