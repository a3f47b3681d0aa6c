package org.cgifpm.adapters.backend.cgi;

/**
 * How one pool's CGI processes are treated; the names are those of the configuration keys. Times are nanoseconds, 0
 * means no limit.
 *
 * @param pool the pool's name
 * @param launchTimeoutNanos from being let in to a running process
 * @param requestTimeoutNanos from the start of the process
 * @param killGraceNanos between TERM and KILL
 * @param killOnAbort false for {@code on_abort = "finish"}
 * @param idleTimeoutNanos no byte in either direction while there is no complete answer
 * @param killBackground true for {@code background = "kill"}: what outlives the script and its answer is ended
 */
public record CgiSettings(
        String pool,
        long launchTimeoutNanos,
        long requestTimeoutNanos,
        long killGraceNanos,
        boolean killOnAbort,
        long idleTimeoutNanos,
        boolean killBackground) {
    /** Without {@code idle_timeout}, and with {@code background = "leave"}. */
    public CgiSettings(
            String pool, long launchTimeoutNanos, long requestTimeoutNanos, long killGraceNanos, boolean killOnAbort) {
        this(pool, launchTimeoutNanos, requestTimeoutNanos, killGraceNanos, killOnAbort, 0, false);
    }

    /** How long a grandchild may go on answering when the script itself has exited. */
    static final long GRANDCHILD_GRACE_MILLIS = 500;
    /** How long a script that has answered may leave its input unread before nobody waits for that any more. */
    static final long UNREAD_GRACE_MILLIS = 500;

    /** How long a killed group's pipes are waited for; somebody who left the group may hold them for ever. */
    static final long PIPES_GRACE_MILLIS = 200;
}
