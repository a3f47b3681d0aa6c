package org.cgifpm.daemon.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogTextTest {
    /** As it comes from a script: the bytes of that text, a char for a byte. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static void assertShown(String expected, String text) {
        assertEquals(expected, LogText.ofBytes(bytes(text)));
    }

    @Test
    void leavesPlainTextAlone() {
        assertShown("", "");
        assertShown("GET /a b?c=d [x] {y} ~!", "GET /a b?c=d [x] {y} ~!");
    }

    @Test
    void showsUtf8AsWhatItIs() {
        assertShown("Grüße, 漢字, 🙂", "Grüße, 漢字, 🙂");
    }

    @Test
    void aLineStaysALine() {
        assertShown("a\\nb\\rc\\td", "a\nb\rc\td");
        assertShown("a\\u{2028}b\\u{2029}c\\u{85}d", "a\u2028b\u2029c\u0085d");
    }

    @Test
    void escapeSequencesOfTerminalsAreShownAndNotSent() {
        assertShown("\\x1b[31mred\\x07", "\u001b[31mred\u0007");
        assertShown("\\u{9b}2J", "\u009b2J");
        assertShown("\\x00\\x7f", "\u0000\u007f");
    }

    @Test
    void charactersThatTurnTheDirectionOrHideAreNamed() {
        assertShown("a\\u{202e}b\\u{2066}c\\u{200b}d\\u{feff}e\\u{e0041}", "a\u202eb\u2066c\u200bd\ufeffe\udb40\udc41");
    }

    @Test
    void aBackslashCannotPretendToBeAnEscape() {
        assertShown("\\\\n and \\n", "\\n and \n");
    }

    @Test
    void bytesThatAreNotUtf8AreShownByNumber() {
        assertEquals("caf\\xe9", LogText.ofBytes("caf\u00e9"));
        assertEquals("\\xff\\xfe\\x80\\x9b\\xad\\n", LogText.ofBytes("\u00ff\u00fe\u0080\u009b\u00ad\n"));
        assertEquals("\\xed\\xa0\\x80", LogText.ofBytes("\u00ed\u00a0\u0080"), "a surrogate is no character");
        assertEquals("\\xc0\\xaf", LogText.ofBytes("\u00c0\u00af"), "a slash the long way");
    }

    @Test
    void cutsWhatIsLongAndSaysHowLongItWas() {
        String text = LogText.ofBytes("x".repeat(1 << 20));
        assertEquals("x".repeat(1024) + "... (1048576 bytes)", text);
        assertEquals("x".repeat(1024), LogText.ofBytes("x".repeat(1024)));
        assertTrue(LogText.ofBytes("\u0000".repeat(1 << 20)).length() < 5000);
    }

    @Test
    void cutsBetweenCharactersAndNotWithinThem() {
        for (int shift = 0; shift < 4; shift++) {
            String text = "x".repeat(shift) + "ü".repeat(600) + "漢".repeat(600);
            String shown = LogText.ofBytes(bytes(text));
            assertFalse(shown.contains("\\x"), shown);
            assertTrue(text.startsWith(shown.substring(0, shown.indexOf("..."))), shown);
            String faces = LogText.ofBytes(bytes("x".repeat(shift) + "🙂".repeat(600)));
            assertFalse(faces.contains("\\x"), faces);
        }
    }

    @Test
    void nothingButPrintableCharactersComesOutOfRandomBytes() {
        long seed = System.nanoTime();
        System.out.println("nothingButPrintableCharactersComesOutOfRandomBytes: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            String shown = LogText.ofBytes(new String(bytes, StandardCharsets.ISO_8859_1));
            shown.codePoints().forEach(c -> {
                int type = Character.getType(c);
                assertTrue(
                        type != Character.CONTROL && type != Character.FORMAT && type != Character.SURROGATE,
                        () -> "U+" + Integer.toHexString(c));
            });
        }
    }
}
