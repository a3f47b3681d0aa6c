package org.cgifpm.adapters.frontend.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestLineTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:07Z");

    private static ServedRequest served(String uri, int status, String note, int stderr) {
        return new ServedRequest(
                NOON, "GET", uri, status, 1234, Duration.ofMillis(34), "script /w/hello.py", note, stderr, "above");
    }

    @Test
    void tellsEverythingInOneLine() {
        String line = new RequestLine(false, ZoneOffset.UTC).format(served("/hello.py?x=1", 200, "exit 3", 2));
        assertEquals(
                "12:00:07  200  GET  /hello.py?x=1                      1.2 kB     34 ms  script /w/hello.py"
                        + "  exit 3  stderr: 2 lines above",
                line);
    }

    @Test
    void coloursTheStatusByItsClass() {
        RequestLine lines = new RequestLine(true, ZoneOffset.UTC);
        assertTrue(lines.format(served("/", 200, "", 0)).contains("\u001b[32m200\u001b[0m"));
        assertTrue(lines.format(served("/", 304, "", 0)).contains("\u001b[36m304\u001b[0m"));
        assertTrue(lines.format(served("/", 404, "", 0)).contains("\u001b[33m404\u001b[0m"));
        assertTrue(lines.format(served("/", 500, "", 0)).contains("\u001b[31m500\u001b[0m"));
        assertTrue(lines.format(served("/", 0, "", 0)).contains("\u001b[31m---\u001b[0m"));
    }

    @Test
    void letsNoClientWriteToTheTerminal() {
        String line = new RequestLine(false, ZoneOffset.UTC).format(served("/\u001b[2J\u009b1m\r\n\\", 200, "", 0));
        assertTrue(line.contains("/\\x1b[2J\\x9b1m\\x0d\\x0a\\x5c"), line);
        assertTrue(line.chars().allMatch(c -> c >= 0x20 && c < 0x7f));
    }

    @Test
    void paintsOnlyWhereItIsWanted() {
        assertTrue(RequestLine.wanted(true, Map.of("TERM", "xterm")));
        assertTrue(RequestLine.wanted(true, Map.of("TERM", "xterm", "NO_COLOR", "")));
        assertFalse(RequestLine.wanted(true, Map.of("TERM", "xterm", "NO_COLOR", "1")));
        assertFalse(RequestLine.wanted(true, Map.of("TERM", "dumb")));
        assertFalse(RequestLine.wanted(true, Map.of()));
        assertFalse(RequestLine.wanted(false, Map.of("TERM", "xterm")));
    }
}
