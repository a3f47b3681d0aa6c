package org.cgifpm.daemon.config;

import java.util.Optional;
import java.util.OptionalInt;

/** Reads a pool's {@code user}: in this version only whoever the daemon is, and root only by that name. */
final class PoolUser {
    private static final String REFUSED = " is refused until this version can change identity: the daemon runs as ";

    private final Section pool;
    private final Identity self;
    private final UserNames names;

    PoolUser(Section pool, Identity self, UserNames names) {
        this.pool = pool;
        this.self = self;
        this.names = names;
    }

    Optional<String> read() {
        if (!pool.has("user")) {
            if (self.isRoot()) {
                pool.problem(
                        "user",
                        "missing: a daemon that is root refuses a pool without it; say user = \"root\" if its scripts"
                                + " shall run as root, or start the daemon as another user");
            }
            return Optional.empty();
        }
        Optional<String> user =
                pool.value("user") instanceof Long id ? Optional.of(Long.toString(id)) : pool.string("user");
        user.ifPresent(this::check);
        return user;
    }

    private void check(String user) {
        boolean number = Section.isNumber(user);
        if (self.isRoot()) {
            if (user.equals("root")) {
                return;
            }
            if (number ? user.equals("0") : isMyself(user)) {
                pool.problem("user", Wording.quote(user) + " is root; write \"root\" by name");
                return;
            }
        } else if (user.equals(self.name()) || user.equals(Integer.toUnsignedString(self.uid())) || isMyself(user)) {
            return;
        }
        if (!number
                && !user.startsWith("@")
                && (user.isEmpty() || names.uid(user).isEmpty())) {
            pool.problem("user", "there is no user " + Wording.quote(user) + " on this system");
            return;
        }
        String advice = self.isRoot()
                ? "write \"root\", or start the daemon as that user"
                : "remove the key, or start the daemon as that user";
        pool.problem("user", Wording.quote(user) + REFUSED + Wording.quote(self.name()) + "; " + advice);
    }

    /** Whether a name means the daemon's own number, as two names may share one. */
    private boolean isMyself(String user) {
        if (user.isEmpty() || Section.isNumber(user) || user.startsWith("@")) {
            return false;
        }
        OptionalInt uid = names.uid(user);
        return uid.isPresent() && uid.getAsInt() == self.uid();
    }
}
