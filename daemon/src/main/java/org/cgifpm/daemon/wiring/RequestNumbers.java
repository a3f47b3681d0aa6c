package org.cgifpm.daemon.wiring;

import java.util.function.LongSupplier;
import org.cgifpm.adapters.os.EventLoop;

/**
 * Numbers requests, 1, 2, 3 …, and while there are any, has free native memory given back now and then: an idle daemon
 * is not woken for it. Loop thread only.
 */
final class RequestNumbers implements LongSupplier {
    private static final long TRIM_SECONDS = 10;

    private final Machine machine;
    private long last;
    private boolean trimDue;

    RequestNumbers(Machine machine) {
        this.machine = machine;
    }

    @Override
    public long getAsLong() {
        if (!trimDue) {
            trimDue = true;
            machine.loop().schedule(TRIM_SECONDS * 1000 * EventLoop.MILLIS, this::trim);
        }
        return ++last;
    }

    private void trim() {
        trimDue = false;
        machine.cgi().threads().submit(this, spawner -> machine.cgi().syscalls().trimNativeMemory());
    }
}
