package org.cgifpm.daemon.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks at what a pool runs from: its root, and the program of its application, each with the folders down to it, as the
 * checks of a request look at those below root: with the same names and severities. What others can replace up there makes
 * every check below worthless: with {@code @owner} even its owner, who could lead a pool of everybody's scripts into
 * another's home.
 */
final class PathSafety {
    private final FileOwners owners;
    private final UserNames names;
    private final Identity self;

    PathSafety(FileOwners owners, UserNames names, Identity self) {
        this.owners = owners;
        this.names = names;
        this.self = self;
    }

    /** @param pool where {@code settings} were read */
    void check(Section pool, PoolSettings settings) {
        if (settings.mode() != Mode.WORKER) {
            check(pool, "root", settings.root(), settings);
        } else {
            check(pool, "command", settings.workers().command().get(0), settings);
            if (pool.has("root")) {
                check(pool, "root", settings.root(), settings);
            }
        }
        settings.python().ifPresent(python -> check(pool.table("python"), python, settings));
    }

    /** What scripts call Python is theirs to say; what is written is looked at, where the scripts see it. */
    private void check(Section table, PythonSettings python, PoolSettings settings) {
        String jail =
                settings.mode() == Mode.WSGI ? "" : settings.identity().chroot().orElse("");
        if (table.has("interpreter") || settings.mode() != Mode.WSGI) {
            python.virtualenv().ifPresent(folder -> check(table, "virtualenv", jail + folder, settings));
        }
        boolean own = python.virtualenv().isPresent() && !table.has("interpreter");
        if (settings.mode() == Mode.WSGI || own || table.has("interpreter")) {
            check(table, own ? "virtualenv" : "interpreter", jail + python.interpreter(), settings);
        }
    }

    private void check(Section section, String key, String bytes, PoolSettings settings) {
        Complaints complaints = new Complaints(section, key, settings);
        PathWalk walk = PathWalk.to(Path.of(ByteText.toText(bytes)), owners);
        for (PathWalk.Step step : walk.steps()) {
            complaints.owner(step.folder(), step.owner());
            if (step.owner().isShared() && (!step.owner().isSticky() || complaints.strangersEntry(step))) {
                complaints.writable(step.folder(), step.owner());
            }
        }
        Optional<FileOwner> end = owners.of(walk.end()).filter(found -> walk.complete());
        if (end.isPresent()) {
            complaints.owner(walk.end(), end.get());
            if (end.get().isShared()) {
                complaints.writable(walk.end(), end.get());
            }
        }
    }

    /** What is said about one path of a pool. */
    private final class Complaints {
        private final Section section;
        private final String key;
        private final PoolSettings settings;

        Complaints(Section section, String key, PoolSettings settings) {
            this.section = section;
            this.key = key;
            this.settings = settings;
        }

        /** In a sticky folder a link is its maker's, who can make it another; whose a folder is, is looked at next. */
        boolean strangersEntry(PathWalk.Step step) {
            FileOwner entry = step.entry();
            return entry != null && entry.isLink() && entry.uid() != 0 && !mayOwn(entry.uid());
        }

        void owner(Path path, FileOwner owner) {
            if (owner.uid() == 0 || mayOwn(owner.uid())) {
                return;
            }
            String user = names.name(owner.uid())
                    .map(name -> Wording.quote(name))
                    .orElse("number " + Integer.toUnsignedString(owner.uid()));
            section.complain(
                    settings.scripts().severity(owner.isFolder() ? CheckName.DIRECTORY_OWNER : CheckName.OWNER),
                    key,
                    what(path, owner) + " belongs to user " + user
                            + ", who decides what is in it, and is "
                            + (settings.identity().runAs() instanceof RunAs.Owner
                                    ? "not root, to whom all must belong down to a root of \"@owner\"; chown it to root"
                                    : "neither root nor the pool's user; chown it"));
        }

        private boolean mayOwn(int uid) {
            RunAs runAs = settings.identity().runAs();
            if (runAs instanceof RunAs.User user) {
                return uid == user.uid();
            }
            // Nobody's rights are lent to scripts by a daemon that has no more than its own.
            return !(runAs instanceof RunAs.Owner || self.isRoot() || self.privileged());
        }

        void writable(Path path, FileOwner owner) {
            section.complain(
                    settings.scripts().severity(owner.isFolder() ? CheckName.DIRECTORY_WRITABLE : CheckName.WRITABLE),
                    key,
                    what(path, owner) + " has mode " + OctalText.format(owner.mode() & 07777)
                            + ", so that others than its owner can replace what is in it; chmod go-w");
        }

        private static String what(Path path, FileOwner owner) {
            return (owner.isFolder() ? "the folder " : "the file ") + Wording.quote(path.toString());
        }
    }
}
