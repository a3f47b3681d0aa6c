package org.cgifpm.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Reads keys of a pool that name users or groups: by name, or by number, which then need not have a name. */
final class IdKeys {
    private static final long LARGEST_ID = 0xffff_fffeL;

    private final Section pool;
    private final UserNames names;

    IdKeys(Section pool, UserNames names) {
        this.pool = pool;
        this.names = names;
    }

    Optional<NamedId> user(String key) {
        return text(key).flatMap(name -> user(key, name));
    }

    Optional<NamedId> user(String key, String name) {
        return named(key, name, "user", names::uid);
    }

    Optional<NamedId> group(String key) {
        return text(key).flatMap(name -> named(key, name, "group", names::gid));
    }

    /** An array of users, those that there are; empty if the key is not set. */
    Optional<List<NamedId>> users(String key) {
        return all(key, "user", names::uid);
    }

    /** An array of groups, those that there are; empty if the key is not set. */
    Optional<List<NamedId>> groups(String key) {
        return all(key, "group", names::gid);
    }

    /** What a key says, a number in digits. */
    Optional<String> text(String key) {
        return pool.value(key) instanceof Long number ? Optional.of(Long.toString(number)) : pool.string(key);
    }

    private Optional<List<NamedId>> all(String key, String kind, Function<String, OptionalInt> lookUp) {
        return pool.strings(key, true).map(listed -> {
            List<NamedId> ids = new ArrayList<>();
            for (String name : listed) {
                named(key, name, kind, lookUp).ifPresent(ids::add);
            }
            return ids;
        });
    }

    private Optional<NamedId> named(String key, String name, String kind, Function<String, OptionalInt> lookUp) {
        if (Section.isNumber(name)) {
            if (name.length() <= 10 && Long.parseLong(name) <= LARGEST_ID) {
                return Optional.of(new NamedId(name, (int) Long.parseLong(name)));
            }
            pool.problem(key, name + " is out of range; ids go from 0 to " + LARGEST_ID);
            return Optional.empty();
        }
        OptionalInt id = name.isEmpty() || name.startsWith("-") ? OptionalInt.empty() : lookUp.apply(name);
        if (id.isEmpty()) {
            pool.problem(key, "there is no " + kind + " " + Wording.quote(name) + " on this system");
            return Optional.empty();
        }
        return Optional.of(new NamedId(name, id.getAsInt()));
    }
}
