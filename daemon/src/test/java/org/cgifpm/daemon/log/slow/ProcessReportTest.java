package org.cgifpm.daemon.log.slow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.RunningRequest;
import org.cgifpm.adapters.os.Syscalls;
import org.junit.jupiter.api.Test;

class ProcessReportTest {
    private final ProcessReport report = new ProcessReport(new Syscalls());
    private final ProcessStat self =
            ProcessStat.read(Path.of("/proc/" + ProcessHandle.current().pid())).orElseThrow();

    @Test
    void tellsOfAProcessThatIsStillTheSame() {
        List<String> lines = report.lines(List.of(self));

        assertTrue(lines.get(0).startsWith("  pid " + self.pid() + " ("), lines::toString);
    }

    @Test
    void isSilentAboutAnotherProcessOfTheSameNumber() {
        ProcessStat before = new ProcessStat(
                self.pid(),
                self.name(),
                self.state(),
                self.parent(),
                self.group(),
                self.session(),
                self.userTicks(),
                self.systemTicks(),
                self.childrenTicks(),
                self.threads(),
                self.startTicks() - 1,
                self.residentPages());

        assertEquals(List.of(), report.lines(List.of(before)));
    }

    @Test
    void namesTheFirstTwentyOpenFilesOnly() throws Exception {
        List<InputStream> open = new ArrayList<>();
        try {
            for (int i = 0; i < 25; i++) {
                open.add(Files.newInputStream(Path.of("/dev/null")));
            }
            List<String> lines = report.lines(List.of(self));

            assertTrue(
                    lines.stream().filter(line -> line.startsWith("    file ")).count() <= 20, lines::toString);
            assertEquals("    and more open files", lines.get(lines.size() - 1));
        } finally {
            for (InputStream file : open) {
                file.close();
            }
        }
    }

    @Test
    void looksAtNobodyElsesProcess() {
        int user = new Syscalls().effectiveUser();

        assertTrue(ProcessReport.runsAs(requestOf(user)));
        assertFalse(ProcessReport.runsAs(requestOf(user + 1)));
    }

    private RunningRequest requestOf(int uid) {
        Confinement.Identity identity = new Confinement.Identity("somebody", uid, 0, List.of());
        return new RunningRequest(1, self.pid(), "/script", Optional.of(identity), 0);
    }
}
