package org.cgifpm.daemon.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks at the folders down to a pool's root, and root itself, as the checks of a request look at those below it: with
 * the same names and severities. What others can replace up there makes every check below worthless: with
 * {@code @owner} even its owner, who could lead a pool of everybody's scripts into another's home.
 */
final class RootSafety {
    private final Section pool;
    private final FileOwners owners;
    private final UserNames names;
    private final Identity self;

    RootSafety(Section pool, FileOwners owners, UserNames names, Identity self) {
        this.pool = pool;
        this.owners = owners;
        this.names = names;
        this.self = self;
    }

    void check(PoolSettings settings) {
        PathWalk walk = PathWalk.to(Path.of(ByteText.toText(settings.root())), owners);
        for (PathWalk.Step step : walk.steps()) {
            owner(settings, step.folder(), step.owner());
            if (step.owner().isShared() && (!step.owner().isSticky() || strangersLink(settings, step))) {
                writable(settings, step.folder(), step.owner());
            }
        }
        Optional<FileOwner> root = owners.of(walk.end()).filter(found -> walk.complete());
        if (root.isPresent()) {
            owner(settings, walk.end(), root.get());
            if (root.get().isShared()) {
                writable(settings, walk.end(), root.get());
            }
        }
    }

    /** In a sticky folder a link is its maker's, who can make it another; whose a folder is, is looked at next. */
    private boolean strangersLink(PoolSettings settings, PathWalk.Step step) {
        FileOwner entry = step.entry();
        return entry != null
                && entry.isLink()
                && entry.uid() != 0
                && !mayOwn(settings.identity().runAs(), entry.uid());
    }

    private void owner(PoolSettings settings, Path folder, FileOwner owner) {
        if (owner.uid() == 0 || mayOwn(settings.identity().runAs(), owner.uid())) {
            return;
        }
        String user = names.name(owner.uid())
                .map(name -> Wording.quote(name))
                .orElse("number " + Integer.toUnsignedString(owner.uid()));
        pool.complain(
                settings.scripts().severity(CheckName.DIRECTORY_OWNER),
                "root",
                "the folder " + Wording.quote(folder.toString()) + " belongs to user " + user
                        + ", who decides what is in it, and is "
                        + (settings.identity().runAs() instanceof RunAs.Owner
                                ? "not root, to whom all must belong down to a root of \"@owner\"; chown it to root"
                                : "neither root nor the pool's user; chown it"));
    }

    private boolean mayOwn(RunAs runAs, int uid) {
        if (runAs instanceof RunAs.User user) {
            return uid == user.uid();
        }
        // Nobody's rights are lent to scripts by a daemon that has no more than its own.
        return !(runAs instanceof RunAs.Owner || self.isRoot() || self.privileged());
    }

    private void writable(PoolSettings settings, Path folder, FileOwner owner) {
        pool.complain(
                settings.scripts().severity(CheckName.DIRECTORY_WRITABLE),
                "root",
                "the folder " + Wording.quote(folder.toString()) + " has mode "
                        + OctalText.format(owner.mode() & 07777)
                        + ", so that others than its owner can replace what is in it; chmod go-w");
    }
}
