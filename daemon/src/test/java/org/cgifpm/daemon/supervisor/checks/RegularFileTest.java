package org.cgifpm.daemon.supervisor.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RegularFileTest {
    private final Check check = new RegularFile();

    @Test
    void aFilePassesAndNothingElseDoes() {
        assertEquals("passed", Subjects.right().askedBy(check));
        int[] kinds = {0140000, 0010000, 0020000, 0060000};
        String[] words = {"a socket", "a FIFO", "a character device", "a block device"};
        for (int i = 0; i < kinds.length; i++) {
            assertEquals(
                    "/srv/www/a/b.cgi: found " + words[i] + " of uid 1001 (alice), wanted a regular file",
                    Subjects.right().kind(kinds[i]).askedBy(check));
        }
    }
}
