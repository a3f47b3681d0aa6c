package org.cgifpm.daemon.supervisor;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.os.Users;
import org.cgifpm.daemon.supervisor.checks.Names;

/**
 * Who the owners of scripts are, as the system's databases have it, asked at most once a minute for each. May block:
 * launch threads.
 */
final class OwnerIdentities implements Names {
    private final Users users;
    private final Remembered<Confinement.Identity> identities;
    private final Remembered<String> userNames;
    private final Remembered<String> groupNames;

    OwnerIdentities(Syscalls syscalls, LongSupplier nanos) {
        this.users = new Users(syscalls);
        this.identities = new Remembered<>(this::lookUp, nanos);
        this.userNames = new Remembered<>(users::name, nanos);
        this.groupNames = new Remembered<>(users::groupName, nanos);
    }

    /**
     * That user with the groups that the system gives him; empty if the system has no such user, or only with a number that
     * is none: to setresuid(2) and setresgid(2) -1 means "as it is", so that the daemon's own would stay.
     */
    Optional<Confinement.Identity> of(int uid) {
        return identities.of(uid);
    }

    private Optional<Confinement.Identity> lookUp(int uid) {
        Optional<String> name = users.name(uid);
        OptionalInt gid = users.groupOf(uid);
        if (name.isEmpty() || gid.isEmpty()) {
            return Optional.empty();
        }
        return usable(
                new Confinement.Identity(name.get(), uid, gid.getAsInt(), users.groups(name.get(), gid.getAsInt())));
    }

    static Optional<Confinement.Identity> usable(Confinement.Identity found) {
        boolean none = found.uid() == -1 || found.gid() == -1 || found.groups().contains(-1);
        return none ? Optional.empty() : Optional.of(found);
    }

    @Override
    public Optional<String> user(int uid) {
        return userNames.of(uid);
    }

    @Override
    public Optional<String> group(int gid) {
        return groupNames.of(gid);
    }
}
