package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;

/** A file, not a device, a FIFO or a socket. */
record RegularFile() implements Check {
    @Override
    public CheckName name() {
        return CheckName.REGULAR_FILE;
    }

    @Override
    public Verdict look(Subject subject) {
        return subject.status().isRegular()
                ? Verdict.PASSED
                : new Verdict.Failed(
                        subject.path(),
                        subject.status().kind() + " of "
                                + subject.names().ofUser(subject.status().uid()),
                        "a regular file",
                        "");
    }

    @Override
    public String saw(Subject subject) {
        return subject.status().kind() + ", " + subject.status().size() + " bytes";
    }
}
