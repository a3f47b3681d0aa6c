package org.cgifpm.adapters;

import org.cgifpm.adapters.os.ExitStatus;
import org.jspecify.annotations.Nullable;

/**
 * How a request went.
 *
 * @param status what the client was told; 499 if it had gone before it was told anything
 * @param script the script's path, "" if it never came to that
 * @param problem why it did not go as the client wished, for the log; null if it did
 * @param complete false if the response was cut or the client went away before its end
 * @param exit how the program ended; null if none was started
 * @param check the name of the check that refused it, "" if none did
 * @param peakMemory the most that its processes used together, bytes; -1 where nobody counted
 * @param stderrBytes what the program wrote to its standard error
 */
public record Outcome(
        int status,
        String script,
        @Nullable String problem,
        boolean complete,
        @Nullable ExitStatus exit,
        String check,
        long peakMemory,
        long stderrBytes) {
    /** The client went away before there was an answer; nginx's number for it. */
    public static final int CLIENT_GONE = 499;

    /** A request that a check refused. */
    public static Outcome refused(int status, String script, String problem, String check) {
        return new Outcome(status, script, problem, true, null, check, -1, 0);
    }

    /** A request that never reached a program. */
    public static Outcome refused(int status, String script, String problem) {
        return refused(status, script, problem, "");
    }
}
