package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.daemon.config.IdentitySettings;
import org.cgifpm.daemon.config.LimitSettings;
import org.cgifpm.daemon.supervisor.checks.Runner;
import org.junit.jupiter.api.Test;

class ConfinementsTest {
    private static final Confinement.Identity ALICE = new Confinement.Identity("alice", 1001, 1001, List.of(1001, 27));
    private static final Runner SELF = new Runner(Runner.Kind.SELF, ALICE);
    private static final Runner USER = new Runner(Runner.Kind.USER, ALICE);

    private static LimitSettings limits(OptionalInt files, OptionalLong memoryMax) {
        return new LimitSettings(
                Optional.empty(),
                OptionalLong.empty(),
                files,
                OptionalInt.empty(),
                OptionalLong.empty(),
                0,
                OptionalLong.empty(),
                memoryMax,
                OptionalInt.empty(),
                OptionalInt.empty());
    }

    @Test
    void theDaemonsOwnUserWithoutWishesIsLeftAsItIs() {
        assertSame(Confinement.NONE, Confinements.of(IdentitySettings.DEFAULT, LimitSettings.DEFAULT, SELF));
        LimitSettings ofTheGroup = limits(OptionalInt.empty(), OptionalLong.of(1 << 20));
        assertSame(Confinement.NONE, Confinements.of(IdentitySettings.DEFAULT, ofTheGroup, SELF));
    }

    @Test
    void oneLimitIsEnoughForAConfinementWithoutAnIdentity() {
        Confinement confinement =
                Confinements.of(IdentitySettings.DEFAULT, limits(OptionalInt.of(64), OptionalLong.empty()), SELF);
        assertNotEquals(Confinement.NONE, confinement);
        assertEquals(Optional.empty(), confinement.identity());
        assertEquals(OptionalLong.of(64), confinement.limits().files());
    }

    @Test
    void soIsOneWordOfThePoolsAlsoWhereItSaysWhatIsTheDefault() {
        IdentitySettings defaults = IdentitySettings.DEFAULT;
        IdentitySettings written = new IdentitySettings(
                defaults.user(),
                defaults.group(),
                defaults.groups(),
                defaults.runAs(),
                defaults.minUid(),
                defaults.minGid(),
                defaults.noNewPrivileges(),
                defaults.umask(),
                defaults.nice(),
                defaults.chroot(),
                defaults.apparmorProfile(),
                defaults.selinuxLabel(),
                true);
        assertEquals(true, Confinements.of(written, LimitSettings.DEFAULT, SELF).noNewPrivileges());
    }

    @Test
    void anotherUserIsTakenOnWithAllThatThePoolSays() {
        LimitSettings all = new LimitSettings(
                Optional.of(Duration.ofSeconds(30)),
                OptionalLong.of(1L << 33),
                OptionalInt.of(64),
                OptionalInt.of(20),
                OptionalLong.of(4096),
                7,
                OptionalLong.of(8192),
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalInt.empty());
        Confinement confinement = Confinements.of(IdentitySettings.DEFAULT, all, USER);
        assertEquals(Optional.of(ALICE), confinement.identity());
        assertEquals(
                new Confinement.Limits(
                        OptionalLong.of(30),
                        OptionalLong.of(1L << 33),
                        OptionalLong.of(64),
                        OptionalLong.of(20),
                        OptionalLong.of(4096),
                        OptionalLong.of(7),
                        OptionalLong.of(8192)),
                confinement.limits());
        assertEquals(true, confinement.noNewPrivileges());
        assertEquals(022, confinement.umask());
    }
}
