package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;

/** Not for its group and not for others to write. */
record Writable() implements Check {
    private static final int GROUP_OR_OTHERS = 0022;

    @Override
    public CheckName name() {
        return CheckName.WRITABLE;
    }

    @Override
    public Verdict look(Subject subject) {
        return (subject.status().permissions() & GROUP_OR_OTHERS) == 0
                ? Verdict.PASSED
                : new Verdict.Failed(
                        subject.path(),
                        subject.modeAndOwner(subject.status()),
                        "no write permission for group and others",
                        "chmod go-w " + Shell.word(subject.path()));
    }

    @Override
    public String saw(Subject subject) {
        return Subject.mode(subject.status());
    }
}
