package org.cgifpm.adapters.backend.warm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.ProcessState;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Notices a keeper that says nothing of a request: one that somebody has stopped is given up within a second, one that
 * merely takes long within launch_timeout. Loop thread only.
 */
final class KeeperPulse {
    private static final long LOOK_MILLIS = 250;

    private final WarmSurroundings around;
    private final EventLoop loop;
    private final IntSupplier pid;
    private final Consumer<String> silent;
    /** Requests that it has said nothing of, with the time they were sent at, the oldest first. */
    private final Map<Long, Long> unheard = new LinkedHashMap<>();

    private @Nullable Timer timer;
    private boolean stopped;

    /** @param silent told why it is to be given up */
    KeeperPulse(WarmSurroundings around, IntSupplier pid, Consumer<String> silent) {
        this.around = around;
        this.loop = around.machine().loop();
        this.pid = pid;
        this.silent = silent;
    }

    void asked(long request) {
        unheard.put(request, loop.now());
        if (timer == null && !stopped) {
            timer = loop.schedule(LOOK_MILLIS * EventLoop.MILLIS, this::look);
        }
    }

    void heard(long request) {
        unheard.remove(request);
    }

    void stop() {
        stopped = true;
        unheard.clear();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void look() {
        timer = null;
        if (unheard.isEmpty() || stopped) {
            return; // set again with the next request
        }
        long age = loop.now() - unheard.values().iterator().next();
        long most = around.settings().launchTimeoutNanos();
        if (most > 0 && age >= most) {
            silent.accept("has said nothing of a request within launch_timeout");
            return;
        }
        if (age >= LOOK_MILLIS * EventLoop.MILLIS) {
            lookAtProcess(unheard.keySet().iterator().next());
        }
        timer = loop.schedule(LOOK_MILLIS * EventLoop.MILLIS, this::look);
    }

    private void lookAtProcess(long request) {
        int number = pid.getAsInt();
        around.machine().threads().submit(around.settings().pool(), spawner -> {
            if (ProcessState.isStopped(around.machine().syscalls(), number)) {
                loop.post(() -> {
                    if (!stopped && unheard.containsKey(request)) {
                        silent.accept("has been stopped");
                    }
                });
            }
        });
    }
}
