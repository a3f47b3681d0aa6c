package org.cgifpm.daemon.supervisor.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExtensionTest {
    private final Check check = new Extension(Optional.of(List.of(".cgi", ".py")));

    private String asked(String name) {
        return Subjects.right().name(name).askedBy(check);
    }

    @Test
    void withoutAListEveryNamePasses() {
        assertEquals("passed", Subjects.right().name("README").askedBy(new Extension(Optional.empty())));
    }

    @Test
    void theLastDotCounts() {
        assertEquals("passed", asked("b.cgi"));
        assertEquals("passed", asked("b.txt.py"));
        assertEquals("passed", asked(".cgi"));
        assertEquals(
                "/srv/www/a/b.cgi.txt: found extension .txt, wanted .cgi or .py;"
                        + " rename it, or add its extension to extensions",
                asked("b.cgi.txt"));
    }

    @Test
    void comparesBytes() {
        for (String name : new String[] {"b.CGI", "b.cgi\u00cc\u0087", "b.cgi ", "b.cgi.", "bcgi", "b.cg", "b.cgii"}) {
            assertEquals(false, asked(name).equals("passed"), name);
        }
        assertEquals(true, asked("README").contains("found no extension"));
    }
}
