package org.cgifpm.daemon.config;

import java.io.IOException;
import java.nio.file.Path;

/** Says so when a pool's {@code chroot} cannot hold its scripts, or does not go together with its other keys. */
final class ChrootSafety {
    private final Section pool;
    private final Identity self;

    ChrootSafety(Section pool, Identity self) {
        this.pool = pool;
        this.self = self;
    }

    void check(PoolSettings settings) {
        if (settings.identity().chroot().isEmpty()) {
            return;
        }
        String chroot = ByteText.toText(settings.identity().chroot().get());
        String complaint = Folders.complaint(chroot);
        if (complaint != null) {
            pool.problem(
                    "chroot",
                    Wording.quote(chroot) + " " + complaint + "; name the folder that scripts shall see as /");
            return;
        }
        String root = ByteText.toText(settings.root());
        if (settings.mode() == Mode.WSGI) {
            pool.problem("chroot", "cannot be had with mode = \"wsgi\" in this version yet; remove it");
        } else if (settings.mode() == Mode.WORKER
                && !lies(
                        Folders.parent(
                                ByteText.toText(settings.workers().command().get(0))),
                        chroot)) {
            String program = ByteText.toText(settings.workers().command().get(0));
            pool.problem(
                    "chroot",
                    "command " + Wording.quote(program) + " does not lie in " + Wording.quote(chroot)
                            + "; write its path as it is seen from outside, such as "
                            + Wording.quote((chroot.equals("/") ? "" : chroot) + "/app/app.fcgi"));
        } else if (!lies(root, chroot)) {
            pool.problem(
                    "chroot",
                    "root " + Wording.quote(root) + " does not lie in " + Wording.quote(chroot)
                            + "; write root as it is seen from outside, such as "
                            + Wording.quote((chroot.equals("/") ? "" : chroot) + "/cgi-bin"));
        }
        if (!self.isRoot() && !self.privileged()) {
            pool.problem(
                    "chroot",
                    "cannot be had: the daemon runs as " + Wording.quote(self.name())
                            + " without CAP_SYS_CHROOT; start it as root, or remove the key");
        }
        if (settings.identity().groups().isPresent()) {
            pool.problem("groups", "cannot be had together with chroot; remove one of them");
        }
        RunAs runAs = settings.identity().runAs();
        if (runAs instanceof RunAs.Owner) {
            pool.problem("chroot", "cannot be had together with user = \"@owner\"; name a user, or remove the key");
        } else if (runAs instanceof RunAs.User user ? user.uid() == 0 : self.isRoot()) {
            pool.warning("chroot", "a script that runs as root can leave it; name another user");
        }
    }

    private static boolean lies(String root, String chroot) {
        try {
            return Path.of(root).toRealPath().startsWith(Path.of(chroot).toRealPath());
        } catch (IOException e) {
            return false;
        }
    }
}
