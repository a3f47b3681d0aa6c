package org.cgifpm.daemon.supervisor.checks;

import static org.cgifpm.daemon.supervisor.checks.Subjects.ALICE;
import static org.cgifpm.daemon.supervisor.checks.Subjects.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.cgifpm.daemon.config.Symlinks;
import org.junit.jupiter.api.Test;

class SymbolicLinksTest {
    private final Check ownerMatch = new SymbolicLinks(Symlinks.OWNER_MATCH);

    @Test
    void withoutLinksAllPass() {
        for (Symlinks wanted : Symlinks.values()) {
            assertEquals("passed", Subjects.right().askedBy(new SymbolicLinks(wanted)));
        }
    }

    @Test
    void rootsLinksAndThoseOfTheOwnerOfWhatTheyLeadToMatch() {
        assertEquals("passed", Subjects.right().link(ALICE, ALICE).askedBy(ownerMatch));
        assertEquals("passed", Subjects.right().link(0, ALICE).link(0, 0).askedBy(ownerMatch));
    }

    @Test
    void everyLinkOnTheWayCounts() {
        String refusal = "found a symbolic link of uid 1002 (bob) to what belongs to uid 1001 (alice),"
                + " wanted one owner for both, or root's link; chown -h 1001 /srv/www/l";
        assertEquals(
                "/srv/www/l1: " + refusal + "1",
                Subjects.right().link(ALICE, ALICE).link(BOB, ALICE).askedBy(ownerMatch));
        assertEquals(
                "/srv/www/l0: " + refusal + "0",
                Subjects.right().link(BOB, ALICE).link(ALICE, ALICE).askedBy(ownerMatch));
    }

    @Test
    void whatBelongsToRootIsNotForOthersToLinkTo() {
        assertEquals(
                "/srv/www/l0: found a symbolic link of uid 1001 (alice) to what belongs to uid 0 (root),"
                        + " wanted one owner for both, or root's link; chown -h 0 /srv/www/l0",
                Subjects.right().link(ALICE, 0).askedBy(ownerMatch));
    }

    @Test
    void followAsksNobodyAndRefuseTakesNone() {
        assertEquals("passed", Subjects.right().link(BOB, ALICE).askedBy(new SymbolicLinks(Symlinks.FOLLOW)));
        assertEquals(
                "/srv/www/l0: found a symbolic link of uid 0 (root), wanted none (symlinks = \"refuse\");"
                        + " put a file there, or set symlinks to \"owner-match\"",
                Subjects.right().link(0, 0).askedBy(new SymbolicLinks(Symlinks.REFUSE)));
    }
}
