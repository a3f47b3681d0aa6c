package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.cgifpm.daemon.config.KeyLines.Fault;
import org.junit.jupiter.api.Test;

class KeyLinesTest {
    @Test
    void findsKeysAndTablesBehindEverythingThatLooksLikeThem() {
        KeyLines lines = KeyLines.scan("""
                # include = 1
                include = ["a#b", # ] a comment with a bracket
                  'c]', "d\\"]",
                ] # over
                [daemon] # header
                text = \"""
                listen = "not a key"
                [pool.not]
                \"""
                raw = '''
                root = 1
                '''
                control = "x" # root = 2

                [ pool . "we.b" ]
                  listen = '\\'
                "root" = "=="
                inline = { a = [1, 2], b = "}" }
                [pool.'x'.env]
                A = "1"
                """);

        assertEquals(2, lines.line("include"));
        assertEquals(5, lines.line("daemon"));
        assertEquals(6, lines.line("daemon.text"));
        assertEquals(10, lines.line("daemon.raw"));
        assertEquals(13, lines.line("daemon.control"));
        assertEquals(15, lines.line("pool.we.b"));
        assertEquals(16, lines.line("pool.we.b.listen"));
        assertEquals(17, lines.line("pool.we.b.root"));
        assertEquals(18, lines.line("pool.we.b.inline.b"));
        assertEquals(19, lines.line("pool.x"));
        assertEquals(20, lines.line("pool.x.env.A"));
        assertEquals(List.of(), lines.faults());
    }

    @Test
    void givesTheNearestTableForAKeyThatIsMissing() {
        KeyLines lines = KeyLines.scan("a = 1\n\n[pool.x]\nlisten = 1\n");

        assertEquals(3, lines.line("pool.x.root"));
        assertEquals(3, lines.line("pool.y.root"));
        assertEquals(1, lines.line("nothing.at.all"));
    }

    @Test
    void tellsWhichKeyALineBeginsWith() {
        KeyLines lines = KeyLines.scan("[pool.x]\r\nlisten = {a = 1}\r\n\r\nlisten = 2\r\n");

        assertEquals("pool.x", lines.keyOn(1));
        assertEquals("pool.x.listen", lines.keyOn(2));
        assertEquals("", lines.keyOn(3));
        assertEquals("pool.x.listen", lines.keyOn(4));
    }

    @Test
    void namesWhatTheLibraryTakesSilentlyAndWrongly() {
        assertEquals(
                List.of(new Fault(1, "a", "nothing stands behind the =; give a value or remove the line")),
                KeyLines.scan("a = # none\nb = 1").faults());
        assertEquals(
                List.of(new Fault(2, "t.b", "\\U is read wrongly here; write the character itself")),
                KeyLines.scan("[t]\nb = \"\\U0001F600\"").faults());
        assertEquals(
                List.of(new Fault(1, "a", "a table in braces must stand on one line; write it as [a]")),
                KeyLines.scan("a = {\n b = 1 }").faults());
        assertEquals(List.of(), KeyLines.scan("a = '\\U'\nb = \"\\\\U\"").faults());
    }

    /** Whatever stands there: the library refuses it, and the way to its message goes through here. */
    @Test
    void endsOnEveryPartOfADocument() {
        String text =
                "x=[1,{a=\"\\\"\",b='c'}] #\n[[t.\"q\"]]\ny=\"\"\"\\\n\"\"\"\nz='''a'''\n[a]]\n{=}\n]=[\n\"k\"=}\nw=[]]";
        for (int from = 0; from <= text.length(); from++) {
            for (int to = from; to <= text.length(); to++) {
                KeyLines.scan(text.substring(from, to));
            }
        }
    }
}
