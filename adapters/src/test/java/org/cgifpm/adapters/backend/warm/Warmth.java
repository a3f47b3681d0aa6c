package org.cgifpm.adapters.backend.warm;

import org.cgifpm.adapters.backend.cgi.CgiSettings;
import org.cgifpm.adapters.os.EventLoop;

/** The settings of a pool whose scripts are forked; changed before the stand is made. */
final class Warmth {
    private static final long KILL_GRACE = millis(200);

    private long startupTimeout = seconds(10);
    private long launchTimeout = seconds(10);
    private long silence = seconds(5);
    private long requestTimeout = seconds(30);
    private boolean killOnAbort = true;
    private boolean killBackground;
    private int maxRequests;
    private long maxAge;
    private long idleTimeout;
    private int maxKeepers = 4;

    private Warmth() {}

    /** Keepers that stay, and requests with much time. */
    static Warmth usual() {
        return new Warmth();
    }

    static long seconds(long seconds) {
        return millis(seconds * 1000);
    }

    static long millis(long millis) {
        return millis * EventLoop.MILLIS;
    }

    Warmth startupTimeout(long nanos) {
        startupTimeout = nanos;
        return this;
    }

    /** From being let in to a process that has been asked for. */
    Warmth launchTimeout(long nanos) {
        launchTimeout = nanos;
        return this;
    }

    /** How long a keeper may say nothing of a request. */
    Warmth silence(long nanos) {
        silence = nanos;
        return this;
    }

    Warmth requestTimeout(long nanos) {
        requestTimeout = nanos;
        return this;
    }

    /** {@code on_abort = "finish"}. */
    Warmth finishing() {
        killOnAbort = false;
        return this;
    }

    /** {@code background = "kill"}. */
    Warmth killingBackground() {
        killBackground = true;
        return this;
    }

    Warmth maxRequests(int forks) {
        maxRequests = forks;
        return this;
    }

    Warmth maxAge(long nanos) {
        maxAge = nanos;
        return this;
    }

    Warmth idleTimeout(long nanos) {
        idleTimeout = nanos;
        return this;
    }

    Warmth maxKeepers(int count) {
        maxKeepers = count;
        return this;
    }

    WarmSettings keepers() {
        return new WarmSettings(
                "test",
                startupTimeout,
                silence,
                requestTimeout,
                killBackground,
                maxRequests,
                maxAge,
                0,
                idleTimeout,
                maxKeepers,
                KILL_GRACE);
    }

    CgiSettings requests() {
        return new CgiSettings("test", launchTimeout, requestTimeout, KILL_GRACE, killOnAbort, 0, killBackground);
    }
}
