package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;

/** Every folder from root down belongs to root or to the user that the script runs as: nobody else can swap what is in it. */
record DirectoryOwner() implements Check {
    @Override
    public CheckName name() {
        return CheckName.DIRECTORY_OWNER;
    }

    @Override
    public Verdict look(Subject subject) {
        int uid = subject.runner().uid();
        for (Folder folder : subject.folders()) {
            int owner = folder.status().uid();
            if (owner != 0 && owner != uid) {
                return new Verdict.Failed(
                        folder.path(),
                        "owner " + subject.names().ofUser(owner),
                        uid == 0 ? "root" : subject.names().ofUser(uid) + " or root",
                        "chown " + Integer.toUnsignedString(uid) + " " + Shell.word(folder.path()));
            }
        }
        return Verdict.PASSED;
    }

    @Override
    public String saw(Subject subject) {
        return subject.folders().size() + " folders, each of root or of "
                + subject.names().ofUser(subject.runner().uid());
    }
}
