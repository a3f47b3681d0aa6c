package org.cgifpm.daemon.control;

import java.util.List;

/** A daemon could not be asked, or said no. */
public final class ControlException extends Exception {
    /** Asked, and it did not work. */
    public static final int FAILED = 1;
    /** Nobody is there to be asked. */
    public static final int NO_DAEMON = 3;

    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient List<String> problems;
    private final boolean silence;

    public ControlException(int exitCode, String problem) {
        this(exitCode, List.of(problem), false);
    }

    ControlException(int exitCode, List<String> problems, boolean silence) {
        super(String.join("; ", problems));
        this.exitCode = exitCode;
        this.problems = List.copyOf(problems);
        this.silence = silence;
    }

    /** Whether there was no answer: it is being started, ends, or hangs. */
    public boolean isSilence() {
        return silence;
    }

    /** What the command ends with. */
    public int exitCode() {
        return exitCode;
    }

    /** Each a line; as the daemon sent them, so escape them before they reach a terminal. */
    public List<String> problems() {
        return problems;
    }
}
