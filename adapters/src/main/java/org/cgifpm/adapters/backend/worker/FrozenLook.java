package org.cgifpm.adapters.backend.worker;

import java.util.Set;
import org.cgifpm.adapters.backend.process.KeptProcess;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.os.AcceptWait;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Syscalls;

/**
 * Ends a worker between two of its requests, although nobody knows of those and more may come at any moment. Loop thread
 * only.
 *
 * <p>A look that finds it in accept(2) is worth nothing when the signal arrives a moment later, with a request just
 * accepted. So it is stopped for the look, and TERM waits for it before it goes on. It can have been stopped on its way
 * out of accept(2), but then it has a socket that it had not before.
 */
final class FrozenLook {
    /** A process that sleeps stops as soon as there is a processor for it. */
    private static final long FROZEN_NANOS = 5 * EventLoop.MILLIS;

    private final EventLoop loop;
    private final Syscalls syscalls;
    private final KeptProcess process;
    private boolean frozen;

    FrozenLook(ProcessSurroundings machine, KeptProcess process) {
        this.loop = machine.loop();
        this.syscalls = machine.syscalls();
        this.process = process;
    }

    /** If it seems to wait for a connection it is ended, some milliseconds from now and if that was right. */
    void begin() {
        if (frozen || !process.lives()) {
            return;
        }
        // Before it is seen in there: what it accepts from then on is not among them.
        Set<String> before = AcceptWait.sockets(process.pid());
        if (!before.isEmpty() && AcceptWait.of(syscalls, process.pid())) {
            frozen = true;
            process.freeze();
            loop.schedule(FROZEN_NANOS, () -> end(before));
        }
    }

    private void end(Set<String> before) {
        frozen = false;
        if (!process.lives()) {
            return;
        }
        int pid = process.pid();
        if (AcceptWait.isStopped(syscalls, pid)
                && AcceptWait.of(syscalls, pid)
                && before.containsAll(AcceptWait.sockets(pid))) {
            process.terminate();
        }
        process.thaw();
    }
}
