package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class GroupMemberTest {
    /** Prints the pid of a process that stays behind with nothing of its parent's but the group, and exits. */
    private static final String LEAVES_ONE_BEHIND = "/bin/sleep 300 </dev/null >/dev/null 2>&1 & echo $!";

    private final Syscalls syscalls = new Syscalls();

    @Test
    void knowsThatNobodyIsLeft() throws Exception {
        try (Started alone = Started.program(syscalls, "/bin/true").awaitExit()) {
            alone.reap();

            assertFalse(GroupMember.groupLives(syscalls, alone.pid()));
            assertNull(GroupMember.find(syscalls, alone.pid()));
        }
    }

    @Test
    void findsWhoOutlivedTheLeaderAndEndsTheGroup() throws Exception {
        try (Started leader = Started.shell(syscalls, LEAVES_ONE_BEHIND)) {
            int left = Integer.parseInt(leader.line());
            leader.awaitExit().reap();
            assertTrue(GroupMember.groupLives(syscalls, leader.pid()));

            GroupMember member = GroupMember.find(syscalls, leader.pid());

            assertNotNull(member);
            assertFalse(member.hasEnded());
            member.killGroup(SignalName.SIGTERM);
            Started.awaitReadable(syscalls, member.pidfd());
            assertTrue(member.hasEnded());
            assertFalse(Processes.lives(left));
            assertNull(GroupMember.find(syscalls, leader.pid()), "a zombie is nobody");
            member.close();
        }
    }

    @Test
    void doesNotTakeItsOwnTroubleForAnEmptyGroup() throws Exception {
        FailingLibc libc = new FailingLibc();
        Syscalls failing = libc.syscalls();
        try (Started leader = Started.shell(failing, LEAVES_ONE_BEHIND)) {
            leader.line();
            leader.awaitExit().reap();
            libc.fail("pidfd_open", 1, Errno.EMFILE);

            assertThrows(IOException.class, () -> GroupMember.find(failing, leader.pid()));

            assertTrue(libc.disarm());
            GroupMember member = GroupMember.find(failing, leader.pid());
            assertNotNull(member);
            member.killGroup(SignalName.SIGKILL);
            Started.awaitReadable(failing, member.pidfd());
            member.close();
        }
    }

    @Test
    void asksForTheGroupOfTheLeaderOnlyAndNotForAStrangersWithItsNumber() throws Exception {
        try (Started stranger = Started.program(syscalls, "/bin/cat")) {
            // A living process has that number: whoever led a group of that number before, the group is gone.
            assertFalse(GroupMember.groupLives(syscalls, stranger.pid()));
            assertNull(GroupMember.find(syscalls, stranger.pid()));
            assertEquals(
                    stranger.pid(),
                    Integer.parseInt(Processes.stat(stranger.pid()).get(2)));
        }
    }
}
