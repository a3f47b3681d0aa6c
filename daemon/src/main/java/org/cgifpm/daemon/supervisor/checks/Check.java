package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;

/**
 * One thing that must be right about a script before it runs. Looks at nothing but its subject: all system calls have
 * been made before, so that a check is a function that a test can call. Any thread.
 */
public interface Check {
    CheckName name();

    /** Whether it is right, and if not, what was found and what was wanted. */
    Verdict look(Subject subject);

    /** What there was to see, in a few words, for whoever asks why it is right. */
    String saw(Subject subject);
}
