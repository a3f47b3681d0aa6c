package org.cgifpm.adapters.backend.worker;

import java.util.function.Consumer;
import org.cgifpm.adapters.Application;
import org.cgifpm.adapters.os.EventLoop;

/**
 * {@code restart_on_change}: looks at the version of an application's file while requests come, once a second at the most
 * and on a launch thread. Everything else is on the loop thread.
 */
final class VersionWatch {
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final WorkerSurroundings around;
    private final EventLoop loop;
    private final Application application;
    private final Consumer<String> seen;
    private boolean looking;
    private long lookedNanos;

    /** @param seen is told the version, on the loop thread, after each look that has found one */
    VersionWatch(WorkerSurroundings around, Application application, Consumer<String> seen) {
        this.around = around;
        this.loop = around.machine().loop();
        this.application = application;
        this.seen = seen;
    }

    /** A request has come: looks, if it is time to and the pool wants it. */
    void look() {
        boolean due = loop.now() - lookedNanos > INTERVAL_NANOS;
        if (!around.settings().watchVersions() || looking || !due) {
            return;
        }
        looking = true;
        lookedNanos = loop.now();
        around.machine().threads().submit(around.settings().pool(), spawner -> {
            try {
                String version = application.version();
                loop.post(() -> found(version));
            } catch (RuntimeException | Error e) {
                loop.post(() -> looking = false);
                throw e;
            }
        });
    }

    private void found(String version) {
        looking = false;
        // Without one it is being replaced at this moment, and will be another in a moment.
        if (!version.isEmpty()) {
            seen.accept(version);
        }
    }
}
