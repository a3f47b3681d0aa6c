package org.cgifpm.daemon.supervisor.checks;

import static org.cgifpm.daemon.supervisor.checks.Subjects.ALICE;
import static org.cgifpm.daemon.supervisor.checks.Subjects.ALICES_OTHER_GROUP;
import static org.cgifpm.daemon.supervisor.checks.Subjects.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ExecutableTest {
    private final Check check = new Executable();

    private String asked(int mode, int uid, int gid) {
        return Subjects.right().script(mode, uid, gid).askedBy(check);
    }

    @Test
    void theBitsOfTheClassThatTheRunnerBelongsToCountAndNoOthers() {
        assertEquals("passed", asked(0100, ALICE, BOB));
        assertEquals("passed", asked(0010, BOB, ALICE));
        assertEquals("passed", asked(0010, BOB, ALICES_OTHER_GROUP));
        assertEquals("passed", asked(0001, BOB, BOB));
        String refusal = ": found mode %04o, owner uid %s, wanted execute permission for uid 1001 (alice);"
                + " chmod +x /srv/www/a/b.cgi";
        assertEquals("/srv/www/a/b.cgi" + String.format(refusal, 0677, "1001 (alice)"), asked(0677, ALICE, ALICE));
        assertEquals("/srv/www/a/b.cgi" + String.format(refusal, 0767, "1002 (bob)"), asked(0767, BOB, ALICE));
        assertEquals("/srv/www/a/b.cgi" + String.format(refusal, 0776, "1002 (bob)"), asked(0776, BOB, BOB));
    }

    @Test
    void everyFolderOnTheWayMustBeOpenToTheRunner() {
        assertEquals(
                "/srv/www: found mode 0700, owner uid 0 (root), wanted search permission for uid 1001 (alice);"
                        + " chmod +x /srv/www",
                Subjects.right().root(0700, 0).askedBy(check));
        assertEquals("passed", Subjects.right().root(0711, 0).askedBy(check));
    }

    @Test
    void withAnInterpreterItMustBeReadableInstead() {
        Subjects script = Subjects.right().interpreter("/usr/bin/php-cgi");
        assertEquals("passed", script.script(0400, ALICE, ALICE).askedBy(check));
        assertEquals(
                "/srv/www/a/b.cgi: found mode 0311, owner uid 1001 (alice), wanted read permission for uid 1001"
                        + " (alice); chmod +r /srv/www/a/b.cgi",
                script.script(0311, ALICE, ALICE).askedBy(check));
    }

    @Test
    void rootNeedsOneBitOfThree() {
        Subjects script = Subjects.right().runner(Runner.Kind.USER, 0, 0).root(0000, 0);
        assertEquals("passed", script.script(0001, ALICE, ALICE).askedBy(check));
        assertEquals(false, script.script(0666, ALICE, ALICE).askedBy(check).equals("passed"));
    }

    @Test
    void forTheDaemonItselfTheKernelHasSpoken() {
        assertEquals(
                "passed",
                Subjects.right().runner(Runner.Kind.SELF).script(0000, BOB, BOB).askedBy(check));
        assertEquals(
                false,
                Subjects.right()
                        .runner(Runner.Kind.SELF)
                        .notPermitted()
                        .askedBy(check)
                        .equals("passed"));
    }
}
