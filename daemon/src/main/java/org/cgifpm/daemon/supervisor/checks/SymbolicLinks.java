package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;
import org.cgifpm.daemon.config.Symlinks;

/**
 * Symbolic links on the way, the last one included: followed, refused, or followed if root or the owner of what a link
 * leads to has made it (as Apache's SymLinksIfOwnerMatch), so that nobody lends his name to somebody else's file.
 */
record SymbolicLinks(Symlinks wanted) implements Check {
    @Override
    public CheckName name() {
        return CheckName.SYMLINKS;
    }

    @Override
    public Verdict look(Subject subject) {
        if (wanted == Symlinks.FOLLOW) {
            return Verdict.PASSED;
        }
        for (Link link : subject.links()) {
            if (wanted == Symlinks.REFUSE) {
                return new Verdict.Failed(
                        link.path(),
                        "a symbolic link of " + subject.names().ofUser(link.owner()),
                        "none (symlinks = \"refuse\")",
                        "put a file there, or set symlinks to \"owner-match\"");
            }
            if (link.owner() != 0 && link.owner() != link.targetOwner()) {
                return new Verdict.Failed(
                        link.path(),
                        "a symbolic link of " + subject.names().ofUser(link.owner()) + " to what belongs to "
                                + subject.names().ofUser(link.targetOwner()),
                        "one owner for both, or root's link",
                        "chown -h " + Integer.toUnsignedString(link.targetOwner()) + " " + Shell.word(link.path()));
            }
        }
        return Verdict.PASSED;
    }

    @Override
    public String saw(Subject subject) {
        int count = subject.links().size();
        return count == 0 ? "no links" : count == 1 ? "1 link" : count + " links";
    }
}
