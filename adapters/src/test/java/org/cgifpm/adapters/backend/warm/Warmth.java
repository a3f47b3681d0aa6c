package org.cgifpm.adapters.backend.warm;

import org.cgifpm.adapters.backend.cgi.CgiSettings;
import org.cgifpm.adapters.os.EventLoop;

/** The settings of a pool whose scripts are forked, one after the other changed from what most tests want. */
record Warmth(WarmSettings keepers, CgiSettings requests) {
    /** Keepers that stay, and requests with much time. */
    static final Warmth USUAL = new Warmth(
            new WarmSettings("test", seconds(10), seconds(5), 0, 0, 0, 0, 4, millis(200)),
            new CgiSettings("test", seconds(10), seconds(30), millis(200), true, 0, false));

    static long seconds(long seconds) {
        return millis(seconds * 1000);
    }

    static long millis(long millis) {
        return millis * EventLoop.MILLIS;
    }

    Warmth requestTimeout(long nanos) {
        return requests(requests.launchTimeoutNanos(), nanos, requests.killOnAbort(), requests.killBackground());
    }

    /** From being let in to a process, and how long a keeper may say nothing of a request. */
    Warmth launchTimeout(long nanos) {
        return requests(nanos, requests.requestTimeoutNanos(), requests.killOnAbort(), requests.killBackground())
                .keepers(
                        keepers.startupTimeoutNanos(),
                        nanos,
                        keepers.maxRequests(),
                        keepers.maxAgeNanos(),
                        keepers.idleTimeoutNanos(),
                        keepers.maxKeepers());
    }

    /** {@code on_abort = "finish"}. */
    Warmth finishing() {
        return requests(requests.launchTimeoutNanos(), requests.requestTimeoutNanos(), false, false);
    }

    /** {@code background = "kill"}. */
    Warmth killingBackground() {
        return requests(requests.launchTimeoutNanos(), requests.requestTimeoutNanos(), true, true);
    }

    private Warmth requests(long launch, long request, boolean killOnAbort, boolean killBackground) {
        return new Warmth(
                keepers,
                new CgiSettings("test", launch, request, requests.killGraceNanos(), killOnAbort, 0, killBackground));
    }

    Warmth startupTimeout(long nanos) {
        return keepers(
                nanos,
                keepers.launchTimeoutNanos(),
                keepers.maxRequests(),
                keepers.maxAgeNanos(),
                keepers.idleTimeoutNanos(),
                keepers.maxKeepers());
    }

    /** How long a keeper may say nothing of a request. */
    Warmth silence(long nanos) {
        return keepers(
                keepers.startupTimeoutNanos(),
                nanos,
                keepers.maxRequests(),
                keepers.maxAgeNanos(),
                keepers.idleTimeoutNanos(),
                keepers.maxKeepers());
    }

    Warmth maxRequests(int forks) {
        return keepers(
                keepers.startupTimeoutNanos(),
                keepers.launchTimeoutNanos(),
                forks,
                keepers.maxAgeNanos(),
                keepers.idleTimeoutNanos(),
                keepers.maxKeepers());
    }

    Warmth maxAge(long nanos) {
        return keepers(
                keepers.startupTimeoutNanos(),
                keepers.launchTimeoutNanos(),
                keepers.maxRequests(),
                nanos,
                keepers.idleTimeoutNanos(),
                keepers.maxKeepers());
    }

    Warmth idleTimeout(long nanos) {
        return keepers(
                keepers.startupTimeoutNanos(),
                keepers.launchTimeoutNanos(),
                keepers.maxRequests(),
                keepers.maxAgeNanos(),
                nanos,
                keepers.maxKeepers());
    }

    Warmth maxKeepers(int count) {
        return keepers(
                keepers.startupTimeoutNanos(),
                keepers.launchTimeoutNanos(),
                keepers.maxRequests(),
                keepers.maxAgeNanos(),
                keepers.idleTimeoutNanos(),
                count);
    }

    private Warmth keepers(long startup, long silence, int maxRequests, long maxAge, long idle, int maxKeepers) {
        return new Warmth(
                new WarmSettings(
                        "test",
                        startup,
                        silence,
                        maxRequests,
                        maxAge,
                        keepers.maxMemory(),
                        idle,
                        maxKeepers,
                        keepers.killGraceNanos()),
                requests);
    }
}
