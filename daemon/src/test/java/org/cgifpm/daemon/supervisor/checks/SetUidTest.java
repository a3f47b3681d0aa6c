package org.cgifpm.daemon.supervisor.checks;

import static org.cgifpm.daemon.supervisor.checks.Subjects.ALICE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SetUidTest {
    private final Check check = new SetUid();

    @Test
    void setuidAndSetgidAreRefused() {
        assertEquals("passed", Subjects.right().script(01755, ALICE, ALICE).askedBy(check));
        for (int mode : new int[] {04755, 02755, 06755, 02644}) {
            assertEquals(
                    String.format("/srv/www/a/b.cgi: found mode %04o, owner uid 1001 (alice),", mode)
                            + " wanted neither setuid nor setgid; chmod ug-s /srv/www/a/b.cgi",
                    Subjects.right().script(mode, ALICE, ALICE).askedBy(check));
        }
    }
}
