package org.cgifpm.daemon.supervisor;

import java.util.List;
import java.util.OptionalInt;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.protocol.cgi.CgiEnvironment;

/** The persistent application that a pool's {@code command} starts ({@code mode = "worker"}). */
final class CommandApplication implements Application {
    private final Syscalls syscalls;
    private final PoolSettings settings;
    private final PoolProgram program;
    private final List<String> environment;
    private final Key key;

    /** @param user the name of the daemon's own user */
    CommandApplication(Syscalls syscalls, PoolSettings settings, String user) {
        this.syscalls = syscalls;
        this.settings = settings;
        this.program = new PoolProgram(syscalls, settings, user);
        this.environment = CgiEnvironment.withoutRequest(EnvironmentPolicy.of(settings));
        this.key = new Key(settings.workers().command().get(0), program.runner().uid());
    }

    @Override
    public Key key() {
        return key;
    }

    @Override
    public LaunchPlan plan() throws RefusedException {
        return program.plan(settings.workers().command(), environment, key.program(), OptionalInt.empty());
    }

    /** The program's: what else of its arguments are files of its own, it does not say. */
    @Override
    public String version() {
        return settings.workers().restartOnChange() ? FileVersion.of(syscalls, key.program()) : "";
    }
}
