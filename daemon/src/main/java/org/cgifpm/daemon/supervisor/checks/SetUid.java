package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;

/** Neither setuid nor setgid: who a script runs as is the pool's to say. */
record SetUid() implements Check {
    private static final int SETUID_OR_SETGID = 06000;

    @Override
    public CheckName name() {
        return CheckName.SETUID;
    }

    @Override
    public Verdict look(Subject subject) {
        return (subject.status().permissions() & SETUID_OR_SETGID) == 0
                ? Verdict.PASSED
                : new Verdict.Failed(
                        subject.path(),
                        subject.modeAndOwner(subject.status()),
                        "neither setuid nor setgid",
                        "chmod ug-s " + Shell.word(subject.path()));
    }

    @Override
    public String saw(Subject subject) {
        return Subject.mode(subject.status());
    }
}
