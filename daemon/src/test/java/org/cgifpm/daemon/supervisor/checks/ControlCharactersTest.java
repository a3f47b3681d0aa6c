package org.cgifpm.daemon.supervisor.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ControlCharactersTest {
    private final Check check = new ControlCharacters();

    @Test
    void everyByteBelowSpaceAndDeleteIsRefusedWhereverItStands() {
        for (char c = 0; c < 256; c++) {
            for (String path : new String[] {"/a" + c, "/a" + c + "b", c + "/a"}) {
                boolean control = c < 0x20 || c == 0x7f;
                String said = Subjects.right().wanted(path).askedBy(check);
                assertEquals(control, said.contains("found byte " + (int) c + " at position "), said);
                assertEquals(!control, said.equals("passed"), said);
            }
        }
    }

    @Test
    void aNulIsRefusedAlwaysAlsoBehindAnotherControlCharacter() {
        assertEquals(
                "always: /a\n\0: found byte 10 at position 2, wanted no control characters;"
                        + " a NUL is refused whatever the pool says",
                Subjects.right().wanted("/a\n\0").askedBy(check));
    }
}
