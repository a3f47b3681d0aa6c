package org.cgifpm.adapters.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CgroupPathTest {
    private static final String UNIFIED =
            "31 23 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate";

    @Test
    void isTheMountAndTheProcesssOwnPath() {
        assertEquals(
                Optional.of("/sys/fs/cgroup/system.slice/cgi-fpm.service"),
                CgroupPath.own(List.of(UNIFIED), List.of("0::/system.slice/cgi-fpm.service")));
        assertEquals(Optional.of("/sys/fs/cgroup"), CgroupPath.own(List.of(UNIFIED), List.of("0::/")));
    }

    @Test
    void findsTheUnifiedTreeBesideTheOldOnes() {
        assertEquals(
                Optional.of("/sys/fs/cgroup/unified/a"),
                CgroupPath.own(
                        List.of(
                                "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
                                "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw"),
                        List.of("4:memory:/b", "0::/a")));
    }

    @Test
    void leavesOutWhatTheMountDoesNotShow() {
        String part = UNIFIED.replace(" / /sys", " /machine/x /sys");

        assertEquals(Optional.of("/sys/fs/cgroup/y"), CgroupPath.own(List.of(part), List.of("0::/machine/x/y")));
        assertEquals(Optional.of("/sys/fs/cgroup"), CgroupPath.own(List.of(part), List.of("0::/machine/x")));
        assertEquals(Optional.empty(), CgroupPath.own(List.of(part), List.of("0::/machine/xy")));
        assertEquals(Optional.empty(), CgroupPath.own(List.of(UNIFIED), List.of("0::/../outside")));
    }

    @Test
    void isNowhereWithoutATree() {
        assertEquals(Optional.empty(), CgroupPath.own(List.of(), List.of("0::/")));
        assertEquals(Optional.empty(), CgroupPath.own(List.of(UNIFIED), List.of("1:cpu:/")));
    }
}
