package org.cgifpm.daemon.cli;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.cgifpm.adapters.os.Users;
import org.cgifpm.daemon.config.UserNames;

/** The users and groups of this system, for the configuration. May block. */
record SystemNames(Users users) implements UserNames {
    @Override
    public OptionalInt uid(String name) {
        return users.uid(name);
    }

    @Override
    public OptionalInt gid(String name) {
        return users.gid(name);
    }

    @Override
    public Optional<String> name(int uid) {
        return users.name(uid);
    }

    @Override
    public OptionalInt groupOf(int uid) {
        return users.groupOf(uid);
    }

    @Override
    public List<Integer> groups(String user, int gid) {
        return users.groups(user, gid);
    }
}
