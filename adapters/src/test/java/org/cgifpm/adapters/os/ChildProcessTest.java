package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ChildProcessTest {
    private final Syscalls syscalls = new Syscalls();

    @Test
    void knowsNothingOfAnEndWhileTheProcessLives() throws Exception {
        try (Started cat = Started.program(syscalls, "/bin/cat")) {
            assertNull(cat.child.peek());
        }
    }

    @Test
    void peeksAtTheExitCodeAndLeavesAZombieUntilItReaps() throws Exception {
        try (Started exit = Started.shell(syscalls, "exit 7").awaitExit()) {
            assertEquals(new ExitStatus(7, 0, 0, 0), exit.child.peek());
            assertEquals(new ExitStatus(7, 0, 0, 0), exit.child.peek(), "a second look");
            assertTrue(Processes.isZombie(exit.pid()));

            ExitStatus status = exit.reap();

            assertEquals(7, status.code());
            assertFalse(status.killed());
            assertEquals("exit status 7", status.words());
            assertFalse(Processes.children().contains(exit.pid()));
        }
    }

    @Test
    void closesThePidfdWhenItReaps() throws Exception {
        Set<String> before = Processes.descriptors(ProcessHandle.current().pid());
        try (Started exit = Started.program(syscalls, "/bin/true").awaitExit()) {
            exit.reap();
        }
        Set<String> after = Processes.descriptors(ProcessHandle.current().pid());

        assertEquals(before.size(), after.size());
    }

    @Test
    void namesTheSignalThatEndedIt() throws Exception {
        try (Started killed = Started.shell(syscalls, "kill -SEGV $$").awaitExit()) {
            assertEquals(new ExitStatus(0, 11, 0, 0), killed.child.peek());

            ExitStatus status = killed.reap();

            assertTrue(status.killed());
            assertEquals("killed by SIGSEGV", status.words());
        }
    }

    @Test
    void tellsTheProcessorTimeOfTheProcessAndOfWhatItWaitedFor() throws Exception {
        try (Started busy = Started.shell(syscalls, "/bin/sh -c 'i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done'")
                .awaitExit()) {
            ExitStatus status = busy.reap();
            long micros = status.userMicros() + status.systemMicros();

            assertTrue(micros > 1_000 && micros < 10_000_000, micros + " microseconds");
        }
    }

    @Test
    void signalsTheWholeGroup() throws Exception {
        try (Started parent = Started.shell(syscalls, "/bin/cat /dev/zero >/dev/null & echo $!; wait")) {
            int grandchild = Integer.parseInt(parent.line());
            assertTrue(Processes.lives(grandchild));

            parent.child.killGroup(SignalName.SIGKILL);

            assertEquals(9, parent.awaitExit().reap().signal());
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !Processes.lives(grandchild));
        }
    }

    @Test
    void waitsAgainWhenASignalInterruptsIt() throws Exception {
        FailingLibc libc = new FailingLibc();
        try (Started exit = Started.shell(libc.syscalls(), "exit 3").awaitExit()) {
            libc.fail("wait4", 1, Errno.EINTR);

            assertEquals(3, exit.reap().code());
            assertTrue(libc.disarm());
        }
    }
}
