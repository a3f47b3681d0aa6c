package org.cgifpm.adapters.backend.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StderrLinesTest {
    @Test
    void takesAlsoWhatItDoesNotLogAnyMore() {
        List<String> logged = new ArrayList<>();
        StderrLines lines =
                new StderrLines(new StderrRate(), () -> 0, (exchange, script, line) -> logged.add(line), 1, "/a", 2);
        ByteBuffer flood = ByteBuffer.wrap("one\ntwo\nthree\nfour".getBytes(StandardCharsets.US_ASCII));

        lines.take(flood);
        lines.end();

        assertFalse(flood.hasRemaining());
        assertEquals(
                List.of(
                        "one",
                        "two",
                        "(2 lines logged; the rest of this request's is only counted)",
                        "(10 more bytes of standard error were not logged)"),
                logged);
    }
}
