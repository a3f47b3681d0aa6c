package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.daemon.config.CheckName;

/**
 * The script belongs to the user that it runs as, or to root; its group is one of that user's, or root's (as suEXEC
 * wants it, but for root's files). A script whose owner the system does not know is never run as its owner, nor
 * one whose owner has the number -1 there, or a group of that number.
 */
record Owner() implements Check {
    @Override
    public CheckName name() {
        return CheckName.OWNER;
    }

    @Override
    public Verdict look(Subject subject) {
        Runner runner = subject.runner();
        FileStatus file = subject.status();
        if (runner.kind() == Runner.Kind.NOBODY
                && subject.names().user(file.uid()).isPresent()) {
            return new Verdict.Failed(
                    subject.path(),
                    "owner " + subject.names().ofUser(file.uid()) + ", who has the number 4294967295 or a group of it",
                    "an owner whose numbers can be taken on",
                    "give that user valid numbers in the system's user database",
                    true);
        }
        if (runner.kind() == Runner.Kind.NOBODY) {
            return new Verdict.Failed(
                    subject.path(),
                    "owner " + subject.names().ofUser(file.uid()),
                    "an owner that the system knows",
                    "chown it to a user of this system",
                    true);
        }
        if (file.uid() != 0 && file.uid() != runner.uid()) {
            return new Verdict.Failed(
                    subject.path(),
                    "owner " + subject.names().ofUser(file.uid()),
                    subject.names().ofUser(runner.uid()) + " or root",
                    "chown " + Integer.toUnsignedString(runner.uid()) + " " + Shell.word(subject.path()));
        }
        if (file.gid() != 0 && !runner.isIn(file.gid())) {
            return new Verdict.Failed(
                    subject.path(),
                    "group " + subject.names().ofGroup(file.gid()) + ", owner "
                            + subject.names().ofUser(file.uid()),
                    "a group of " + subject.names().ofUser(runner.uid()) + " or root's",
                    "chgrp " + Integer.toUnsignedString(runner.gid()) + " " + Shell.word(subject.path()));
        }
        return Verdict.PASSED;
    }

    @Override
    public String saw(Subject subject) {
        return "owner " + subject.names().ofUser(subject.status().uid()) + ", group "
                + subject.names().ofGroup(subject.status().gid());
    }
}
