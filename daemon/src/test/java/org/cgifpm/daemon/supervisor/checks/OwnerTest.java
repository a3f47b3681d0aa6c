package org.cgifpm.daemon.supervisor.checks;

import static org.cgifpm.daemon.supervisor.checks.Subjects.ALICE;
import static org.cgifpm.daemon.supervisor.checks.Subjects.ALICES_OTHER_GROUP;
import static org.cgifpm.daemon.supervisor.checks.Subjects.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OwnerTest {
    private final Check check = new Owner();

    @Test
    void theRunnersAndRootsScriptsPass() {
        assertEquals("passed", Subjects.right().askedBy(check));
        assertEquals(
                "passed",
                Subjects.right().script(0755, ALICE, ALICES_OTHER_GROUP).askedBy(check));
        assertEquals("passed", Subjects.right().script(0755, 0, 0).askedBy(check));
        assertEquals("passed", Subjects.right().script(0755, ALICE, 0).askedBy(check));
    }

    @Test
    void anotherUsersScriptIsRefused() {
        assertEquals(
                "/srv/www/a/b.cgi: found owner uid 1002 (bob), wanted uid 1001 (alice) or root;"
                        + " chown 1001 /srv/www/a/b.cgi",
                Subjects.right().script(0755, BOB, ALICE).askedBy(check));
    }

    @Test
    void aGroupThatIsNotOneOfTheRunnersIsRefused() {
        assertEquals(
                "/srv/www/a/b.cgi: found group gid 33 (www-data), owner uid 1001 (alice),"
                        + " wanted a group of uid 1001 (alice) or root's; chgrp 1001 /srv/www/a/b.cgi",
                Subjects.right().script(0755, ALICE, 33).askedBy(check));
    }

    @Test
    void anOwnerWhomNobodyKnowsRunsNothingWhateverThePoolSays() {
        assertEquals(
                "always: /srv/www/a/b.cgi: found owner uid 4000000000, wanted an owner that the system knows;"
                        + " chown it to a user of this system",
                Subjects.right()
                        .script(0755, (int) 4000000000L, 1)
                        .runner(Runner.Kind.NOBODY, (int) 4000000000L, 1)
                        .askedBy(check));
    }

    @Test
    void anOwnerWithNumbersThatAreNoneRunsNothingWhateverThePoolSays() {
        assertEquals(
                "always: /srv/www/a/b.cgi: found owner uid 1001 (alice), who has the number 4294967295 or a group of it,"
                        + " wanted an owner whose numbers can be taken on; give that user valid numbers in the system's"
                        + " user database",
                Subjects.right().runner(Runner.Kind.NOBODY, ALICE, 1).askedBy(check));
    }
}
