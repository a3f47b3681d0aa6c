package org.cgifpm.daemon.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks at the folders down to a pool's root, and root itself, as the checks of a request look at those below it: with
 * the same names and severities. What others can replace up there makes every check below worthless.
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
            if (step.owner().isShared() && !step.owner().isSticky()) {
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
                        + ", who decides what is in it, and is neither root nor the pool's user; chown it");
    }

    private boolean mayOwn(RunAs runAs, int uid) {
        if (runAs instanceof RunAs.User user) {
            return uid == user.uid();
        }
        // Nobody's rights are lent to scripts by a daemon that has no more than its own; owners bring theirs along.
        return runAs instanceof RunAs.Owner || !(self.isRoot() || self.privileged());
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
