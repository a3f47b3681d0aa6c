package org.cgifpm.daemon.supervisor.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MinGidTest {
    private final Check check = new MinGid(100, false);

    private static String asked(Check check, Runner.Kind kind, long gid) {
        return Subjects.right().runner(kind, 1001, (int) gid).askedBy(check);
    }

    @Test
    void theBorderItselfPassesAndNumbersAreUnsigned() {
        assertEquals("passed", asked(check, Runner.Kind.USER, 100));
        assertEquals("passed", asked(check, Runner.Kind.OWNER, 4294967294L));
        assertEquals(
                "/srv/www/a/b.cgi: found that it would run with gid 33 (www-data), wanted gid 100 or more;"
                        + " set group, or min_gid",
                asked(check, Runner.Kind.USER, 33));
    }

    @Test
    void rootByNameIsMeantAndRootsGroupOfAnOwnerIsRefusedAlways() {
        assertEquals("passed", asked(new MinGid(100, true), Runner.Kind.USER, 0));
        assertEquals(true, asked(new MinGid(0, false), Runner.Kind.OWNER, 0).startsWith("always: "));
    }
}
