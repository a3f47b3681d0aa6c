package org.cgifpm.daemon.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads whom a pool's scripts run as: {@code user}, {@code group} and {@code groups}. What cannot be had is a problem,
 * and {@link RunAs.Self} takes its place until the file is refused.
 */
final class PoolUser {
    private static final RunAs SELF = new RunAs.Self();
    private static final String OWNER = "@owner";

    private final Section pool;
    private final Identity self;
    private final UserNames names;
    private final LeastIds least;
    private final IdKeys ids;

    PoolUser(Section pool, Identity self, UserNames names, LeastIds least) {
        this.pool = pool;
        this.self = self;
        this.names = names;
        this.least = least;
        this.ids = new IdKeys(pool, names);
    }

    RunAs read() {
        if (!pool.has("user")) {
            return withoutUser();
        }
        Optional<String> user = ids.text("user");
        if (user.isEmpty()) {
            return SELF;
        }
        if (user.get().startsWith("@")) {
            return owner(user.get());
        }
        Optional<NamedId> id = ids.user("user", user.get());
        if (id.isEmpty()) {
            return SELF;
        }
        if (id.get().id() == 0 && !user.get().equals("root")) {
            pool.problem("user", Wording.quote(user.get()) + " is root; write \"root\" by name");
            return SELF;
        }
        return ofUser(id.get());
    }

    private RunAs withoutUser() {
        if (self.isRoot() || self.privileged()) {
            String who = self.isRoot() ? "a daemon that is root" : "a daemon with CAP_SETUID and CAP_SETGID";
            pool.problem(
                    "user",
                    "missing: " + who + " refuses a pool without it; name the user whom its scripts shall run as,"
                            + " or \"@owner\", or \"root\" if it shall be root");
        } else {
            refuseGroupsOfOurOwn();
        }
        return SELF;
    }

    private RunAs owner(String text) {
        if (!text.equals(OWNER)) {
            pool.problem(
                    "user", Wording.quote(text) + " is no name; the only word with an @ is " + Wording.quote(OWNER));
            return SELF;
        }
        if (!self.privileged()) {
            pool.problem("user", cannotBecome(text));
        }
        for (String key : List.of("group", "groups")) {
            if (pool.has(key)) {
                pool.problem(key, "has no effect with user = \"@owner\", who brings groups along; remove it");
            }
        }
        return new RunAs.Owner();
    }

    private RunAs ofUser(NamedId user) {
        boolean own = user.id() == self.uid();
        if (!self.privileged()) {
            if (own) {
                refuseGroupsOfOurOwn();
            } else {
                pool.problem("user", cannotBecome(user.name()));
            }
            return SELF;
        }
        if (own && self.isRoot() && !pool.has("group") && !pool.has("groups")) {
            return SELF;
        }
        return resolved(user);
    }

    private void refuseGroupsOfOurOwn() {
        for (String key : List.of("group", "groups")) {
            if (pool.has(key)) {
                pool.problem(
                        key,
                        "cannot be had: the daemon runs as " + Wording.quote(self.name())
                                + " without CAP_SETGID; remove the key, or start the daemon as root");
            }
        }
    }

    private String cannotBecome(String user) {
        return Wording.quote(user) + " cannot be had: the daemon runs as " + Wording.quote(self.name())
                + " without CAP_SETUID and CAP_SETGID; start it as root or with them"
                + (user.equals(OWNER) || self.isRoot() ? "" : ", start it as that user")
                + (self.isRoot() ? "" : ", or remove the key");
    }

    private RunAs resolved(NamedId user) {
        Optional<String> name = Section.isNumber(user.name()) ? names.name(user.id()) : Optional.of(user.name());
        Optional<NamedId> group = pool.has("group") ? ids.group("group") : ownGroup(user);
        Optional<List<NamedId>> listed = ids.groups("groups");
        if (group.isEmpty()) {
            return SELF;
        }
        if (!user.name().equals("root")) {
            least.user(user);
            if (pool.has("group")) {
                least.group("group", group.get());
            } else {
                least.ownGroup(group.get().id());
            }
            listed.orElse(List.of()).forEach(one -> least.group("groups", one));
        }
        int gid = group.get().id();
        List<Integer> groups = listed.isPresent()
                ? listed.get().stream().map(NamedId::id).toList()
                : name.map(known -> names.groups(known, gid)).orElse(List.of());
        Set<Integer> once = new LinkedHashSet<>(groups);
        return new RunAs.User(name.orElse(user.name()), user.id(), gid, List.copyOf(once));
    }

    private Optional<NamedId> ownGroup(NamedId user) {
        OptionalInt gid = names.groupOf(user.id());
        if (gid.isEmpty()) {
            pool.problem(
                    "group",
                    "missing: the system knows no group of user " + user.name()
                            + "; name one, such as group = \"nogroup\"");
            return Optional.empty();
        }
        return Optional.of(new NamedId(Integer.toUnsignedString(gid.getAsInt()), gid.getAsInt()));
    }
}
