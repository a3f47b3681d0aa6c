package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;

/** The script's folder is the pool's root, the very inode, or was reached through it. */
record InsideRoot() implements Check {
    @Override
    public CheckName name() {
        return CheckName.INSIDE_ROOT;
    }

    @Override
    public Verdict look(Subject subject) {
        return subject.folder().inside()
                ? Verdict.PASSED
                : new Verdict.Failed(
                        subject.path(),
                        "that a symbolic link leads out of " + subject.root(),
                        "a script below it",
                        "copy it there, or set root to a folder above both");
    }

    @Override
    public String saw(Subject subject) {
        return subject.folder().path() + " is reached through " + subject.root();
    }
}
