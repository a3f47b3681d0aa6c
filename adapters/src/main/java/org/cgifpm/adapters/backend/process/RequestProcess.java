package org.cgifpm.adapters.backend.process;

import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.adapters.os.SyscallException;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one request: the first of them, which answers, and whatever that leaves behind. Whoever started them,
 * this is how a request watches and ends them. Loop thread only.
 */
public interface RequestProcess {
    /** What the request hears. */
    interface Events extends ProcessTree.Events {
        /**
         * There is no process, or none whose end will be told of; {@code exited} follows within this call.
         *
         * @param status what the client is to be told if it has been told nothing
         */
        void lost(int status, String why);
    }

    /** How a started process hears of its request. */
    @FunctionalInterface
    interface Source {
        RequestProcess with(Events events);
    }

    /** Waits for its end from now on; one that has ended already is told of by {@link #look}. */
    void watch() throws SyscallException;

    /** After {@link #watch}: tells of an end that came before it. */
    void look();

    /** Takes {@link #watch} back; the process is somebody else's again. */
    void forget();

    /** How long it may run until it is time for {@link #runsLong}; negative if that would change nothing. */
    long joinsAfterNanos();

    /** It runs longer than most do: if it has no control group yet, it gets one now. */
    void runsLong();

    /**
     * How long after the end of standard output its exit status may still come: one that closes its output and lives on has
     * answered, and one that was killed has not.
     */
    long exitGraceNanos();

    /** How it ended, or null while it lives. */
    @Nullable
    ExitStatus status();

    /** TERM for all of it now, KILL after {@code kill_grace}. Does nothing the second time. */
    void terminate();

    /** KILL for all of it, now. */
    void kill();

    /** The request needs it no more: {@link Events#gone} comes when nothing of it lives. */
    void release();

    /** Nobody wants it: KILL for all of it, and {@link Events#gone} when the last of it has ended. */
    void takeBack();

    /** The most memory that all of it had together, bytes; -1 where nobody counted. After {@link Events#gone}. */
    long peakMemory();
}
