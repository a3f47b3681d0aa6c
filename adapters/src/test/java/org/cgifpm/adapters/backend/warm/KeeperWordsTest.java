package org.cgifpm.adapters.backend.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.cgifpm.adapters.os.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeeperWordsTest {
    static Stream<Arguments> words() {
        return Stream.of(
                Arguments.of("ready 3.11.2", new KeeperWord.Ready("3.11.2")),
                Arguments.of("failed no module named x", new KeeperWord.Failed("no module named x")),
                Arguments.of("failed", new KeeperWord.Failed("")),
                Arguments.of("modules cgi,html", new KeeperWord.Modules(List.of("cgi", "html"))),
                Arguments.of("modules ", new KeeperWord.Modules(List.of())),
                Arguments.of("modules", new KeeperWord.Modules(List.of())),
                Arguments.of("forked 12 345", new KeeperWord.Forked(12, 345)),
                Arguments.of("forked 9223372036854775807 2", new KeeperWord.Forked(Long.MAX_VALUE, 2)),
                Arguments.of(
                        "ended 1 20 1792 300 40 0", new KeeperWord.Ended(1, 20, new ExitStatus(7, 0, 300, 40), false)),
                Arguments.of("ended 1 20 9 0 0 1", new KeeperWord.Ended(1, 20, new ExitStatus(0, 9, 0, 0), true)),
                Arguments.of("ended 1 20 139 0 0 1", new KeeperWord.Ended(1, 20, new ExitStatus(0, 11, 0, 0), true)),
                Arguments.of("gone 5", new KeeperWord.Gone(5)),
                Arguments.of("busy 5 11", new KeeperWord.Busy(5, 11)),
                Arguments.of("cold 5 syntax", new KeeperWord.Cold(5, "syntax")),
                Arguments.of("cold 5 hidden json beside it", new KeeperWord.Cold(5, "hidden json beside it")),
                Arguments.of("cold 5", new KeeperWord.Cold(5, "")),
                Arguments.of("lacks a,b /srv/a b.py", new KeeperWord.Lacks(List.of("a", "b"), "/srv/a b.py")),
                Arguments.of("stale json", new KeeperWord.Stale("json")));
    }

    @ParameterizedTest
    @MethodSource("words")
    void understands(String line, KeeperWord word) {
        assertEquals(Optional.of(word), KeeperWords.read(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Ready 3.11",
                "readyish",
                "\u0000ready 3",
                " ready 3.11",
                "forked",
                "forked 1",
                "forked 1 x",
                "forked x 22",
                "forked  1 22",
                "forked 1 2.5",
                "forked 9223372036854775808 22",
                "forked 1 2147483648",
                "ended 1 20 0 0 0",
                "ended 1 20 0 0 x 0",
                "ended 1 20 99999999999 0 0 0",
                "ended 1 20 0 99999999999999999999 0 0",
                "gone",
                "gone x",
                "busy 5",
                "busy 5 EAGAIN",
                "cold",
                "cold x why",
                "kill 1 9",
                "run",
            })
    void takesNothingElse(String line) {
        assertEquals(Optional.empty(), KeeperWords.read(line));
    }

    /** Signalled, 0 would be the daemon's own group, -1 everybody, and 1 is the machine's. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "-1", "-2147483648"})
    void takesNoNumberThatCanBeNoChilds(String number) {
        assertEquals(Optional.empty(), KeeperWords.read("forked 1 " + number));
        assertEquals(Optional.empty(), KeeperWords.read("ended 1 " + number + " 0 0 0 0"));
    }

    @Test
    void countsNoTimeBelowNothing() {
        assertEquals(
                Optional.of(new KeeperWord.Ended(1, 20, new ExitStatus(0, 0, 0, 0), false)),
                KeeperWords.read("ended 1 20 0 -5 -9223372036854775808 0"));
    }

    @Test
    void letsNothingIntoTheLogThatIsNotPrintableAscii() {
        assertEquals(
                Optional.of(new KeeperWord.Failed("a?b?[31m?~")), KeeperWords.read("failed a\tb\u001b[31m\u00e4~"));
        assertEquals(Optional.of(new KeeperWord.Cold(1, "x?y")), KeeperWords.read("cold 1 x\u007fy\r"));
        assertEquals(
                Optional.of(new KeeperWord.Lacks(List.of("a?", "b"), "/?")),
                KeeperWords.read("lacks a\u0000,b /\u0080"));
        assertEquals(Optional.of(new KeeperWord.Stale("?")), KeeperWords.read("stale \u00ff"));
        assertEquals(Optional.of(new KeeperWord.Ready("3?")), KeeperWords.read("ready 3\u0000"));
    }

    @Test
    void letsNoLongTextIntoTheLog() {
        String longest = "x".repeat(300);

        assertEquals(Optional.of(new KeeperWord.Failed(longest)), KeeperWords.read("failed " + longest + "yyy"));
        assertEquals(Optional.of(new KeeperWord.Stale(longest)), KeeperWords.read("stale " + longest + "y"));
    }

    @Test
    void takesLongListsOfModulesWhole() {
        String list = String.join(",", java.util.Collections.nCopies(3000, "module"));

        assertEquals(
                Optional.of(new KeeperWord.Modules(java.util.Collections.nCopies(3000, "module"))),
                KeeperWords.read("modules " + list));
    }

    @Test
    void isNeverUpsetByAnything() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] kinds = {"ready", "failed", "modules", "forked", "ended", "gone", "busy", "cold", "lacks", "stale", "x"
        };
        String letters = " ,-0123456789\u0000\u00ffa+";
        int understood = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder line = new StringBuilder(kinds[random.nextInt(kinds.length)]);
            for (int length = random.nextInt(20); length > 0; length--) {
                line.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                understood += KeeperWords.read(line.toString()).isPresent() ? 1 : 0;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + line, e);
            }
        }
        assertTrue(understood > 1000, understood + " understood, seed " + seed);
    }
}
