package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> KNOWN = List.of("listen", "listen_mode", "root", "max_children", "pm");

    @Test
    void findsTheNearestWordWithinTwoEdits() {
        assertEquals("listen", Spelling.closest("lisetn", KNOWN));
        assertEquals("root", Spelling.closest("roots", KNOWN));
        assertEquals("listen_mode", Spelling.closest("listenmode", KNOWN));
        assertEquals("max_children", Spelling.closest("mx_chidren", KNOWN));
        assertNull(Spelling.closest("mx_chidrn", KNOWN));
    }

    @Test
    void findsBeginnings() {
        assertEquals("max_children", Spelling.closest("max", KNOWN));
        assertEquals("listen", Spelling.closest("listen_address", KNOWN));
        assertNull(Spelling.closest("ma", KNOWN));
    }

    @Test
    void doesNotTakeAShortWordForAnyOther() {
        assertNull(Spelling.closest("xy", KNOWN));
        assertNull(Spelling.closest("", KNOWN));
    }
}
