package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncludesTest {
    private final ConfigFolder files;

    IncludesTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder);
    }

    private ConfigFolder pool(String file, String name) {
        return files.write(file, "[pool." + name + "]\nlisten = \"fd:" + name + "\"\nroot = \"$D/cgi\"\n");
    }

    private List<String> pools(String toml) throws ConfigException {
        return files.read(toml).pools().stream().map(PoolSettings::name).toList();
    }

    @Test
    void readsFilesByNameAndByPatternInOrderEachOnce() throws ConfigException {
        pool("pools.d/b.toml", "b");
        pool("pools.d/a.toml", "a");
        pool("pools.d/a.toml~", "backup");
        pool("pools.d/.hidden.toml", "hidden");
        pool("sites/x/pool.toml", "x");
        pool("sites/y/pool.toml", "y");
        pool("sites/z/other.toml", "z");
        pool("last.toml", "last");

        assertIterableEquals(
                List.of("last", "a", "b", "x", "y"),
                pools("include = [\"last.toml\", \"pools.d/*.toml\", \"pools.d/?.toml\", \"$D/sites/*/pool.toml\"]\n"));
    }

    @Test
    void takesOneOfSeveralCharactersOrWords() throws ConfigException {
        for (String name : List.of("a1", "b1", "c1", "d1")) {
            pool("p.d/" + name + ".toml", name);
        }

        assertIterableEquals(List.of("a1", "b1"), pools("include = [\"p.d/[ab]*.toml\"]\n"));
        assertIterableEquals(List.of("c1", "d1"), pools("include = [\"p.d/{c,d}1.toml\"]\n"));
        List<String> problems = files.problems("include = [\"p.d/[ab.toml\"]\n");
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).startsWith("$D/c.toml:1: include: "), problems::toString);
        assertTrue(problems.get(0).contains("no pattern: "), problems::toString);
    }

    @Test
    void doesNotIncludeItself() throws ConfigException {
        pool("a.toml", "a");

        assertIterableEquals(List.of("a"), pools("include = [\"*.toml\", \"./c.toml\"]\n"));
    }

    @Test
    void acceptsAPatternThatMatchesNothing() throws ConfigException {
        assertIterableEquals(
                List.of("main"),
                pools(
                        "include = [\"none.d/*.toml\", \"run/*.toml\", \"c.toml/*\"]\n[pool.main]\nlisten = \"fd:main\"\nroot = \"$D/cgi\"\n"));
    }

    @Test
    void refusesANameThatDoesNotExistAndAFolder() {
        pool("a.toml", "a");

        assertEquals(
                List.of(
                        "$D/c.toml:2: include: \"$D/b.toml\" does not exist; correct it or take it out",
                        "$D/c.toml:2: include: \"$D/run\" cannot be read: Is a directory; correct it or take it out"),
                files.problems("\ninclude = [\"a.toml\",\n \"b.toml\", \"run\"]\n"));
    }

    @Test
    void wantsAnArray() {
        assertEquals(
                List.of("$D/c.toml:1: include: \"a.toml\" is a string; write an array [\"a.toml\"]"),
                files.problems("include = \"a.toml\"\n"));
    }

    @Test
    void refusesIncludesAndTheDaemonInAnIncludedFile() {
        files.write("a.toml", "include = [\"b.toml\"]\n[daemon]\n[pool.a]\nlisten = \"fd:a\"\nroot = \"$D/cgi\"\n");

        assertEquals(
                List.of(
                        "$D/a.toml:1: include: an included file may not include others; name them in $D/c.toml",
                        "$D/a.toml:2: daemon: stands only in the main file $D/c.toml; move it there"),
                files.problems("include = [\"a.toml\"]\n"));
    }

    @Test
    void wantsEachNameOfAPoolOnceOverAllFiles() {
        pool("a.toml", "main");

        assertEquals(
                List.of(
                        "$D/a.toml:1: pool.main: stands already at $D/c.toml:3; a pool's name stands once, choose another"),
                files.problems("include = [\"a.toml\"]\n\n[pool.main]\nlisten = \"fd:first\"\nroot = \"$D/cgi\"\n"));
    }

    @Test
    void goesOnBehindAFileThatIsNotToml() {
        files.write("a.toml", "x = = 1\n").write("b.toml", "[pool.b]\nroot = \"$D/cgi\"\n");

        assertEquals(
                List.of(
                        "$D/a.toml:1: x: what stands behind the = is no value: \"x = = 1\"; texts, times and sizes stand in quotes",
                        "$D/b.toml:1: pool.b.listen: missing; say where to listen, such as listen = \"/run/cgi-fpm/main.sock\""),
                files.problems("include = [\"*.toml\"]\n"));
    }
}
