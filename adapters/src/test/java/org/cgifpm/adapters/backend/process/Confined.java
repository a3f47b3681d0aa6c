package org.cgifpm.adapters.backend.process;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.Confinement.Limits;

/** Confinements for tests. The numbers belong to no user of the machine: nothing looks them up. */
public final class Confined {
    public static final int UID = 54_301;
    public static final int GID = 54_302;
    public static final Identity SOMEBODY = new Identity("somebody", UID, GID, List.of(GID, 54_303));

    private Confined() {}

    public static Confinement as(Identity identity) {
        return with(Optional.of(identity), Limits.NONE);
    }

    public static Confinement somebody() {
        return as(SOMEBODY);
    }

    public static Confinement somebody(Limits limits) {
        return with(Optional.of(SOMEBODY), limits);
    }

    public static Confinement with(Optional<Identity> identity, Limits limits) {
        return new Confinement(identity, limits, 022, 0, true, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static Confinement umask(Confinement from, int umask) {
        return new Confinement(
                from.identity(),
                from.limits(),
                umask,
                from.nice(),
                from.noNewPrivileges(),
                from.chroot(),
                from.apparmorProfile(),
                from.selinuxLabel());
    }

    public static Confinement nice(Confinement from, int nice) {
        return new Confinement(
                from.identity(),
                from.limits(),
                from.umask(),
                nice,
                from.noNewPrivileges(),
                from.chroot(),
                from.apparmorProfile(),
                from.selinuxLabel());
    }

    public static Confinement noNewPrivileges(Confinement from, boolean wanted) {
        return new Confinement(
                from.identity(),
                from.limits(),
                from.umask(),
                from.nice(),
                wanted,
                from.chroot(),
                from.apparmorProfile(),
                from.selinuxLabel());
    }

    public static Confinement chroot(Confinement from, String folder) {
        return new Confinement(
                from.identity(),
                from.limits(),
                from.umask(),
                from.nice(),
                from.noNewPrivileges(),
                Optional.of(folder),
                from.apparmorProfile(),
                from.selinuxLabel());
    }

    public static Confinement labels(Confinement from, String apparmor, String selinux) {
        return new Confinement(
                from.identity(),
                from.limits(),
                from.umask(),
                from.nice(),
                from.noNewPrivileges(),
                from.chroot(),
                Optional.of(apparmor),
                Optional.of(selinux));
    }

    /** In the order of the record; -1 for none. */
    public static Limits limits(
            long cpu, long memory, long files, long processes, long fileSize, long core, long stack) {
        return new Limits(
                some(cpu), some(memory), some(files), some(processes), some(fileSize), some(core), some(stack));
    }

    private static OptionalLong some(long value) {
        return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
