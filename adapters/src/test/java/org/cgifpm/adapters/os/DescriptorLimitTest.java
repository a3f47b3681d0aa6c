package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes the limit of the process that the tests run in, and gives it back. */
class DescriptorLimitTest {
    private static final int RLIMIT_NOFILE = 7;
    private static final String CHILDREN = Integer.toString(DescriptorLimit.CHILD_SOFT_LIMIT);

    private final Syscalls syscalls = new Syscalls();
    private final NativeMemory before = new NativeMemory(16);

    @SuppressWarnings("NullAway.Init")
    private DescriptorLimit limit;

    @BeforeEach
    void remember() throws Exception {
        syscalls.libc().getrlimit(RLIMIT_NOFILE, before.address());
        limit = new DescriptorLimit(syscalls);
    }

    @AfterEach
    void giveBack() {
        syscalls.libc().setrlimit(RLIMIT_NOFILE, before.address());
    }

    @Test
    void letsChildrenInheritOneThousandAndTwentyFour() throws Exception {
        assertFalse(limit.raised());
        try (Started cat = Started.program(syscalls, "/bin/cat")) {
            assertEquals(CHILDREN, Processes.softDescriptorLimit(cat.pid()));
        }
    }

    @Test
    void raisesTheDaemonsLimitBeforeItIsReachedAndLowersItAgain() {
        limit.opened(DescriptorLimit.RAISE_AT - 1);
        assertFalse(limit.raised());

        limit.opened(DescriptorLimit.RAISE_AT);
        assertTrue(limit.raised());
        assertEquals(
                hard(), Processes.softDescriptorLimit(ProcessHandle.current().pid()));

        limit.opened(DescriptorLimit.LOWER_AT);
        assertTrue(limit.raised(), "not yet: or it would go up and down with every request");

        limit.opened(DescriptorLimit.LOWER_AT - 1);
        assertFalse(limit.raised());
        assertEquals(
                CHILDREN, Processes.softDescriptorLimit(ProcessHandle.current().pid()));
    }

    @Test
    void givesAChildTheUsualLimitWhileTheDaemonsIsRaised() throws Exception {
        limit.opened(DescriptorLimit.RAISE_AT);
        try (Started late = Started.program(syscalls, "/bin/cat")) {
            assertEquals(hard(), Processes.softDescriptorLimit(late.pid()), "what the child would have");
            limit.lower(late.child);
            assertEquals(CHILDREN, Processes.softDescriptorLimit(late.pid()));
        }
        try (Started linked =
                Started.program(syscalls, "/usr/bin/prlimit", limit.link(), "--", "/bin/cat", "/proc/self/limits")) {
            assertTrue(linked.output().matches("(?s).*Max open files +" + CHILDREN + " +" + hard() + " .*"));
        }
    }

    @Test
    void letsTheDaemonOpenMoreThanItsChildrenMay() {
        List<Integer> open = new ArrayList<>();
        try {
            int fd = 0;
            while (open.size() < 1_100) {
                fd = syscalls.openAt(Syscalls.AT_FDCWD, "/dev/null", Syscalls.O_RDONLY);
                if (fd == -Errno.EMFILE && limit.exhausted()) {
                    assertTrue(open.size() < DescriptorLimit.CHILD_SOFT_LIMIT);
                } else {
                    assertTrue(fd >= 0, Errno.words(-fd));
                    open.add(fd);
                }
            }
            assertTrue(fd > DescriptorLimit.CHILD_SOFT_LIMIT);
            assertTrue(limit.raised());
            assertFalse(limit.exhausted(), "a second time there is nothing more to raise");
        } finally {
            open.forEach(syscalls::close);
        }
    }

    private String hard() {
        return Long.toString(before.buffer().getLong(8));
    }
}
