package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;

/**
 * Whoever it runs as may execute it, or read it if an interpreter runs it, and may pass every folder from root down.
 * For the daemon's own user the kernel is asked; for another the mode bits are, which do not know of access control
 * lists.
 */
record Executable() implements Check {
    @Override
    public CheckName name() {
        return CheckName.EXECUTABLE;
    }

    @Override
    public Verdict look(Subject subject) {
        Runner runner = subject.runner();
        if (runner.isSelf()) {
            return subject.permitted() ? Verdict.PASSED : refused(subject);
        }
        for (Folder folder : subject.folders()) {
            if (!runner.maySearch(folder.status())) {
                return new Verdict.Failed(
                        folder.path(),
                        subject.modeAndOwner(folder.status()),
                        "search permission for " + subject.names().ofUser(runner.uid()),
                        "chmod +x " + Shell.word(folder.path()));
            }
        }
        boolean permitted =
                subject.interpreter() == null ? runner.mayExecute(subject.status()) : runner.mayRead(subject.status());
        return permitted ? Verdict.PASSED : refused(subject);
    }

    private static Verdict refused(Subject subject) {
        boolean read = subject.interpreter() != null;
        return new Verdict.Failed(
                subject.path(),
                subject.modeAndOwner(subject.status()),
                (read ? "read" : "execute") + " permission for "
                        + subject.names().ofUser(subject.runner().uid()),
                "chmod " + (read ? "+r " : "+x ") + Shell.word(subject.path()));
    }

    @Override
    public String saw(Subject subject) {
        return Subject.mode(subject.status())
                + (subject.interpreter() == null ? "" : ", run by " + subject.interpreter());
    }
}
