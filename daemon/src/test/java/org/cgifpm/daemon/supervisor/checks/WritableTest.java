package org.cgifpm.daemon.supervisor.checks;

import static org.cgifpm.daemon.supervisor.checks.Subjects.ALICE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WritableTest {
    private final Check check = new Writable();

    @Test
    void onlyTheOwnerWrites() {
        for (int mode : new int[] {0755, 0700, 0555, 0000}) {
            assertEquals("passed", Subjects.right().script(mode, ALICE, ALICE).askedBy(check));
        }
        for (int mode : new int[] {0775, 0757, 0777, 0720, 0702}) {
            assertEquals(
                    String.format("/srv/www/a/b.cgi: found mode %04o, owner uid 1001 (alice),", mode)
                            + " wanted no write permission for group and others; chmod go-w /srv/www/a/b.cgi",
                    Subjects.right().script(mode, ALICE, ALICE).askedBy(check));
        }
    }

    @Test
    void theCommandThatIsAdvisedCanBeCopied() {
        String said =
                Subjects.right().name("it's $(a)").script(0777, ALICE, ALICE).askedBy(check);
        assertEquals("chmod go-w '/srv/www/a/it'\\''s $(a)'", said.substring(said.indexOf("chmod")));
    }
}
