package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;

/**
 * No script runs with a group of the system's own.
 *
 * @param least the smallest group number that may, unsigned; root's group never may for a script's owner
 * @param rootByName the pool names root, and means it
 */
record MinGid(int least, boolean rootByName) implements Check {
    @Override
    public CheckName name() {
        return CheckName.MIN_GID;
    }

    @Override
    public Verdict look(Subject subject) {
        Runner runner = subject.runner();
        boolean ownerIsRoot = runner.isOwner() && runner.gid() == 0;
        boolean enough = Integer.compareUnsigned(runner.gid(), least) >= 0;
        if ((enough || rootByName) && !ownerIsRoot) {
            return Verdict.PASSED;
        }
        return new Verdict.Failed(
                subject.path(),
                "that it would run with " + subject.names().ofGroup(runner.gid()),
                "gid " + Integer.toUnsignedString(least) + " or more",
                runner.isOwner() ? "give its owner another group" : "set group, or min_gid",
                ownerIsRoot);
    }

    @Override
    public String saw(Subject subject) {
        return subject.names().ofGroup(subject.runner().gid()) + ", min_gid " + Integer.toUnsignedString(least);
    }
}
