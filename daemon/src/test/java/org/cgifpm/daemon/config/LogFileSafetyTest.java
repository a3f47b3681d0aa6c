package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A pool's log files lie where only root can write, or whoever the daemon is. */
class LogFileSafetyTest {
    private static final String FOREIGN = ", who could have this daemon write any file; chown it to root";
    private static final String SHARED =
            ", so that others than root could have this daemon write any file; chmod go-w, or choose another folder";

    private final ConfigFolder files;

    LogFileSafetyTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder).as(ConfigFolder.ROOT);
        files.folder("log", "rwxr-xr-x").folder("log/site", "rwxr-xr-x");
    }

    /** Owner, group and mode of log/site, and what is said of it for a pool of anybody's. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource
    void aDaemonThatCanBeAnybodyWantsFoldersThatOnlyRootWrites(int uid, int gid, int mode, String said)
            throws Exception {
        files.owned("log/site", uid, gid, mode);
        List<String> expected = said.isEmpty()
                ? List.of()
                : List.of("$D/c.toml:6: pool.a.access_log: the folder \"$D/log/site\" " + said);

        for (String user : List.of("legacy", "@owner", "root")) {
            assertEquals(expected, said(user), user);
        }
    }

    static Stream<Arguments> aDaemonThatCanBeAnybodyWantsFoldersThatOnlyRootWrites() {
        return Stream.of(
                Arguments.of(0, 0, 0755, ""),
                Arguments.of(0, 1002, 0755, ""),
                Arguments.of(0, 4, 0775, "has mode 0775" + SHARED),
                Arguments.of(33, 33, 0755, "belongs to user \"www-data\"" + FOREIGN),
                Arguments.of(1001, 0, 0555, "belongs to user \"legacy\"" + FOREIGN),
                Arguments.of(1003, 0, 0755, "belongs to user \"bob\"" + FOREIGN),
                Arguments.of(5000, 0, 01755, "belongs to user number 5000" + FOREIGN),
                Arguments.of(0, 0, 0757, "has mode 0757" + SHARED),
                Arguments.of(0, 0, 01777, "has mode 1777" + SHARED));
    }

    @Test
    void looksAtTheFoldersAboveTooAndTakesAStickyOneAboveAFolderOfRoots() throws Exception {
        files.owned("log", 0, 0, 0777);
        assertEquals(
                List.of("$D/c.toml:6: pool.a.access_log: the folder \"$D/log\" has mode 0777" + SHARED), said("root"));
        files.owned("log", 0, 0, 01777);
        assertEquals(List.of(), said("legacy"));
        files.owned("log/site", 1003, 0);
        assertEquals(
                List.of("$D/c.toml:6: pool.a.access_log: the folder \"$D/log/site\" belongs to user \"bob\"" + FOREIGN),
                said("legacy"));
        files.owned("log", 1003, 0, 01755);
        assertEquals(
                List.of("$D/c.toml:6: pool.a.access_log: the folder \"$D/log\" belongs to user \"bob\"" + FOREIGN),
                said("legacy"));
    }

    @Test
    void trustsNoLinkInAStickyFolder() throws Exception {
        files.folder("tmp", "rwxr-xr-x").owned("tmp", 0, 0, 01777);
        Files.createSymbolicLink(files.path("tmp/site"), files.path("log/site"));

        assertEquals(
                List.of("$D/c.toml:6: pool.a.access_log: the folder \"$D/tmp\" has mode 1777" + SHARED),
                files.problems(pool("root", "access_log = \"$D/tmp/site/access\"\n")));
    }

    @Test
    void aDaemonWithCapabilitiesMayHaveFoldersOfItsOwn() throws Exception {
        files.as(new Identity(33, "www-data", true)).owned("log/site", 33, 33);
        assertEquals(List.of(), said("legacy"));
        files.owned("log/site", 1003, 33);
        assertEquals(
                List.of("$D/c.toml:6: pool.a.access_log: the folder \"$D/log/site\" belongs to user \"bob\"" + FOREIGN),
                said("legacy"));
    }

    @Test
    void aDaemonThatIsNobodyElseWritesWhereItLikes() throws Exception {
        files.as(ConfigFolder.WWW_DATA).owned("log/site", 1003, 0, 0777);

        assertEquals(List.of(), said("www-data"));
    }

    @Test
    void refusesALogThatTheUserCanWrite() throws Exception {
        Files.createFile(files.path("log/site/access"));
        files.owned("log/site/access", 1001, 0);
        assertEquals(
                List.of("$D/c.toml:6: pool.a.access_log: \"$D/log/site/access\" can be written by user \"legacy\", who"
                        + " could change what it says; chown it to the daemon's user, chmod 0640"),
                said("legacy"));
    }

    @Test
    void refusesALogThatIsNoFile() throws Exception {
        Files.createSymbolicLink(files.path("log/site/access"), files.path("c.toml"));
        assertEquals(
                List.of(
                        "$D/c.toml:6: pool.a.access_log: \"$D/log/site/access\" is a symbolic link, which is not followed"
                                + " for a log; name a file"),
                said("root"));
        Files.delete(files.path("log/site/access"));
        Files.createDirectory(files.path("log/site/access"));
        assertEquals(
                List.of("$D/c.toml:6: pool.a.access_log: \"$D/log/site/access\" is a folder; name a file"),
                said("root"));
    }

    @Test
    void wantsTheFolderToBeThere() {
        assertEquals(
                List.of(
                        "$D/c.toml:6: pool.a.access_log: its folder \"$D/nowhere\" does not exist; make it first",
                        "$D/c.toml:7: pool.a.slowlog: its folder \"$D/c.toml\" is not a folder; make it first"),
                files.problems(pool("root", "access_log = \"$D/nowhere/a\"\nslowlog = \"$D/c.toml/a\"\n")));
    }

    @Test
    void looksAtTheSlowLogTheSameWay() {
        files.owned("log", 1001, 0);

        assertEquals(
                List.of("$D/c.toml:6: pool.a.slowlog: the folder \"$D/log\" belongs to user \"legacy\"" + FOREIGN),
                files.problems(pool("legacy", "slowlog = \"$D/log/slow\"\n")));
    }

    @Test
    void looksAtTheDaemonsOwnLogTheSameWay() throws ConfigException {
        String toml = "[daemon]\nlog = \"$D/log/daemon\"\n" + pool("root", "");
        assertEquals(List.of(), files.warnings(toml));
        files.owned("log", 1001, 0);

        assertEquals(
                List.of("$D/c.toml:2: daemon.log: the folder \"$D/log\" belongs to user \"legacy\"" + FOREIGN),
                files.problems());
    }

    private List<String> said(String user) throws ConfigException {
        String toml = pool(user, "access_log = \"$D/log/site/access\"\n");
        try {
            return files.warnings(toml);
        } catch (ConfigException e) {
            return files.problems();
        }
    }

    private static String pool(String user, String more) {
        return "[pool.a]\nlisten = \"$D/run/a\"\nuser = \"" + user + "\"\nroot = \"$D/cgi\"\nslow_after = \"1s\"\n"
                + more;
    }
}
