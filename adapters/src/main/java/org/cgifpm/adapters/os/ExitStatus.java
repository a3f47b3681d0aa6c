package org.cgifpm.adapters.os;

/**
 * How a process ended and what it and the children it waited for used.
 *
 * @param code the exit code, 0 if a signal ended it
 * @param signal the signal that ended it, 0 if it exited
 * @param userMicros CPU time in user mode, in microseconds
 * @param systemMicros CPU time in the kernel, in microseconds
 */
public record ExitStatus(int code, int signal, long userMicros, long systemMicros) {
    /** @param waitStatus as wait(2) gives it */
    public static ExitStatus of(int waitStatus, long userMicros, long systemMicros) {
        int signal = waitStatus & 0x7f;
        return new ExitStatus(signal == 0 ? (waitStatus >> 8) & 0xff : 0, signal, userMicros, systemMicros);
    }

    public boolean killed() {
        return signal != 0;
    }

    /** For people. */
    public String words() {
        return killed() ? "killed by " + SignalName.of(signal) : "exit status " + code;
    }
}
