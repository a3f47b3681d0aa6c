package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;

/**
 * Nobody of the system's own users runs scripts.
 *
 * @param least the smallest user number that may, unsigned; root as a script's owner never may
 * @param rootByName the pool names root, and means it
 */
record MinUid(int least, boolean rootByName) implements Check {
    @Override
    public CheckName name() {
        return CheckName.MIN_UID;
    }

    @Override
    public Verdict look(Subject subject) {
        Runner runner = subject.runner();
        boolean ownerIsRoot = runner.isOwner() && runner.uid() == 0;
        boolean enough = Integer.compareUnsigned(runner.uid(), least) >= 0;
        if ((enough || rootByName) && !ownerIsRoot) {
            return Verdict.PASSED;
        }
        return new Verdict.Failed(
                subject.path(),
                "that it would run as " + subject.names().ofUser(runner.uid()),
                "uid " + Integer.toUnsignedString(least) + " or more",
                runner.isOwner() ? "chown it to the user that it shall run as" : "set user, or min_uid",
                ownerIsRoot);
    }

    @Override
    public String saw(Subject subject) {
        return subject.names().ofUser(subject.runner().uid()) + ", min_uid " + Integer.toUnsignedString(least);
    }
}
