package org.cgifpm.daemon.log.slow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessStatTest {
    private static final String REST =
            " S 10 20 30 0 -1 4194560 1 2 3 4 125 7 40 2 20 0 5 0 1000 2000000 321 18446744073709551615 1 1 0\n";

    @Test
    void readsWhatTheKernelWrites() {
        ProcessStat stat = ProcessStat.parse(42, "42 (python3)" + REST);
        assertEquals(new ProcessStat(42, "python3", 'S', 10, 20, 30, 125, 7, 42, 5, 1000, 321), stat);
        assertEquals("sleeping", stat.stateWords());
    }

    @Test
    void aProgramsNameCannotShiftTheFields() {
        ProcessStat stat = ProcessStat.parse(42, "42 (a) R 1 1 (b c)" + REST);
        assertEquals("a) R 1 1 (b c", stat.name());
        assertEquals(20, stat.group());
    }

    @Test
    void belongsToTheGroupOrTheSessionOfItsLeader() {
        ProcessStat stat = ProcessStat.parse(42, "42 (x)" + REST);
        assertTrue(stat.belongsTo(20));
        assertTrue(stat.belongsTo(30));
        assertFalse(stat.belongsTo(10));
        assertFalse(stat.belongsTo(42));
    }

    @Test
    void seesThisVeryProcessAndNoneThatIsGone() {
        int self = (int) ProcessHandle.current().pid();
        assertEquals(
                self, ProcessStat.read(Path.of("/proc/" + self)).orElseThrow().pid());
        assertTrue(ProcessStat.read(Path.of("/proc/0")).isEmpty());
    }
}
