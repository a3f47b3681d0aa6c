package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;

/**
 * No folder from root down can be written by its group or by others. A sticky bit is no excuse: it keeps strangers from
 * taking files away, not from putting some in.
 */
record DirectoryWritable() implements Check {
    private static final int GROUP_OR_OTHERS = 0022;

    @Override
    public CheckName name() {
        return CheckName.DIRECTORY_WRITABLE;
    }

    @Override
    public Verdict look(Subject subject) {
        for (Folder folder : subject.folders()) {
            if ((folder.status().permissions() & GROUP_OR_OTHERS) != 0) {
                return new Verdict.Failed(
                        folder.path(),
                        subject.modeAndOwner(folder.status()),
                        "no write permission for group and others",
                        "chmod go-w " + Shell.word(folder.path()));
            }
        }
        return Verdict.PASSED;
    }

    @Override
    public String saw(Subject subject) {
        return subject.folders().size() + " folders, none for group or others to write";
    }
}
