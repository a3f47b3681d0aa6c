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

/** A pool's log files lie where its users can write nothing. */
class LogFileSafetyTest {
    private static final String LINK =
            ", who could put a link in place of the log; choose a folder that only the daemon can write";

    private final ConfigFolder files;

    LogFileSafetyTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder).as(ConfigFolder.ROOT);
        files.folder("log", "rwxr-xr-x").folder("log/site", "rwxr-xr-x");
    }

    /** User legacy is 1001, group 1002, member of 2000; its folder is log/site, owner, group and mode as here. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource
    void looksAtOwnerGroupAndOthers(int uid, int gid, int mode, boolean users, boolean owners) throws Exception {
        files.owned("log/site", uid, gid, mode);

        assertEquals(expected(users, "user \"legacy\""), said("legacy"));
        assertEquals(expected(owners, "an owner of scripts"), said("@owner"));
    }

    private static List<String> expected(boolean said, String who) {
        return said
                ? List.of("$D/c.toml:6: pool.a.access_log: the folder \"$D/log/site\" can be written by " + who + LINK)
                : List.of();
    }

    static Stream<Arguments> looksAtOwnerGroupAndOthers() {
        return Stream.of(
                Arguments.of(0, 0, 0755, false, false),
                Arguments.of(0, 4, 0775, false, false),
                Arguments.of(33, 33, 0755, false, false),
                Arguments.of(1001, 0, 0555, true, true),
                Arguments.of(1003, 0, 0755, false, true),
                Arguments.of(0, 1002, 0775, true, true),
                Arguments.of(0, 2000, 0775, true, true),
                Arguments.of(0, 2000, 0755, false, false),
                Arguments.of(0, 2001, 0775, false, true),
                Arguments.of(0, 0, 0777, true, true),
                Arguments.of(0, 0, 01777, true, true));
    }

    @Test
    void looksAtTheFoldersAboveTooButStickyOnesKeepWhatIsNotTheUsers() throws Exception {
        files.owned("log", 0, 0, 0777);
        assertEquals(
                List.of("$D/c.toml:6: pool.a.access_log: the folder \"$D/log\" can be written by user \"legacy\""
                        + LINK),
                said("legacy"));
        files.owned("log", 0, 0, 01777);
        assertEquals(List.of(), said("legacy"));
        files.owned("log", 1001, 0, 01755);
        assertEquals(
                List.of("$D/c.toml:6: pool.a.access_log: the folder \"$D/log\" can be written by user \"legacy\""
                        + LINK),
                said("legacy"));
    }

    @Test
    void aPoolThatRunsAsTheDaemonWritesWhereTheDaemonDoes() throws Exception {
        files.owned("log/site", 1001, 0, 0777);

        assertEquals(List.of(), said("root"));
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
                List.of("$D/c.toml:6: pool.a.slowlog: the folder \"$D/log\" can be written by user \"legacy\"" + LINK),
                files.problems(pool("legacy", "slowlog = \"$D/log/slow\"\n")));
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
