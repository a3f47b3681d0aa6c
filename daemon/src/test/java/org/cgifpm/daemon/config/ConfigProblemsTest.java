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

/** What is said about broken files, word for word and with the right line. */
class ConfigProblemsTest {
    private final ConfigFolder files;

    ConfigProblemsTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder);
    }

    @Test
    void listsEverythingAtOnceInTheOrderOfTheFiles() throws IOException {
        Files.createDirectory(files.path("pools.d"));
        Files.createSymbolicLink(files.path("pools.d/b.toml"), files.path("gone"));
        files.write("pools.d/a.toml", """
                [pool.shop]
                listen = "$D/run/legacy.sock"
                root = "$D/cgi"
                """);
        String longPath = "/run/" + "ä".repeat(52);

        assertEquals(
                List.of(
                        "$D/c.toml:1: include: \"$D/pools.d/b.toml\" does not exist; correct it or take it out",
                        "$D/c.toml:1: include: \"$D/missing.toml\" does not exist; correct it or take it out",
                        "$D/c.toml:4: daemon.max_children: \"16\" is a string; write 16",
                        "$D/c.toml:6: pool.legacy.root: missing; say where the scripts are, such as root = \"/srv/cgi-bin\"",
                        "$D/c.toml:9: pool.legacy.max_childen: unknown key; did you mean \"max_children\"?",
                        "$D/c.toml:12: pool.long.listen: the path has 109 bytes, a socket's may have 107; choose a shorter"
                                + " one, such as \"/run/cgi-fpm/main.sock\"",
                        "$D/c.toml:17: pool.twin.listen: \"$D/run/twin.sock\" is taken by daemon.control at $D/c.toml:5;"
                                + " give each its own",
                        "$D/c.toml:22: pool.other.listen: \"$D/run/../run/shop.sock\" is taken by pool.third.listen at"
                                + " $D/c.toml:19; give each its own"),
                files.problems("""
                        include = ["pools.d/*.toml", "missing.toml"]

                        [daemon]
                        max_children = "16"
                        control = "$D/run/twin.sock"
                        [pool.legacy]
                        listen = "$D/run/legacy.sock"

                        max_childen = 3

                        [pool.long]
                        listen = "%s"
                        root = "$D/cgi"

                        [pool.twin]
                        root = "$D/cgi"
                        listen = "$D/run/twin.sock"
                        [pool.third]
                        listen = "$D/run/shop.sock"
                        root = "$D/cgi"
                        [pool.other]
                        listen = "$D/run/../run/shop.sock"
                        root = "$D/cgi"
                        """.formatted(longPath)));
    }

    /** Lines of a pool with a socket and a root; the third is the one under test. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesValues(String line, String problem) {
        assertEquals(
                List.of("$D/c.toml:4: pool.main." + problem),
                files.problems("[pool.main]\nlisten = \"$D/run/main.sock\"\nroot = \"$D/cgi\"\n" + line + "\n"));
    }

    static Stream<Arguments> refusesValues() {
        return Stream.of(
                Arguments.of(
                        "max_children = 0", "max_children: 0 is out of range; write a whole number from 1 to 65536"),
                Arguments.of(
                        "max_children = 1.5", "max_children: 1.5 is a float; write a whole number from 1 to 65536"),
                Arguments.of(
                        "max_children = true", "max_children: true is a boolean; write a whole number from 1 to 65536"),
                Arguments.of(
                        "max_children = [1]", "max_children: this is an array; write a whole number from 1 to 65536"),
                Arguments.of(
                        "queue_length = -1",
                        "queue_length: -1 is out of range; write a whole number from 0 to 1000000"),
                Arguments.of(
                        "listen_backlog = 0",
                        "listen_backlog: 0 is out of range; write a whole number from 1 to 65535"),
                Arguments.of(
                        "request_timeout = 60",
                        "request_timeout: 60 is an integer; a time needs a unit: write \"60s\""),
                Arguments.of("request_timeout = \"60\"", "request_timeout: \"60\" has no unit; write \"60s\""),
                Arguments.of(
                        "request_timeout = -5",
                        "request_timeout: -5 is an integer; a time needs a unit: write \"10s\""),
                Arguments.of("queue_timeout = 0", "queue_timeout: must be more than 0; the default is \"10s\""),
                Arguments.of("params_timeout = \"0ms\"", "params_timeout: must be more than 0; the default is \"10s\""),
                Arguments.of("request_body_max = 0", "request_body_max: must be more than 0; the default is \"1G\""),
                Arguments.of(
                        "request_body_max = \"1 GB\"",
                        "request_body_max: \"1 GB\" is not a size; write a whole number and k, M or G, such as \"64k\" or"
                                + " \"512M\""),
                Arguments.of(
                        "request_body_max = true",
                        "request_body_max: true is a boolean; write a size such as \"64k\" or \"512M\""),
                Arguments.of("on_abort = \"stop\"", "on_abort: \"stop\" is not one of kill, finish"),
                Arguments.of(
                        "on_abort = \"kil\"", "on_abort: \"kil\" is not one of kill, finish; did you mean \"kill\"?"),
                Arguments.of("mode = \"fork\"", "mode: \"fork\" is not one of exec, warm, worker, wsgi, auto"),
                Arguments.of("mode = \"cgi\"", "mode: \"cgi\" is called \"exec\" here; write that, or \"auto\""),
                Arguments.of(
                        "listen_mode = 660",
                        "listen_mode: 660 is an integer; a mode is octal and stands in quotes: write \"0660\""),
                Arguments.of(
                        "listen_mode = 0660",
                        "listen_mode: 660 is an integer; a mode is octal and stands in quotes: write \"0660\""),
                Arguments.of(
                        "listen_mode = \"0680\"",
                        "listen_mode: \"0680\" is not a mode from \"0000\" to \"0777\"; write such as \"0660\""),
                Arguments.of(
                        "listen_mode = \"1777\"",
                        "listen_mode: \"1777\" is not a mode from \"0000\" to \"0777\"; write such as \"0660\""),
                Arguments.of(
                        "listen_mode = \"66\"",
                        "listen_mode: \"66\" is not a mode from \"0000\" to \"0777\"; write such as \"0660\""),
                Arguments.of("listen_owner = \"legcay\"", "listen_owner: there is no user \"legcay\" on this system"),
                Arguments.of("listen_group = \"legacy\"", "listen_group: there is no group \"legacy\" on this system"),
                Arguments.of(
                        "listen_owner = 4294967295",
                        "listen_owner: 4294967295 is out of range; ids go from 0 to 4294967294"),
                Arguments.of(
                        "allowed_users = [\"nobody2\"]", "allowed_users: there is no user \"nobody2\" on this system"),
                Arguments.of(
                        "allowed_users = \"www-data\"",
                        "allowed_users: \"www-data\" is a string; write an array [\"www-data\"]"),
                Arguments.of(
                        "allowed_users = []",
                        "allowed_users: is empty, so that nobody may connect; name a user or remove the key"),
                Arguments.of(
                        "allowed_clients = [\"::1\"]",
                        "allowed_clients: has no effect on a socket path; use allowed_users"),
                Arguments.of(
                        "user = \"legacy\"",
                        "user: \"legacy\" cannot be had: the daemon runs as \"www-data\" without CAP_SETUID and CAP_SETGID;"
                                + " start it as root or with them, start it as that user, or remove the key"),
                Arguments.of(
                        "user = 1001",
                        "user: \"1001\" cannot be had: the daemon runs as \"www-data\" without CAP_SETUID and CAP_SETGID;"
                                + " start it as root or with them, start it as that user, or remove the key"),
                Arguments.of(
                        "user = \"root\"",
                        "user: \"root\" cannot be had: the daemon runs as \"www-data\" without CAP_SETUID and CAP_SETGID;"
                                + " start it as root or with them, start it as that user, or remove the key"),
                Arguments.of(
                        "user = \"@owner\"",
                        "user: \"@owner\" cannot be had: the daemon runs as \"www-data\" without CAP_SETUID and CAP_SETGID;"
                                + " start it as root or with them, or remove the key"),
                Arguments.of("user = \"legcay\"", "user: there is no user \"legcay\" on this system"),
                Arguments.of("pass_authorization = \"yes\"", "pass_authorization: \"yes\" is a string; write true"),
                Arguments.of("pass_authorization = 0", "pass_authorization: 0 is an integer; write false"),
                Arguments.of(
                        "pass_authorization = \"x\"", "pass_authorization: \"x\" is a string; write true or false"),
                Arguments.of(
                        "pass_params = [\"*\"]",
                        "pass_params: \"*\" is not the name of a param; remove the key to let all pass"),
                Arguments.of(
                        "pass_params = [\"A*B\"]",
                        "pass_params: \"A*B\" is not the name of a param; write such as"
                                + " \"GEOIP_COUNTRY\" or \"SSL_*\""),
                Arguments.of("pass_params = [1]", "pass_params: in the array 1 is an integer; write \"1\""),
                Arguments.of("path = \"\"", "path: is empty; write such as \"/usr/bin:/bin\", or remove the key"),
                Arguments.of(
                        "path = \"/bin:\"", "path: its part \"\" is not absolute; write such as \"/usr/bin:/bin\""),
                Arguments.of(
                        "path = \"/bin:local:/usr/bin\"",
                        "path: its part \"local\" is not absolute; write such as \"/usr/bin:/bin\""),
                Arguments.of("env = \"A=1\"", "env: \"A=1\" is a string; write a table [pool.main.env]"),
                Arguments.of(
                        "env = {\"A B\" = \"1\"}",
                        "env.A B: is not a name for a variable; write letters, digits and _, no digit first"),
                Arguments.of("env = {A = 1}", "env.A: 1 is an integer; write \"1\""),
                Arguments.of(
                        "env = {A = \"$NOPE\"}",
                        "env.A: the daemon's environment has no NOPE; set it where the daemon is started,"
                                + " or write the value here"),
                Arguments.of("env = {A = \"x\\u0000\"}", "env.A: has a zero byte in it, which no variable can hold"),
                Arguments.of("env = {PATH = \"/bin\"}", "env.PATH: is set with the pool's key path; write it there"),
                Arguments.of(
                        "status_path = \"status\"",
                        "status_path: \"status\" does not begin with a slash, as every SCRIPT_NAME does; write such as"
                                + " \"/cgi-fpm-status\""),
                Arguments.of(
                        "status_path = \"/status?json\"",
                        "status_path: \"/status?json\" is more than a path; write such as \"/cgi-fpm-status\""),
                Arguments.of(
                        "ping_path = \"/a\\nb\"",
                        "ping_path: \"/a\\nb\" has a control character in it; write such as \"/cgi-fpm-ping\""),
                Arguments.of("ping_path = 1", "ping_path: 1 is an integer; write \"1\""),
                Arguments.of(
                        "ping_response = \"here\"",
                        "ping_response: has no effect without ping_path; write such as ping_path = \"/cgi-fpm-ping\""),
                Arguments.of("cpu = \"1s\"", "cpu: belongs below the header [pool.NAME.limits]"),
                Arguments.of("preload = [\"json\"]", "preload: belongs below the header [pool.NAME.python]"),
                Arguments.of("writable = \"off\"", "writable: belongs below the header [pool.NAME.checks]"),
                Arguments.of("launch_threads = 2", "launch_threads: belongs below the header [daemon]"),
                Arguments.of("include = []", "include: belongs at the top of the file, above the first [table]"),
                Arguments.of(
                        "request-timeout = \"1s\"", "request-timeout: unknown key; did you mean \"request_timeout\"?"),
                Arguments.of("slow = 1", "slow: unknown key; did you mean \"slowlog\"?"),
                Arguments.of("queue = 1", "queue: unknown key; did you mean \"queue_length\"?"),
                Arguments.of("colour = 1", "colour: unknown key"),
                Arguments.of("umask =", "umask: nothing stands behind the =; give a value or remove the line"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesPlaces(String listen, String problem) {
        assertEquals(
                List.of("$D/c.toml:2: pool.main." + problem),
                files.problems("[pool.main]\nlisten = " + listen + "\nroot = \"$D/cgi\"\n"));
    }

    static Stream<Arguments> refusesPlaces() {
        return Stream.of(
                Arguments.of("9000", "listen: 9000 is an integer; write \"9000\""),
                Arguments.of(
                        "\"9000\"",
                        "listen: \"9000\" names no address; write \"127.0.0.1:9000\" for this machine alone, or"
                                + " \"0.0.0.0:...\" or \"[::]:...\" for everybody"),
                Arguments.of(
                        "\":9001\"",
                        "listen: \":9001\" names no address; write \"127.0.0.1:9001\" for this machine alone, or"
                                + " \"0.0.0.0:...\" or \"[::]:...\" for everybody"),
                Arguments.of(
                        "\"*:9000\"",
                        "listen: \"*:9000\" names no address; write \"127.0.0.1:9000\" for this machine alone, or"
                                + " \"0.0.0.0:...\" or \"[::]:...\" for everybody"),
                Arguments.of(
                        "\"127.0.0.1:0\"",
                        "listen: \"127.0.0.1:0\" has no port from 1 to 65535 behind its last colon; write"
                                + " such as \"127.0.0.1:9000\""),
                Arguments.of(
                        "\"127.0.0.1:65536\"",
                        "listen: \"127.0.0.1:65536\" has no port from 1 to 65535 behind its last colon;"
                                + " write such as \"127.0.0.1:9000\""),
                Arguments.of(
                        "\"::1:9000\"",
                        "listen: \"::1:9000\": an IPv6 address stands in brackets; write such as \"[::1]:9000\""),
                Arguments.of(
                        "\"[127.0.0.1]:9000\"",
                        "listen: \"[127.0.0.1]:9000\" names no address in numbers; write such as"
                                + " \"127.0.0.1:9000\" or \"[::1]:9000\""),
                Arguments.of(
                        "\"example.org:9000\"",
                        "listen: \"example.org:9000\" names no address in numbers; write such as"
                                + " \"127.0.0.1:9000\" or \"[::1]:9000\""),
                Arguments.of(
                        "\"main.sock\"",
                        "listen: \"main.sock\" is not absolute; write a path such as \"/run/cgi-fpm/main.sock\""),
                Arguments.of("\"\"", "listen: is empty; write an absolute path such as \"/run/cgi-fpm/main.sock\""),
                Arguments.of(
                        "\"unix:/run/x\"",
                        "listen: \"unix:/run/x\" is how nginx writes it; write only the path: \"/run/x\""),
                Arguments.of("\"$D/run/\"", "listen: \"$D/run/\" is a folder; write the name of a socket in it"),
                Arguments.of(
                        "\"$D/no/x\"",
                        "listen: the socket's folder \"$D/no\" does not exist; make it first (mkdir, or"
                                + " RuntimeDirectory= in the unit)"),
                Arguments.of(
                        "\"$D/c.toml/x\"",
                        "listen: the socket's folder \"$D/c.toml\" is not a folder; make it first (mkdir,"
                                + " or RuntimeDirectory= in the unit)"),
                Arguments.of("\"/run/a\\nb\"", "listen: \"/run/a\\nb\" has a control character in it"),
                Arguments.of(
                        "\"fd:\"",
                        "listen: \"fd:\" names no socket; write fd: and the FileDescriptorName= of the socket unit,"
                                + " such as \"fd:main\""));
    }

    @Test
    void refusesAnAddressForOtherMachinesUntilItSaysWhoMayConnect() {
        assertEquals(
                List.of(
                        "$D/c.toml:1: pool.main.allowed_clients: missing: 0.0.0.0:9000 can be reached from other machines; say who"
                                + " may connect, such as allowed_clients = [\"10.0.0.5\"]"),
                files.problems("[pool.main]\nlisten = \"0.0.0.0:9000\"\nroot = \"$D/cgi\"\n"));
    }

    @Test
    void refusesRulesThatHaveNoEffectOnTheKindOfAddress() {
        assertEquals(
                List.of(
                        "$D/c.toml:4: pool.tcp.listen_mode: has no effect on a TCP address; use allowed_clients",
                        "$D/c.toml:5: pool.tcp.allowed_users: has no effect on a TCP address; use allowed_clients",
                        "$D/c.toml:9: pool.fd.listen_group: has no effect on an inherited socket; set it in the socket unit"),
                files.problems("""
                        [pool.tcp]
                        listen = "127.0.0.1:9000"
                        root = "$D/cgi"
                        listen_mode = "0600"
                        allowed_users = ["www-data"]
                        [pool.fd]
                        listen = "fd:x"
                        root = "$D/cgi"
                        listen_group = "web"
                        """));
    }

    @Test
    void refusesClientsThatAreNoAddresses() {
        assertEquals(
                List.of(
                        "$D/c.toml:4: pool.main.allowed_clients: \"10.0.0.*\" is neither an address nor a network; write such as"
                                + " \"10.1.2.3\", \"10.0.0.0/8\" or \"2001:db8::/32\""),
                files.problems(
                        "[pool.main]\nlisten = \"127.0.0.1:1\"\nroot = \"$D/cgi\"\nallowed_clients = [\"127.0.0.1\", \"10.0.0.*\"]\n"));
    }

    /** A socket on [::] has the port of version 4 as well. */
    @Test
    void findsTwoPoolsOnOnePortOfBothVersions() {
        String clients = "\nallowed_clients = [\"127.0.0.1\"]\nroot = \"$D/cgi\"\n";

        assertEquals(
                List.of("$D/c.toml:6: pool.b.listen: \"127.0.0.1:9000\" is taken by pool.a.listen at $D/c.toml:2;"
                        + " give each its own"),
                files.problems("[pool.a]\nlisten = \"[::]:9000\"" + clients + "[pool.b]\nlisten = \"127.0.0.1:9000\""
                        + clients + "[pool.c]\nlisten = \"[::1]:9001\"" + clients
                        + "[pool.d]\nlisten = \"127.0.0.1:9001\"" + clients));
    }

    @Test
    void findsTwoPoolsOnOnePortAlsoWhenOneListensEverywhere() {
        String clients = "\nallowed_clients = [\"127.0.0.1\"]\nroot = \"$D/cgi\"\n";

        assertEquals(
                List.of(
                        "$D/c.toml:6: pool.b.listen: \"0.0.0.0:9000\" is taken by pool.a.listen at $D/c.toml:2; give each its own",
                        "$D/c.toml:18: pool.e.listen: \"fd:x\" is taken by pool.d.listen at $D/c.toml:14; give each its own"),
                files.problems("[pool.a]\nlisten = \"localhost:9000\"" + clients + "[pool.b]\nlisten = \"0.0.0.0:9000\""
                        + clients
                        + "[pool.c]\nlisten = \"127.0.0.1:9001\"" + clients + "[pool.d]\nlisten = \"fd:x\"" + clients
                        + "[pool.e]\nlisten = \"fd:x\"" + clients));
    }

    @Test
    void findsTwoPoolsOnOneSocketThroughALinkedFolder() throws IOException {
        Files.createSymbolicLink(files.path("var"), files.path("run"));

        assertEquals(
                List.of(
                        "$D/c.toml:5: pool.b.listen: \"$D/var/x\" is taken by pool.a.listen at $D/c.toml:2; give each its own"),
                files.problems(
                        "[pool.a]\nlisten = \"$D/run/x\"\nroot = \"$D/cgi\"\n[pool.b]\nlisten = \"$D/var/x\"\nroot = \"$D/cgi\"\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesRoots(String root, String problem) {
        assertEquals(
                List.of("$D/c.toml:3: pool.main.root: " + problem),
                files.problems("[pool.main]\nlisten = \"fd:x\"\nroot = " + root + "\n"));
    }

    static Stream<Arguments> refusesRoots() {
        return Stream.of(
                Arguments.of("\"cgi\"", "\"cgi\" is not absolute; write a path such as \"/srv/cgi-bin\""),
                Arguments.of("\"\"", "\"\" is not absolute; write a path such as \"/srv/cgi-bin\""),
                Arguments.of("\"$D/nope\"", "\"$D/nope\" does not exist; name the folder that holds the scripts"),
                Arguments.of("\"$D/c.toml\"", "\"$D/c.toml\" is not a folder; name the folder that holds the scripts"),
                Arguments.of(
                        "\"$D/c.toml/x\"",
                        "\"$D/c.toml/x\" cannot be looked at: Not a directory; name the folder that holds the"
                                + " scripts"),
                Arguments.of(
                        "\"/a\\tb\"",
                        "\"/a\\tb\" has a control character in it; name the folder that holds the scripts"),
                Arguments.of("true", "true is a boolean; write \"true\""));
    }

    @Test
    void refusesWhatStandsInTheWrongPlaceAtTheTop() {
        assertEquals(
                List.of(
                        "$D/c.toml:1: listen: belongs below a header [pool.NAME]",
                        "$D/c.toml:2: log_level: belongs below the header [daemon]",
                        "$D/c.toml:3: inclde: unknown key; did you mean \"include\"?",
                        "$D/c.toml:4: deamon: unknown table; did you mean \"daemon\"?",
                        "$D/c.toml:6: pool.root: belongs to a pool with a name; write [pool.NAME] above it",
                        "$D/c.toml:7: pool.x: a pool is a table; write [pool.x]",
                        "$D/c.toml:8: pools: unknown table; did you mean \"pool\"?"),
                files.problems(
                        "listen = 1\nlog_level = 1\ninclde = 1\n[deamon]\n[pool]\nroot = 1\nx = 1\n[pools.x]\n"));
    }

    @Test
    void refusesDaemonKeysOfAnotherKind() {
        assertEquals(
                List.of(
                        "$D/c.toml:2: daemon.control: \"control.sock\" is not absolute; write a path such as"
                                + " \"/run/cgi-fpm/main.sock\"",
                        "$D/c.toml:3: daemon.launch_threads: 65 is out of range; write a whole number from 1 to 64",
                        "$D/c.toml:4: daemon.log_level: \"notice\" is not one of error, warn, info, debug",
                        "$D/c.toml:5: daemon.log: \"log\" is not absolute; write a path such as"
                                + " \"/var/log/cgi-fpm/cgi-fpm.log\"",
                        "$D/c.toml:6: daemon.root: belongs below the header [pool.NAME]",
                        "$D/c.toml:7: pool: no pool is configured; add a table [pool.NAME] with listen and root"),
                files.problems("""
                        [daemon]
                        control = "control.sock"
                        launch_threads = 65
                        log_level = "notice"
                        log = "log"
                        root = "/"
                        [pool]
                        """));
    }

    @Test
    void wantsTwoPathsForTwoPages() {
        assertEquals(
                List.of("$D/c.toml:5: pool.a.ping_path: \"/s\" is the status_path already; write another path"),
                files.problems(
                        "[pool.a]\nlisten = \"fd:a\"\nroot = \"$D/cgi\"\nstatus_path = \"/s\"\nping_path = \"/s\"\n"));
    }

    @Test
    void wantsAPool() {
        assertEquals(
                List.of("$D/c.toml:1: pool: no pool is configured; add a table [pool.NAME] with listen and root"),
                files.problems("# nothing\n"));
    }

    @Test
    void refusesNamesThatAreNoFileNames() {
        assertEquals(
                List.of(
                        "$D/c.toml:1: pool.a/b: \"a/b\" is not a name for a pool; write letters, digits, _, . and -",
                        "$D/c.toml:4: pool...: \"..\" is not a name for a pool; write letters, digits, _, . and -"),
                files.problems(
                        "[pool.\"a/b\"]\nlisten = \"fd:a\"\nroot = \"$D/cgi\"\n[pool.\"..\"]\nlisten = \"fd:b\"\nroot = \"$D/cgi\"\n"));
    }

    @Test
    void saysSoOfAMainFileThatCannotBeRead() throws IOException {
        assertEquals(List.of("$D/c.toml:1: the file does not exist"), files.problems());
        Files.write(files.path("c.toml"), new byte[] {'#', (byte) 0xe9, '\n'});
        assertEquals(List.of("$D/c.toml:1: the file is not UTF-8"), files.problems());
        Files.delete(files.path("c.toml"));
        Files.createDirectory(files.path("c.toml"));
        assertEquals(List.of("$D/c.toml:1: the file cannot be read: Is a directory"), files.problems());
    }
}
