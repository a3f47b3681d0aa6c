package org.cgifpm.daemon.supervisor.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class InsideRootTest {
    private final Check check = new InsideRoot();

    @Test
    void aFolderThatWasReachedThroughRootIsInside() {
        assertEquals("passed", Subjects.right().askedBy(check));
    }

    @Test
    void aScriptElsewhereIsRefused() {
        assertEquals(
                "/etc/b.cgi: found that a symbolic link leads out of /srv/www, wanted a script below it;"
                        + " copy it there, or set root to a folder above both",
                Subjects.right().outside().askedBy(check));
    }
}
