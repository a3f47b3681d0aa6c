package org.cgifpm.daemon.supervisor;

import java.util.Optional;
import java.util.OptionalInt;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.PoolSettings;

/** The one application that answers all requests of a pool, where the pool has one. */
public final class PoolApplication {
    private PoolApplication() {}

    /**
     * Empty for a pool of scripts.
     *
     * @param user the name of the daemon's own user
     * @param wsgiRunner an open descriptor of the source of the runner for WSGI, which has to stay open; empty where
     *     nothing is going to be started
     */
    public static Optional<Application> of(
            Syscalls syscalls, PoolSettings settings, String user, OptionalInt wsgiRunner) {
        return switch (settings.mode()) {
            case EXEC, WARM, AUTO -> Optional.empty();
            case WORKER -> Optional.of(new CommandApplication(syscalls, settings, user));
            case WSGI ->
                Optional.of(new WsgiApplication(
                        syscalls, settings, settings.python().orElseThrow(), user, wsgiRunner));
        };
    }
}
