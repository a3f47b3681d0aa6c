package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ProcessStateTest {
    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;
    private static final int NO_PROCESS = 1 << 30;

    private final Syscalls syscalls = new Syscalls();

    @Test
    void tellsAProcessThatSomebodyHasStoppedFromOneThatWaits() throws Exception {
        try (Started sleeper = Started.program(syscalls, "/bin/sleep", "300")) {
            assertFalse(ProcessState.isStopped(syscalls, sleeper.pid()));

            sleeper.child.killGroup(SIGSTOP);
            Awaitility.await().until(() -> ProcessState.isStopped(syscalls, sleeper.pid()));
            sleeper.child.killGroup(SIGCONT);
            Awaitility.await().until(() -> !ProcessState.isStopped(syscalls, sleeper.pid()));
        }
    }

    @Test
    void isNotFooledByAName() throws Exception {
        String name = "a\\nState:\\tT";
        try (Started liar = Started.program(
                syscalls,
                "/usr/bin/python3",
                "-c",
                "open('/proc/self/comm', 'w').write('" + name + "')\nprint('named', flush=True)\n"
                        + "import time\ntime.sleep(300)")) {
            assertEquals("named", liar.line());
            assertFalse(ProcessState.isStopped(syscalls, liar.pid()));
        }
    }

    @Test
    void tellsWhoHasStartedAProcess() throws Exception {
        try (Started shell = Started.shell(syscalls, "sleep 300 & echo $!; wait")) {
            int child = Integer.parseInt(shell.line());

            assertEquals(syscalls.pid(), ProcessState.parent(syscalls, shell.pid()));
            assertEquals(shell.pid(), ProcessState.parent(syscalls, child));
        }
    }

    @Test
    void saysNothingOfAProcessThatIsGone() {
        assertFalse(ProcessState.isStopped(syscalls, NO_PROCESS));
        assertEquals(-1, ProcessState.parent(syscalls, NO_PROCESS));
        assertTrue(ProcessState.parent(syscalls, syscalls.pid()) > 0);
    }
}
