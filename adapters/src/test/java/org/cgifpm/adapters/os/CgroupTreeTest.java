package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In a group of its own below that of the tests. As root, with a writable cgroup v2 tree. */
class CgroupTreeTest {
    private final Syscalls syscalls = new Syscalls();
    private final List<String> told = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private Cgroup base;

    @BeforeEach
    void make() throws Exception {
        String own = CgroupPath.own(
                        Files.readAllLines(Path.of("/proc/self/mountinfo")),
                        Files.readAllLines(Path.of("/proc/self/cgroup")))
                .orElseThrow();
        base = new Cgroup(syscalls, own + "/cgi-fpm-test-" + syscalls.pid());
        assertEquals(0, base.make());
    }

    @AfterEach
    void remove() {
        for (Cgroup child : base.children()) {
            child.kill();
        }
        assertEquals(0, base.remove(), "something is left in " + base.path());
    }

    @Test
    void endsAndRemovesWhatAnEarlierDaemonLeft() throws Exception {
        Cgroup leftOver = base.child("cgi-fpm-999999999");
        Cgroup others = base.child("somebody-elses");
        Cgroup living = base.child("cgi-fpm-1");
        for (Cgroup group : List.of(
                leftOver, leftOver.child("pool-a"), leftOver.child("pool-a").child("r-0"), others, living)) {
            assertEquals(0, group.make());
        }
        try (Started lost = Started.shell(syscalls, "exec sleep 300")) {
            assertEquals(
                    0, leftOver.child("pool-a").child("r-0").write(Cgroup.PROCESSES, Integer.toString(lost.pid())));
            CgroupTree tree = CgroupTree.open(syscalls, base, true, told::add).orElseThrow();

            assertEquals(SignalName.SIGKILL, lost.awaitExit().reap().signal());
            assertFalse(Files.exists(Path.of(leftOver.path())));
            assertTrue(Files.exists(Path.of(others.path())));
            assertTrue(Files.exists(Path.of(living.path())));
            tree.close();
            assertFalse(Files.exists(Path.of(tree.path())));
        }
        others.remove();
        living.remove();
    }

    @Test
    void endsWhoIsLeftWhenItCloses() throws Exception {
        CgroupTree tree = CgroupTree.open(syscalls, base, true, told::add).orElseThrow();
        CgroupLeaf leaf =
                tree.pool("a", PoolCgroups.Limits.NONE, false, told::add).leaf();
        try (Started lost = Started.shell(syscalls, "exec sleep 300")) {
            assertEquals(0, leaf.join(lost.pid()));
            assertTrue(leaf.populated());

            tree.close();

            assertEquals(SignalName.SIGKILL, lost.awaitExit().reap().signal());
        }
        assertFalse(Files.exists(Path.of(tree.path())));
    }

    @Test
    void usesEmptyLeavesAgain() throws Exception {
        CgroupTree tree = CgroupTree.open(syscalls, base, true, told::add).orElseThrow();
        PoolCgroups pool = tree.pool("a", PoolCgroups.Limits.NONE, false, told::add);
        CgroupLeaf first = pool.leaf();
        CgroupLeaf second = pool.leaf();
        first.giveBack();

        assertNotSame(first, second);
        assertSame(first, pool.leaf());
        tree.close();
    }

    @Test
    void keepsUsersApartAndForgetsThoseThatAreIdle() throws Exception {
        CgroupTree tree = CgroupTree.open(syscalls, base, true, told::add).orElseThrow();
        PoolCgroups pool = tree.pool("owners", PoolCgroups.Limits.NONE, true, told::add);
        CgroupLeaf kept = pool.leafOf(-2);
        for (int uid = 1000; uid < 1000 + PoolCgroups.MAX_IDLE_USERS; uid++) {
            pool.leafOf(uid).giveBack();
        }

        assertTrue(kept.joins().endsWith("/pool-owners/user-4294967294/r-0/cgroup.procs"), kept.joins());
        assertTrue(Files.exists(Path.of(kept.joins())));
        assertFalse(Files.exists(Path.of(tree.path(), "pool-owners", "user-1000")));
        tree.close();
    }

    @Test
    void saysWhichLimitsCannotBeSet() throws Exception {
        CgroupTree tree = CgroupTree.open(syscalls, base, true, told::add).orElseThrow();
        tree.pool(
                "a",
                new PoolCgroups.Limits(OptionalLong.of(1 << 20), OptionalInt.of(10), OptionalInt.of(50)),
                false,
                told::add);
        List<String> wanted = new ArrayList<>();
        for (String[] file : new String[][] {{"memory", "memory.max"}, {"pids", "pids.max"}, {"cpu", "cpu.weight"}}) {
            if (!tree.controllers().contains(file[0])) {
                wanted.add(tree.path() + "/pool-a/" + file[1] + " cannot be set: this controller is not delegated");
            }
        }

        assertEquals(wanted, told);
        tree.close();
    }

    @Test
    void saysWhatCannotBeSetOnceAndNotForEveryUser() throws Exception {
        CgroupTree tree = CgroupTree.open(syscalls, base, true, told::add).orElseThrow();
        // No kernel takes a weight of 0, with or without the controller.
        PoolCgroups pool = tree.pool(
                "owners",
                new PoolCgroups.Limits(OptionalLong.empty(), OptionalInt.empty(), OptionalInt.of(0)),
                true,
                told::add);
        pool.leafOf(1001).giveBack();
        pool.leafOf(1002).giveBack();

        assertEquals(1, told.size(), told::toString);
        assertTrue(
                told.get(0).startsWith(tree.path() + "/pool-owners/user-1001/cpu.weight cannot be set: "), told.get(0));
        tree.close();
    }

    @Test
    void saysWhyThereIsNothingToUse() {
        Cgroup nowhere = base.child("never-made");

        assertTrue(CgroupTree.open(syscalls, nowhere, true, told::add).isEmpty());
        assertEquals(
                List.of(nowhere.path() + "/cgi-fpm-" + syscalls.pid()
                        + " cannot be made: ENOENT (no such file or directory)"),
                told);
    }
}
