package org.cgifpm.adapters.backend.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.os.CgroupLeaf;
import org.cgifpm.adapters.os.CgroupTree;
import org.cgifpm.adapters.os.Errno;
import org.cgifpm.adapters.os.FailingLibc;
import org.cgifpm.adapters.os.LoopThread;
import org.cgifpm.adapters.os.PoolCgroups;
import org.cgifpm.adapters.os.Processes;
import org.cgifpm.adapters.os.Syscalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As root, with a writable cgroup v2 tree. */
class LeafWatchTest {
    private final FailingLibc libc = new FailingLibc();
    private final Syscalls syscalls = libc.syscalls();
    private final long openBefore = Processes.openHere();
    private final AtomicInteger told = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private LoopThread running;

    @SuppressWarnings("NullAway.Init")
    private CgroupTree tree;

    @SuppressWarnings("NullAway.Init")
    private CgroupLeaf leaf;

    @SuppressWarnings("NullAway.Init")
    private LeafWatch watch;

    @BeforeEach
    void open() throws Exception {
        running = new LoopThread(syscalls);
        tree = CgroupTree.open(syscalls, why -> {}).orElseThrow();
        leaf = tree.pool("watch", PoolCgroups.Limits.NONE, false, why -> {}).leaf();
        watch = new LeafWatch(running.loop, leaf, told::incrementAndGet);
    }

    @AfterEach
    void close() {
        leaf.giveBack();
        running.close();
        tree.close();
        assertEquals(openBefore, Processes.openHere(), "open descriptors");
    }

    private Process member() throws Exception {
        Process member = new ProcessBuilder("/bin/sleep", "300").start();
        assertTrue(leaf.join((int) member.pid()) >= 0);
        return member;
    }

    private void end(Process member) throws InterruptedException {
        member.destroyForcibly();
        assertTrue(member.waitFor(10, TimeUnit.SECONDS));
    }

    private void awaitTold() {
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertEquals(1, told.get()));
    }

    @Test
    void saysAtOnceThatNobodyLivesThereAndOnlyOnce() throws Exception {
        running.run(watch::look);
        assertEquals(1, told.get());

        running.run(watch::look);
        assertEquals(1, told.get());
    }

    @Test
    void waitsForTheLastToEnd() throws Exception {
        Process first = member();
        Process second = member();
        running.run(watch::look);
        running.run(watch::look);
        end(first);
        running.run(() -> {});
        assertEquals(0, told.get());

        end(second);

        awaitTold();
    }

    @Test
    void looksAgainLaterWhereThereIsNoRoomToWatch() throws Exception {
        Process member = member();
        libc.fail("epoll_ctl", 1, Errno.ENOMEM);
        running.run(watch::look);
        assertTrue(libc.disarm());
        end(member);

        awaitTold();
    }
}
