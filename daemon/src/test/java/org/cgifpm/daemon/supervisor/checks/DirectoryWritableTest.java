package org.cgifpm.daemon.supervisor.checks;

import static org.cgifpm.daemon.supervisor.checks.Subjects.ALICE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DirectoryWritableTest {
    private final Check check = new DirectoryWritable();

    @Test
    void foldersThatOnlyTheirOwnerWritesPass() {
        assertEquals(
                "passed", Subjects.right().root(0755, 0).folder(0711, ALICE).askedBy(check));
    }

    @Test
    void writePermissionForGroupOrOthersIsRefusedAndAStickyBitIsNoExcuse() {
        for (int mode : new int[] {0775, 0757, 0777, 01777, 02775, 0720, 0702}) {
            String found = String.format(": found mode %04o, owner uid 0 (root), wanted no write permission", mode);
            String root = Subjects.right().root(mode, 0).askedBy(check);
            assertEquals("/srv/www" + found + " for group and others; chmod go-w /srv/www", root);
            String folder = Subjects.right().folder(mode, 0).askedBy(check);
            assertEquals("/srv/www/a" + found + " for group and others; chmod go-w /srv/www/a", folder);
        }
    }
}
