package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom a pool runs as. Of the system that it is tested with, {@link ConfigFolder#NAMES} tells. */
class IdentityTest {
    private static final String POOL =
            "[pool.main]\nlisten = \"$D/run/main.sock\"\nroot = \"$D/cgi\"\nallowed_users = [\"root\"]\n";
    private static final Identity CAPABLE = new Identity(33, "www-data", true);
    private static final Identity POWERLESS = new Identity(0, "root", false);

    private final ConfigFolder files;

    IdentityTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void aDaemonThatIsRootBecomesWhomItIsTold(String lines, RunAs expected) throws ConfigException {
        assertEquals(expected, read(ConfigFolder.ROOT, lines).runAs());
    }

    static Stream<Arguments> aDaemonThatIsRootBecomesWhomItIsTold() {
        return Stream.of(
                Arguments.of("user = \"root\"", new RunAs.Self()),
                Arguments.of("user = \"root\"\ngroup = \"web\"", new RunAs.User("root", 0, 2000, List.of(2000))),
                Arguments.of("user = \"root\"\ngroups = [\"root\"]", new RunAs.User("root", 0, 0, List.of(0))),
                Arguments.of("user = \"legacy\"", new RunAs.User("legacy", 1001, 1002, List.of(1002, 2000))),
                Arguments.of("user = 1001", new RunAs.User("legacy", 1001, 1002, List.of(1002, 2000))),
                Arguments.of("user = \"1001\"", new RunAs.User("legacy", 1001, 1002, List.of(1002, 2000))),
                Arguments.of(
                        "user = \"legacy\"\ngroup = \"shop\"",
                        new RunAs.User("legacy", 1001, 2001, List.of(2001, 2000))),
                Arguments.of(
                        "user = \"legacy\"\ngroup = 2000\ngroups = [\"shop\", \"2001\", \"3000\"]",
                        new RunAs.User("legacy", 1001, 2000, List.of(2001, 3000))),
                Arguments.of("user = \"legacy\"\ngroups = []", new RunAs.User("legacy", 1001, 1002, List.of())),
                Arguments.of("user = 4294967294\ngroup = 5000", new RunAs.User("4294967294", -2, 5000, List.of())),
                Arguments.of(
                        "user = \"www-data\"\nmin_uid = 33\nmin_gid = 33",
                        new RunAs.User("www-data", 33, 33, List.of(33))),
                Arguments.of("user = \"@owner\"", new RunAs.Owner()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void aDaemonThatIsRootRefuses(String lines, String problem) {
        files.as(ConfigFolder.ROOT);

        assertEquals(List.of("$D/c.toml:" + problem), files.problems(POOL + lines + "\n"));
    }

    static Stream<Arguments> aDaemonThatIsRootRefuses() {
        return Stream.of(
                Arguments.of(
                        "",
                        "1: pool.main.user: missing: a daemon that is root refuses a pool without it; name the user whom its"
                                + " scripts shall run as, or \"@owner\", or \"root\" if it shall be root"),
                Arguments.of("user = 0", "5: pool.main.user: \"0\" is root; write \"root\" by name"),
                Arguments.of("user = \"toor\"", "5: pool.main.user: \"toor\" is root; write \"root\" by name"),
                Arguments.of("user = \"nobody2\"", "5: pool.main.user: there is no user \"nobody2\" on this system"),
                Arguments.of("user = \"\"", "5: pool.main.user: there is no user \"\" on this system"),
                Arguments.of(
                        "user = 4294967295",
                        "5: pool.main.user: 4294967295 is out of range; ids go from 0 to 4294967294"),
                Arguments.of("user = [\"legacy\"]", "5: pool.main.user: this is an array; write a text in quotes"),
                Arguments.of(
                        "user = \"@group\"",
                        "5: pool.main.user: \"@group\" is no name; the only word with an @ is \"@owner\""),
                Arguments.of(
                        "user = 5000",
                        "1: pool.main.group: missing: the system knows no group of user 5000; name one, such as group ="
                                + " \"nogroup\""),
                Arguments.of(
                        "user = \"legacy\"\ngroup = \"none\"",
                        "6: pool.main.group: there is no group \"none\" on this system"),
                Arguments.of(
                        "user = \"legacy\"\ngroups = [\"none\"]",
                        "6: pool.main.groups: there is no group \"none\" on this system"),
                Arguments.of(
                        "user = \"legacy\"\ngroups = \"web\"",
                        "6: pool.main.groups: \"web\" is a string; write an array [\"web\"]"),
                Arguments.of(
                        "user = \"legacy\"\nmin_uid = 1002",
                        "5: pool.main.user: \"legacy\" is 1001, which is below min_uid = 1002; name another, or lower"
                                + " min_uid"),
                Arguments.of(
                        "user = 999\ngroup = 2000",
                        "5: pool.main.user: 999 is below min_uid = 1000; name another, or lower min_uid"),
                Arguments.of(
                        "user = \"legacy\"\nmin_gid = 1500",
                        "5: pool.main.user: its group 1002 is below min_gid = 1500; name another,"
                                + " or lower min_gid"),
                Arguments.of(
                        "user = \"legacy\"\ngroup = \"www-data\"",
                        "6: pool.main.group: \"www-data\" is 33, which is below min_gid = 100; name another, or lower"
                                + " min_gid"),
                Arguments.of(
                        "user = \"legacy\"\ngroups = [\"web\", \"root\"]",
                        "6: pool.main.groups: \"root\" is 0, which is below min_gid = 100; name another, or lower min_gid"),
                Arguments.of(
                        "user = \"@owner\"\ngroup = \"web\"",
                        "6: pool.main.group: has no effect with user = \"@owner\", who brings groups along; remove it"),
                Arguments.of(
                        "user = \"@owner\"\ngroups = []",
                        "6: pool.main.groups: has no effect with user = \"@owner\", who brings groups along; remove it"));
    }

    @Test
    void minimumsAreChecksThatCanBeTurnedDown() throws ConfigException {
        String user = "user = \"www-data\"\nmin_gid = 30\n";

        Config warned = files.as(ConfigFolder.ROOT).read(POOL + user + "checks = {min_uid = \"warn\"}\n");
        Config silent = files.read(POOL + user + "checks = {min_uid = \"off\"}\n");

        assertEquals(
                List.of(files.path("c.toml")
                        + ":5: pool.main.user: warning: \"www-data\" is 33, which is below min_uid = 1000; name another,"
                        + " or lower min_uid"),
                warned.warnings().stream().map(Problem::toString).toList());
        assertEquals(List.of(), silent.warnings());
    }

    /** Not to be root is not enough to be without power: a script would inherit ambient capabilities. */
    @Test
    void aDaemonWithCapabilitiesIsToldLikeRootAndBecomesItsOwnUserTheLongWay() throws ConfigException {
        assertEquals(
                new RunAs.User("www-data", 33, 33, List.of(33)),
                read(CAPABLE, "user = \"www-data\"\nmin_uid = 33\nmin_gid = 33").runAs());
        assertEquals(
                new RunAs.User("root", 0, 0, List.of(0)),
                read(CAPABLE, "user = \"root\"").runAs());
        assertEquals(
                List.of("$D/c.toml:1: pool.main.user: missing: a daemon with CAP_SETUID and CAP_SETGID refuses a pool"
                        + " without it; name the user whom its scripts shall run as, or \"@owner\", or \"root\" if it"
                        + " shall be root"),
                files.problems(POOL));
    }

    @Test
    void aRootWithoutCapabilitiesIsNobodyElse() throws ConfigException {
        assertEquals(new RunAs.Self(), read(POWERLESS, "user = \"root\"").runAs());
        assertEquals(
                List.of("$D/c.toml:5: pool.main.user: \"legacy\" cannot be had: the daemon runs as \"root\" without"
                        + " CAP_SETUID and CAP_SETGID; start it as root or with them"),
                files.problems(POOL + "user = \"legacy\"\n"));
    }

    @Test
    void aDaemonWithoutPowerTakesNoOtherGroupsEither() {
        assertEquals(
                List.of(
                        "$D/c.toml:5: pool.main.group: cannot be had: the daemon runs as \"www-data\" without CAP_SETGID;"
                                + " remove the key, or start the daemon as root",
                        "$D/c.toml:6: pool.main.groups: cannot be had: the daemon runs as \"www-data\" without CAP_SETGID;"
                                + " remove the key, or start the daemon as root"),
                files.problems(POOL + "group = \"web\"\ngroups = []\n"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            value = {
                "no_new_privs = true",
                "umask = \"022\"",
                "nice = 0",
                "apparmor_profile = \"x\"",
                "selinux_label = \"a:b\"",
                "limits = {core = 0}",
                "limits = {files = 1024}"
            })
    void whatIsWrittenIsSetAlsoWhereItIsTheDefault(String line) throws ConfigException {
        assertTrue(read(ConfigFolder.WWW_DATA, line).confined());
        assertTrue(read(ConfigFolder.ROOT, "user = \"root\"\n" + line).confined());
    }

    @Test
    void aPoolThatRunsAsTheDaemonAndWritesNothingIsLeftAlone() throws ConfigException {
        assertFalse(read(ConfigFolder.WWW_DATA, "").confined());
        assertFalse(read(ConfigFolder.WWW_DATA, "min_uid = 2\nlimits = {}").confined());
        assertFalse(read(ConfigFolder.ROOT, "user = \"root\"").confined());
        assertTrue(read(ConfigFolder.ROOT, "user = \"legacy\"").confined());
        assertTrue(read(ConfigFolder.ROOT, "user = \"@owner\"").confined());
    }

    @Test
    void remembersWhatWasWritten() throws ConfigException {
        IdentitySettings identity =
                read(ConfigFolder.ROOT, "user = 1001\ngroup = \"web\"\ngroups = [2001]\nmin_uid = 1001");

        assertEquals(Optional.of("1001"), identity.user());
        assertEquals(Optional.of("web"), identity.group());
        assertEquals(Optional.of(List.of("2001")), identity.groups());
        assertEquals(1001, identity.minUid());
    }

    private IdentitySettings read(Identity self, String lines) throws ConfigException {
        return files.as(self).read(POOL + lines + "\n").pools().get(0).identity();
    }
}
