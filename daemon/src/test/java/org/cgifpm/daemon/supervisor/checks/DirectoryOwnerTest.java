package org.cgifpm.daemon.supervisor.checks;

import static org.cgifpm.daemon.supervisor.checks.Subjects.ALICE;
import static org.cgifpm.daemon.supervisor.checks.Subjects.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DirectoryOwnerTest {
    private final Check check = new DirectoryOwner();

    @Test
    void rootsFoldersAndTheRunnersPass() {
        assertEquals("passed", Subjects.right().askedBy(check));
        assertEquals(
                "passed", Subjects.right().root(0755, ALICE).folder(0700, 0).askedBy(check));
    }

    @Test
    void anotherUsersFolderIsRefusedAlsoWhereItIsThePoolsRoot() {
        String refusal = ": found owner uid 1002 (bob), wanted uid 1001 (alice) or root; chown 1001 ";
        assertEquals(
                "/srv/www" + refusal + "/srv/www",
                Subjects.right().root(0755, BOB).askedBy(check));
        assertEquals(
                "/srv/www/a" + refusal + "/srv/www/a",
                Subjects.right().folder(0700, BOB).askedBy(check));
    }

    @Test
    void forRootOnlyRootsOwnWillDo() {
        assertEquals(
                "/srv/www/a: found owner uid 1001 (alice), wanted root; chown 0 /srv/www/a",
                Subjects.right().runner(Runner.Kind.USER, 0, 0).askedBy(check));
    }
}
