package org.cgifpm.daemon.supervisor.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MinUidTest {
    private final Check check = new MinUid(1000, false);

    private static String asked(Check check, Runner.Kind kind, long uid) {
        return Subjects.right().runner(kind, (int) uid, 1001).askedBy(check);
    }

    @Test
    void theBorderItselfPassesAndNumbersAreUnsigned() {
        assertEquals("passed", asked(check, Runner.Kind.USER, 1000));
        assertEquals("passed", asked(check, Runner.Kind.OWNER, 4294967294L));
        assertEquals(
                "/srv/www/a/b.cgi: found that it would run as uid 999, wanted uid 1000 or more; set user, or min_uid",
                asked(check, Runner.Kind.USER, 999));
        assertEquals(
                "/srv/www/a/b.cgi: found that it would run as uid 33, wanted uid 1000 or more;"
                        + " chown it to the user that it shall run as",
                asked(check, Runner.Kind.OWNER, 33));
    }

    @Test
    void rootByNameIsMeant() {
        assertEquals("passed", asked(new MinUid(1000, true), Runner.Kind.USER, 0));
    }

    @Test
    void rootAsAScriptsOwnerIsRefusedAlways() {
        for (Check each : new Check[] {check, new MinUid(0, false), new MinUid(0, true)}) {
            assertEquals(true, asked(each, Runner.Kind.OWNER, 0).startsWith("always: "), each.toString());
        }
    }
}
