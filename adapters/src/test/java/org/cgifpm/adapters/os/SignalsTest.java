package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalsTest {
    private static final long SIG_IGN = 1;
    private final Syscalls syscalls = new Syscalls();

    @ParameterizedTest(name = "SIG{0}")
    @CsvSource({"HUP, 1", "USR1, 10", "TERM, 15"})
    void runsATaskWhenASignalComes(String name, int number) throws Exception {
        Semaphore came = new Semaphore(0);
        Signals.on(name, came::release);

        for (int i = 0; i < 2; i++) {
            syscalls.libc().kill(syscalls.pid(), number);
            assertTrue(came.tryAcquire(10, TimeUnit.SECONDS), "time " + i);
        }
    }

    @Test
    void collectsChildrenAlsoWhenTheStarterOfTheDaemonIgnoredThem() throws Exception {
        syscalls.libc().signal(SignalName.SIGCHLD, SIG_IGN);

        Signals.childrenAreWaitedFor(syscalls);

        try (Started exit = Started.shell(syscalls, "exit 9").awaitExit()) {
            assertEquals(9, exit.reap().code());
        }
    }

    @Test
    void hasANameForEverySignal() {
        assertEquals("SIGTERM", SignalName.of(15));
        assertEquals("SIGSYS", SignalName.of(31));
        assertEquals("signal 0", SignalName.of(0));
        assertEquals("signal 35", SignalName.of(35));
    }
}
