package org.cgifpm.daemon.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdvisingStderrTest {
    private static final String MISSING = "ModuleNotFoundError: No module named 'cgi'";

    private final List<String> lines = new ArrayList<>();
    private final List<String> advice = new ArrayList<>();
    private final AdvisingStderr stderr = new AdvisingStderr(
            (exchange, script, line) -> lines.add(exchange + " " + script + " " + line),
            (script, what) -> advice.add(script + " " + what.substring(0, 27)));

    @Test
    void passesEveryLineOnAndSaysWhatToDoOnceForEachScript() {
        stderr.line(1, "/a.py", "Traceback (most recent call last):");
        stderr.line(1, "/a.py", MISSING);
        stderr.line(2, "/a.py", MISSING);
        stderr.line(3, "/b.py", MISSING);

        assertEquals(
                List.of(
                        "1 /a.py Traceback (most recent call last):",
                        "1 /a.py " + MISSING,
                        "2 /a.py " + MISSING,
                        "3 /b.py " + MISSING),
                lines);
        assertEquals(List.of("/a.py this Python has no module c", "/b.py this Python has no module c"), advice);
    }

    @Test
    void remembersTheLastScriptsOnly() {
        for (int i = 0; i <= AdvisingStderr.REMEMBERED; i++) {
            stderr.line(1, "/" + i, MISSING);
        }
        advice.clear();
        stderr.line(1, "/" + AdvisingStderr.REMEMBERED, MISSING);
        assertEquals(List.of(), advice);
        stderr.line(1, "/0", MISSING);
        assertEquals(1, advice.size());
    }
}
