package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may write the files of a daemon that is root. The test's own folder lies in a sticky one, as a rule. */
class ConfigFileSafetyTest {
    private static final String POOL = "[pool.a]\nlisten = \"$D/run/a\"\nroot = \"$D/cgi\"\nuser = \"root\"\n";
    private static final String ANYTHING = " run anything as anybody; ";
    private static final String BELONGS = ", who could have this daemon" + ANYTHING + "chown it to root";
    private static final String WRITTEN = ", so that others than root can write it and have this daemon" + ANYTHING;

    private final ConfigFolder files;

    ConfigFileSafetyTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder).as(ConfigFolder.ROOT);
        files.mode("", "rwxr-xr-x");
    }

    @Test
    void acceptsWhatOnlyRootCanWrite() throws ConfigException {
        assertEquals(List.of(), files.warnings(POOL));
    }

    @Test
    void refusesAFileOfAnother() {
        files.write("c.toml", POOL).owned("c.toml", 1001, 0);

        assertEquals(List.of("$D/c.toml:1: the file belongs to user \"legacy\"" + BELONGS), files.problems());
    }

    @Test
    void refusesAFileThatOthersCanWrite() throws IOException {
        files.write("c.toml", POOL).mode("c.toml", "rw-rw-r--");
        assertEquals(List.of("$D/c.toml:1: the file has mode 0664" + WRITTEN + "chmod go-w"), files.problems());
        files.mode("c.toml", "rw-r--rw-");
        assertEquals(List.of("$D/c.toml:1: the file has mode 0646" + WRITTEN + "chmod go-w"), files.problems());
    }

    @Test
    void refusesAFolderOfAnotherOnce() {
        files.write("pools.d/b.toml", "[pool.b]\nlisten = \"$D/run/b\"\nroot = \"$D/cgi\"\nuser = \"root\"\n");
        files.owned("", 5000, 0);

        assertEquals(
                List.of("$D/c.toml:1: the folder \"$D\" belongs to user number 5000" + BELONGS),
                files.problems("include = [\"pools.d/*.toml\"]\n" + POOL).stream()
                        .filter(problem -> !problem.contains("pool."))
                        .toList());
    }

    @Test
    void refusesAFolderThatOthersCanWriteAlsoAStickyOneForTheFileItself() {
        files.write("c.toml", POOL).owned("", 0, 0, 0775);
        assertEquals(
                List.of("$D/c.toml:1: the folder \"$D\" has mode 0775" + WRITTEN + "chmod go-w, or move the files"),
                withoutPools());
        files.owned("", 0, 0, 01777);
        assertEquals(
                List.of("$D/c.toml:1: the folder \"$D\" has mode 1777" + WRITTEN + "chmod go-w, or move the files"),
                withoutPools());
    }

    @Test
    void acceptsAStickyFolderAboveOneOfRoots() throws Exception {
        files.folder("etc", "rwxr-xr-x").write("etc/c.toml", POOL).owned("", 0, 0, 01777);

        assertEquals(List.of(), files.readFile("etc/c.toml").warnings());
    }

    @Test
    void refusesAnIncludedFileOfAnother() throws IOException {
        files.folder("pools.d", "rwxr-xr-x").write("pools.d/b.toml", "").owned("pools.d/b.toml", 1001, 0);

        assertEquals(
                List.of("$D/pools.d/b.toml:1: the file belongs to user \"legacy\"" + BELONGS),
                files.problems("include = [\"pools.d/*.toml\"]\n" + POOL));
    }

    /** Otherwise a file could be added. */
    @Test
    void refusesAnIncludedFolderOfAnotherThoughItIsEmpty() throws IOException {
        files.folder("pools.d", "rwxr-xr-x").owned("pools.d", 1001, 0);

        assertEquals(
                List.of("$D/c.toml:1: include: the folder \"$D/pools.d\" belongs to user \"legacy\"" + BELONGS),
                files.problems("include = [\"pools.d/*.toml\"]\n" + POOL));
    }

    @Test
    void refusesAFolderThatALinkLeadsThrough() throws IOException {
        files.folder("home", "rwxr-xr-x").write("home/real.toml", POOL).owned("home", 1001, 0);
        Files.createSymbolicLink(files.path("c.toml"), files.path("home/real.toml"));

        assertEquals(
                List.of("$D/c.toml:1: the folder \"$D/home\" belongs to user \"legacy\"" + BELONGS), files.problems());
    }

    @Test
    void leavesADaemonAloneThatCanBecomeNobodyElse() throws ConfigException {
        files.as(ConfigFolder.WWW_DATA)
                .write("c.toml", POOL.replace("\"root\"", "\"www-data\""))
                .owned("c.toml", 1001, 0);

        assertEquals(1, files.read().pools().size());
    }

    /** What is said of files; a pool's root lies in the same folder and is complained of too. */
    private List<String> withoutPools() {
        return files.problems().stream()
                .filter(problem -> !problem.contains("pool."))
                .toList();
    }
}
