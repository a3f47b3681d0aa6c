package org.cgifpm.daemon.config;

/**
 * Which files the users of a pool can write, by owner and mode alone. Says yes to nothing for a pool that runs as the
 * daemon: what the daemon writes, it can write too.
 */
final class PoolWriter {
    private final IdentitySettings identity;

    PoolWriter(IdentitySettings identity) {
        this.identity = identity;
    }

    /** For {@code @owner} anybody who may own scripts. */
    boolean owns(FileOwner file) {
        if (identity.runAs() instanceof RunAs.User user) {
            return file.uid() == user.uid() && user.uid() != 0;
        }
        return identity.runAs() instanceof RunAs.Owner && Integer.compareUnsigned(file.uid(), identity.minUid()) >= 0;
    }

    boolean canWrite(FileOwner file) {
        if (owns(file)) {
            return true;
        }
        if (identity.runAs() instanceof RunAs.User user) {
            boolean member = user.gid() == file.gid() || user.groups().contains(file.gid());
            return user.uid() != 0 && ((file.mode() & 02) != 0 || (member && (file.mode() & 020) != 0));
        }
        boolean group = Integer.compareUnsigned(file.gid(), identity.minGid()) >= 0 && (file.mode() & 020) != 0;
        return identity.runAs() instanceof RunAs.Owner && ((file.mode() & 02) != 0 || group);
    }

    /** As messages name them. */
    String name() {
        return identity.runAs() instanceof RunAs.User user
                ? "user " + Wording.quote(user.name())
                : "an owner of scripts";
    }
}
