package org.cgifpm.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Debian's own checker of packages. */
class LintianIT {
    @Test
    void findsNoErrorAndNothingWrongWithTheManualPages() throws IOException, InterruptedException {
        String found = Outcome.of(new ProcessBuilder(
                        "lintian",
                        "--tag-display-limit=0",
                        "--no-cfg",
                        Deb.file().toString()))
                .expect(0);

        List<String> wrong = found.lines()
                .filter(line -> line.startsWith("E:") || line.contains("groff-message") || line.contains("manual-page"))
                .toList();
        assertEquals(List.of(), wrong);
    }
}
