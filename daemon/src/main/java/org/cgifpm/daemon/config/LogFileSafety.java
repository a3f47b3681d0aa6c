package org.cgifpm.daemon.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Says so when a log cannot be written, or others could make the daemon write elsewhere: whoever can write a
 * folder on the way can put a link to /etc/cron.d in its place. A daemon that can become anybody wants all of these
 * folders to be root's or its own, whichever pool the log is of; one that cannot, fears the pool's users alone.
 */
final class LogFileSafety {
    private final Section pool;
    private final FileOwners owners;
    private final UserNames names;
    private final Identity self;
    private final PoolWriter writer;

    LogFileSafety(Section pool, FileOwners owners, UserNames names, Identity self, IdentitySettings identity) {
        this.pool = pool;
        this.owners = owners;
        this.names = names;
        this.self = self;
        this.writer = new PoolWriter(identity);
    }

    void check(RequestLogs logs) {
        check("access_log", logs.accessLog());
        check("slowlog", logs.slowLog());
    }

    /** @param bytes the path that the key gives, bytes as ISO-8859-1; empty: there is nothing to say */
    void check(String key, Optional<String> bytes) {
        if (bytes.isEmpty()) {
            return;
        }
        String text = ByteText.toText(bytes.get());
        String complaint = Folders.complaint(Folders.parent(text));
        if (complaint != null) {
            pool.problem(
                    key, "its folder " + Wording.quote(Folders.parent(text)) + " " + complaint + "; make it first");
            return;
        }
        Path file = Path.of(text);
        for (PathWalk.Step step : PathWalk.to(file, owners).steps()) {
            FileOwner entry = step.entry();
            if (step.last() && entry != null && (entry.isFolder() || entry.isLink())) {
                String what = entry.isFolder() ? "a folder" : "a symbolic link, which is not followed for a log";
                pool.problem(key, Wording.quote(text) + " is " + what + "; name a file");
                return;
            }
            String foreign = self.isRoot() || self.privileged() ? foreign(step) : "";
            if (!foreign.isEmpty()) {
                pool.problem(key, "the folder " + Wording.quote(step.folder().toString()) + " " + foreign);
                return;
            }
            if (isReplaceable(step)) {
                pool.problem(
                        key,
                        "the folder " + Wording.quote(step.folder().toString()) + " can be written by " + writer.name()
                                + ", who could put a link in place of the log; choose a folder that only the daemon can"
                                + " write");
                return;
            }
            if (step.last() && entry != null && writer.canWrite(entry)) {
                pool.problem(
                        key,
                        Wording.quote(text) + " can be written by " + writer.name()
                                + ", who could change what it says; chown it to the daemon's user, chmod 0640");
                return;
            }
        }
    }

    /** What lets another than root and the daemon change the folder; "" if nothing does. */
    private String foreign(PathWalk.Step step) {
        FileOwner folder = step.owner();
        if (folder.uid() != 0 && folder.uid() != self.uid()) {
            String user = names.name(folder.uid())
                    .map(name -> Wording.quote(name))
                    .orElse("number " + Integer.toUnsignedString(folder.uid()));
            return "belongs to user " + user + ", who could have this daemon write any file; chown it to root";
        }
        if (folder.isShared() && !step.guarded()) {
            return "has mode " + OctalText.format(folder.mode() & 07777)
                    + ", so that others than root could have this daemon write any file; chmod go-w, or choose another"
                    + " folder";
        }
        return "";
    }

    private boolean isReplaceable(PathWalk.Step step) {
        FileOwner entry = step.entry();
        boolean another = entry != null && !step.last() && !writer.owns(entry);
        return writer.owns(step.owner())
                || (writer.canWrite(step.owner()) && !(step.owner().isSticky() && another));
    }
}
