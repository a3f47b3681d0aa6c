package org.cgifpm.daemon.supervisor.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.os.FileStatus;
import org.jspecify.annotations.Nullable;

/**
 * Makes subjects that nothing is wrong with, and then something. The script is {@code /srv/www/a/b.cgi} of alice, who
 * is uid 1001 and in the groups 1001 and 2000; it runs as her.
 */
final class Subjects {
    static final int ALICE = 1001;
    static final int BOB = 1002;
    static final int ALICES_OTHER_GROUP = 2000;
    private static final int FILE = 0100000;
    private static final int FOLDER = 0040000;

    private static final Names NAMES = new Names() {
        @Override
        public Optional<String> user(int uid) {
            return switch (uid) {
                case 0 -> Optional.of("root");
                case ALICE -> Optional.of("alice");
                case BOB -> Optional.of("bob");
                default -> Optional.empty();
            };
        }

        @Override
        public Optional<String> group(int gid) {
            return gid == 33 ? Optional.of("www-data") : Optional.empty();
        }
    };

    private String wanted = "/srv/www/a/b.cgi";
    private String name = "b.cgi";
    private FileStatus script = status(FILE | 0755, ALICE, ALICE);
    private final List<Folder> folders = new ArrayList<>(List.of(
            new Folder(status(FOLDER | 0755, 0, 0), "/srv/www", true),
            new Folder(status(FOLDER | 0755, ALICE, ALICE), "/srv/www/a", true)));
    private final List<Link> links = new ArrayList<>();
    private Runner runner = alice(Runner.Kind.USER);
    private @Nullable String interpreter;
    private boolean permitted = true;

    private Subjects() {}

    static Subjects right() {
        return new Subjects();
    }

    static Runner alice(Runner.Kind kind) {
        return new Runner(kind, new Confinement.Identity("alice", ALICE, ALICE, List.of(ALICE, ALICES_OTHER_GROUP)));
    }

    static FileStatus status(int mode, int uid, int gid) {
        return new FileStatus(mode, uid, gid, 1, 1, 10, 0, 0);
    }

    Subjects wanted(String path) {
        wanted = path;
        return this;
    }

    Subjects name(String other) {
        name = other;
        return this;
    }

    /** The script as a regular file. */
    Subjects script(int permissions, int uid, int gid) {
        script = status(FILE | permissions, uid, gid);
        return this;
    }

    Subjects kind(int type) {
        script = status(type | 0755, ALICE, ALICE);
        return this;
    }

    /** The pool's root. */
    Subjects root(int permissions, int uid) {
        folders.set(0, new Folder(status(FOLDER | permissions, uid, uid), "/srv/www", true));
        return this;
    }

    /** The script's folder. */
    Subjects folder(int permissions, int uid) {
        folders.set(1, new Folder(status(FOLDER | permissions, uid, uid), "/srv/www/a", true));
        return this;
    }

    Subjects outside() {
        folders.set(1, new Folder(status(FOLDER | 0755, 0, 0), "/etc", false));
        return this;
    }

    Subjects link(int owner, int targetOwner) {
        links.add(new Link("/srv/www/l" + links.size(), owner, targetOwner));
        return this;
    }

    Subjects runner(Runner.Kind kind, int uid, int gid) {
        runner = new Runner(kind, new Confinement.Identity("someone", uid, gid, List.of(gid)));
        return this;
    }

    Subjects runner(Runner.Kind kind) {
        runner = alice(kind);
        return this;
    }

    Subjects interpreter(String program) {
        interpreter = program;
        return this;
    }

    Subjects notPermitted() {
        permitted = false;
        return this;
    }

    Subject get() {
        return new Subject(
                wanted,
                "/srv/www",
                folders,
                links,
                folders.get(1),
                name,
                script,
                runner,
                interpreter,
                permitted,
                NAMES);
    }

    /** What that check says, in one line; "passed" if nothing is wrong. */
    String askedBy(Check check) {
        Verdict verdict = check.look(get());
        return verdict instanceof Verdict.Failed failed
                ? (failed.always() ? "always: " : "") + failed.words()
                : verdict == Verdict.PASSED ? "passed" : verdict.toString();
    }
}
