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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said about keys for scripts, rights, limits, checks and logs whose values are wrong. */
class SupervisionKeysTest {
    private static final String POOL = "[pool.main]\nlisten = \"$D/run/main.sock\"\nroot = \"$D/cgi\"\n";

    private final ConfigFolder files;

    SupervisionKeysTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesValues(String line, String problem) {
        assertEquals(List.of("$D/c.toml:4: pool.main." + problem), files.problems(POOL + line + "\n"));
    }

    static Stream<Arguments> refusesValues() {
        String size = "; write a whole number and k, M or G, such as \"64k\" or \"512M\"";
        String words = " is not one of enforce, warn, off";
        return Stream.of(
                Arguments.of(
                        "extensions = []",
                        "extensions: is empty, so that no script may run; name one such as \".py\", or remove the key"),
                Arguments.of("extensions = \".py\"", "extensions: \".py\" is a string; write an array [\".py\"]"),
                Arguments.of("extensions = [\"py\"]", "extensions: \"py\" is not an extension; write \".py\""),
                Arguments.of(
                        "extensions = [\".tar.gz\"]",
                        "extensions: \".tar.gz\" is not an extension; write such as \".py\""),
                Arguments.of("extensions = [\".\"]", "extensions: \".\" is not an extension; write such as \".py\""),
                Arguments.of(
                        "extensions = [\"a/b\"]", "extensions: \"a/b\" is not an extension; write such as \".py\""),
                Arguments.of(
                        "interpreters = 1", "interpreters: 1 is an integer; write a table [pool.main.interpreters]"),
                Arguments.of(
                        "interpreters = {php = \"/bin/sh\"}",
                        "interpreters: \"php\" is not an extension; write \".php\""),
                Arguments.of(
                        "interpreters = {\".php\" = \"php-cgi\"}",
                        "interpreters..php: \"php-cgi\" is not absolute; write a path such as \"/usr/bin/php-cgi\""),
                Arguments.of(
                        "interpreters = {\".php\" = \"$D/none\"}",
                        "interpreters..php: \"$D/none\" does not exist, or cannot be looked at; name a program such as"
                                + " \"/usr/bin/php-cgi\""),
                Arguments.of(
                        "interpreters = {\".php\" = \"$D/cgi\"}",
                        "interpreters..php: \"$D/cgi\" is not a file; name a program such as \"/usr/bin/php-cgi\""),
                Arguments.of(
                        "interpreters = {\".php\" = \"$D/c.toml\"}",
                        "interpreters..php: \"$D/c.toml\" may not be executed; name a program such as"
                                + " \"/usr/bin/php-cgi\""),
                Arguments.of("min_uid = 0", "min_uid: 0 is out of range; write a whole number from 1 to 2147483647"),
                Arguments.of(
                        "min_gid = \"web\"", "min_gid: \"web\" is a string; write a whole number from 1 to 2147483647"),
                Arguments.of("no_new_privs = \"no\"", "no_new_privs: \"no\" is a string; write false"),
                Arguments.of(
                        "umask = 022", "umask: 22 is an integer; a mode is octal and stands in quotes: write \"0022\""),
                Arguments.of(
                        "umask = 98", "umask: 98 is an integer; a mode is octal and stands in quotes: write \"022\""),
                Arguments.of(
                        "umask = \"22\"",
                        "umask: \"22\" is not a mode from \"0000\" to \"0777\"; write such as \"022\""),
                Arguments.of(
                        "umask = \"028\"",
                        "umask: \"028\" is not a mode from \"0000\" to \"0777\"; write such as \"022\""),
                Arguments.of("nice = 20", "nice: 20 is out of range; write a whole number from -20 to 19"),
                Arguments.of("nice = -21", "nice: -21 is out of range; write a whole number from -20 to 19"),
                Arguments.of("chroot = \"srv\"", "chroot: \"srv\" is not absolute; write a path such as \"/srv/jail\""),
                Arguments.of(
                        "apparmor_profile = \"\"",
                        "apparmor_profile: \"\" is not a name; write such as \"cgi-scripts\""),
                Arguments.of(
                        "selinux_label = \"a\\n\"",
                        "selinux_label: \"a\\n\" is not a name; write such as"
                                + " \"system_u:system_r:httpd_sys_script_t:s0\""),
                Arguments.of(
                        "max_children_per_user = 0",
                        "max_children_per_user: 0 is out of range; write a whole number from 1 to 65536"),
                Arguments.of("max_children_per_script = \"4\"", "max_children_per_script: \"4\" is a string; write 4"),
                Arguments.of("request_buffering = 1", "request_buffering: 1 is an integer; write true"),
                Arguments.of("idle_timeout = 30", "idle_timeout: 30 is an integer; a time needs a unit: write \"30s\""),
                Arguments.of(
                        "background = \"kil\"",
                        "background: \"kil\" is not one of leave, kill; did you mean \"kill\"?"),
                Arguments.of(
                        "access_log = \"a.log\"",
                        "access_log: \"a.log\" is not absolute; write a path such as \"/var/log/cgi-fpm/main.access\""),
                Arguments.of(
                        "access_log = \"/a\\u0001\"",
                        "access_log: \"/a\\u0001\" has a control character in it; write another path"),
                Arguments.of(
                        "access_format = \"json\"",
                        "access_format: has no effect without access_log; write such as access_log ="
                                + " \"/var/log/cgi-fpm/main.access\""),
                Arguments.of(
                        "access_suppress = [\"/a\"]",
                        "access_suppress: has no effect without access_log; write such as access_log ="
                                + " \"/var/log/cgi-fpm/main.access\""),
                Arguments.of(
                        "slowlog = \"$D/run/slow\"",
                        "slowlog: has no effect without slow_after; write such as slow_after = \"5s\""),
                Arguments.of(
                        "slow_after = \"soon\"",
                        "slow_after: \"soon\" is not a time; write a whole number and ms,"
                                + " s, m or h, such as \"250ms\" or \"10s\""),
                Arguments.of("limits = 5", "limits: 5 is an integer; write a table [pool.main.limits]"),
                Arguments.of("limits = {cpus = \"1s\"}", "limits.cpus: unknown key; did you mean \"cpu\"?"),
                Arguments.of(
                        "limits = {user = \"x\"}", "limits.user: unknown key; it belongs below the header [pool.NAME]"),
                Arguments.of(
                        "limits = {log_level = \"x\"}",
                        "limits.log_level: unknown key; it belongs below the header [daemon]"),
                Arguments.of("limits = {colour = 1}", "limits.colour: unknown key"),
                Arguments.of(
                        "limits = {cpu = \"1500ms\"}",
                        "limits.cpu: \"1500ms\" is not a number of whole seconds; write at least \"1s\", or remove the key"
                                + " for no limit"),
                Arguments.of(
                        "limits = {cpu = 0}",
                        "limits.cpu: \"0\" is not a number of whole seconds; write at least \"1s\", or remove the key for"
                                + " no limit"),
                Arguments.of("limits = {cpu = 30}", "limits.cpu: 30 is an integer; a time needs a unit: write \"30s\""),
                Arguments.of(
                        "limits = {memory = \"64k\"}",
                        "limits.memory: 64k is too small; write at least \"1M\", or remove the key for no limit"),
                Arguments.of("limits = {memory = \"1T\"}", "limits.memory: \"1T\" is not a size" + size),
                Arguments.of(
                        "limits = {files = 15}",
                        "limits.files: 15 is out of range; write a whole number from 16 to 1048576"),
                Arguments.of(
                        "limits = {processes = 0}",
                        "limits.processes: 0 is out of range; write a whole number from 1 to 4194304"),
                Arguments.of(
                        "limits = {file_size = 0}",
                        "limits.file_size: 0 is too small; write at least \"1k\", or remove the key for no limit"),
                Arguments.of("limits = {core = -1}", "limits.core: -1 is too small; write at least \"0\""),
                Arguments.of(
                        "limits = {stack = \"4k\"}",
                        "limits.stack: 4k is too small; write at least \"64k\", or remove the key for no limit"),
                Arguments.of(
                        "limits = {memory_max = true}",
                        "limits.memory_max: true is a boolean; write a size such as \"64k\" or \"512M\""),
                Arguments.of(
                        "limits = {pids_max = 4194305}",
                        "limits.pids_max: 4194305 is out of range; write a whole number from 1 to 4194304"),
                Arguments.of(
                        "limits = {cpu_weight = 10001}",
                        "limits.cpu_weight: 10001 is out of range; write a whole number from 1 to 10000"),
                Arguments.of("checks = true", "checks: true is a boolean; write a table [pool.main.checks]"),
                Arguments.of("checks = {owner = \"strict\"}", "checks.owner: \"strict\"" + words),
                Arguments.of(
                        "checks = {owner = \"warm\"}", "checks.owner: \"warm\"" + words + "; did you mean \"warn\"?"),
                Arguments.of("checks = {owner = false}", "checks.owner: false is a boolean; write \"false\""),
                Arguments.of("checks = {OWNER = \"off\"}", "checks.OWNER: unknown key"),
                Arguments.of(
                        "checks = {directory_ower = \"off\"}",
                        "checks.directory_ower: unknown key; did you mean \"directory_owner\"?"),
                Arguments.of(
                        "checks = {symlinks = \"off\"}",
                        "checks.symlinks: \"off\" is not one of follow, owner-match, refuse"),
                Arguments.of(
                        "checks = {symlinks = \"owner_match\"}",
                        "checks.symlinks: \"owner_match\" is not one of follow, owner-match, refuse; did you mean"
                                + " \"owner-match\"?"));
    }

    @Test
    void refusesAnInterpreterForWhatIsNoScript() {
        assertEquals(
                List.of(
                        "$D/c.toml:5: pool.main.interpreters: \".php\" has no effect, as it is not in extensions; add it"
                                + " there"),
                files.problems(POOL + "extensions = [\".py\"]\ninterpreters = {\".php\" = \"/bin/sh\"}\n"));
    }

    @Test
    void refusesFormatsAndPathsThatNoLineCanHave() {
        assertEquals(
                List.of(
                        "$D/c.toml:5: pool.main.access_format: is empty; write \"json\", or such as"
                                + " \"%R - %u %t \\\"%m %r\\\" %s\"",
                        "$D/c.toml:6: pool.main.access_suppress: \"ping\" is not the path of a script; write such as"
                                + " \"/cgi-bin/ping.py\""),
                files.problems(
                        POOL
                                + "access_log = \"$D/run/a\"\naccess_format = \" \"\naccess_suppress = [\"ping\", \"/pong\"]\n"));
        assertEquals(
                List.of(
                        "$D/c.toml:5: pool.main.access_format: has a control character in it; write \"json\", or such as"
                                + " \"%R - %u %t \\\"%m %r\\\" %s\""),
                files.problems(POOL + "access_log = \"$D/run/a\"\naccess_format = \"a\\nb\"\n"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "%R %y | %y is not known; there are %C %d %e %f %l %m %M %n %o %p %P %q %Q %r %R %s %t %T %u %x and %%",
                "%{kb}M | %{kb}M: write bytes, kilo or mega",
                "%s %e | %e needs a name in braces, such as %{REMOTE_ADDR}e",
            })
    void refusesPlaceholdersThatNobodyKnows(String format, String why) {
        assertEquals(
                List.of("$D/c.toml:5: pool.main.access_format: " + why),
                files.problems(POOL + "access_log = \"$D/run/a\"\naccess_format = \"" + format + "\"\n"));
    }

    @Test
    void takesInterpretersInTheirOrderFromTheirOwnTable() throws ConfigException {
        ScriptRules rules = files.read(
                        POOL
                                + "[pool.main.interpreters]\n\".sh\" = \"/bin/sh\"\n\".é\" = \"/usr/bin/env\"\n\".A\" = \"/bin/cat\"\n")
                .pools()
                .get(0)
                .scripts();

        assertEquals("[.sh, .Ã©, .A]", rules.interpreters().keySet().toString());
        assertEquals("/bin/sh", rules.interpreters().get(".sh"));
    }

    @Test
    void followingSymbolicLinksIsNotToLookAtThem() throws ConfigException {
        for (Symlinks symlinks : Symlinks.values()) {
            ScriptRules rules = files.read(POOL + "checks = {symlinks = \"" + symlinks.word() + "\"}\n")
                    .pools()
                    .get(0)
                    .scripts();

            assertEquals(symlinks, rules.symlinks());
            assertEquals(
                    symlinks == Symlinks.FOLLOW ? Severity.OFF : Severity.ENFORCE, rules.severity(CheckName.SYMLINKS));
        }
    }

    @Test
    void listsTenMistakesAtOnce() throws IOException {
        Files.createFile(files.path("plain"));
        List<String> problems = files.problems("""
                [daemon]
                max_children = 0
                [pool.main]
                listen = "$D/run/main.sock"
                root = "$D/plain"
                user = "nobody2"
                umask = 22
                extensions = ["py"]
                idle_timeout = 5
                backgroud = "kill"
                [pool.main.limits]
                cpu = "10ms"
                [pool.main.checks]
                symlinks = "warn"
                onwer = "off"
                """);

        assertEquals(10, problems.size(), () -> String.join("\n", problems));
        assertEquals(
                List.of("2", "5", "6", "7", "8", "9", "10", "12", "14", "15"),
                problems.stream()
                        .map(problem -> problem.replaceAll("^\\$D/c.toml:(\\d+):.*$", "$1"))
                        .toList());
    }
}
