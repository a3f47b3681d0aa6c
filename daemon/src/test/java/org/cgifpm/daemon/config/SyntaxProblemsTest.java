package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a file that is not TOML: the library's refusals in our words, with file, line and key. */
class SyntaxProblemsTest {
    private final ConfigFolder files;

    SyntaxProblemsTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "root = /srv | 2: pool.x.root: what stands behind the = is no value: \"root = /srv\"; texts, times and sizes stand in quotes",
                "kill_grace = 5s | 2: pool.x.kill_grace: more text behind the value: \"kill_grace = 5s\"; texts, times and sizes stand in quotes, a comment begins with #",
                "listen.mode = 1 | 2: no key: \"listen.mode = 1\"; write name = value with letters, digits, _ and - in the name (dots only in a [table])",
                "listen | 2: no = behind the key: \"listen\"; write name = value",
                "[a b] | 2: no table header: \"[a b]\"; write such as [pool.main]",
                "path = \"/bin | 2: pool.x.path: the value does not end: \"path = \\\"/bin\"; a quote or bracket is missing",
                "path = 'a'~path = 'b' | 3: pool.x.path: stands already on line 2; remove one",
                "[pool.y]~[pool.x] | 3: pool.x: the name stands already on line 1; write both as one table",
                "allowed_users = [1, 'a'] | 2: pool.x.allowed_users: an array holds values of one type: \"allowed_users = [1, 'a']\"; put quotes around each",
                "max_children = 99999999999999999999 | 2: pool.x.max_children: 99999999999999999999 is too large for a number",
            })
    void saysWhatAndWhere(String lines, String problem) {
        assertEquals(List.of("$D/c.toml:" + problem), files.problems("[pool.x]\n" + lines.replace('~', '\n') + "\n"));
    }
}
