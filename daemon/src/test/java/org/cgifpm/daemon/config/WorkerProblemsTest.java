package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said about keys of persistent applications whose values are wrong. */
class WorkerProblemsTest {
    private static final String LISTEN = "[pool.main]\nlisten = \"$D/run/main.sock\"\n";

    private final ConfigFolder files;

    WorkerProblemsTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder)
                .folder("app", "rwxr-xr-x")
                .program("app/hello.fcgi")
                .write("app/plain", "");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesCommands(String command, String problem) {
        assertEquals(
                List.of("$D/c.toml:4: pool.main.command: " + problem),
                files.problems(LISTEN + "mode = \"worker\"\ncommand = " + command + "\n"));
    }

    static Stream<Arguments> refusesCommands() {
        String such = "; name a program such as \"/srv/app/app.fcgi\"";
        return Stream.of(
                Arguments.of(
                        "\"$D/app/hello.fcgi\"",
                        "\"$D/app/hello.fcgi\" is a string; write an array [\"$D/app/hello.fcgi\"]"),
                Arguments.of(
                        "[]", "is empty; write the application and its arguments, such as [\"/srv/app/app.fcgi\"]"),
                Arguments.of("[1]", "in the array 1 is an integer; write \"1\""),
                Arguments.of(
                        "[\"php-cgi\"]",
                        "\"php-cgi\" is not absolute; write the program's path, such as \"/srv/app/app.fcgi\""),
                Arguments.of("[\"\"]", "\"\" is not absolute; write the program's path, such as \"/srv/app/app.fcgi\""),
                Arguments.of("[\"$D/none\"]", "\"$D/none\" does not exist, or cannot be looked at" + such),
                Arguments.of("[\"$D/app\"]", "\"$D/app\" is not a file" + such),
                Arguments.of("[\"$D/app/\"]", "\"$D/app/\" is a folder; name a program in it"),
                Arguments.of("[\"$D/app/plain\"]", "\"$D/app/plain\" may not be executed" + such),
                Arguments.of("[\"/a\\nb\"]", "\"/a\\nb\" has a control character in it; name another program"),
                Arguments.of(
                        "[\"$D/app/hello.fcgi\", \"a\\u0000b\"]",
                        "\"a\\u0000b\" has a zero byte in it, which no argument can hold"));
    }

    @Test
    void wantsACommandAndNothingElse() {
        assertEquals(
                List.of(
                        "$D/c.toml:1: pool.main.command: missing: mode = \"worker\" needs to know the application; write"
                                + " such as command = [\"/srv/app/app.fcgi\"]"),
                files.problems(LISTEN + "mode = \"worker\"\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesRootsOfApplications(String root, String problem) {
        assertEquals(
                List.of("$D/c.toml:5: pool.main.root: " + problem),
                files.problems(LISTEN + "mode = \"worker\"\ncommand = [\"$D/app/hello.fcgi\"]\nroot = " + root + "\n"));
    }

    static Stream<Arguments> refusesRootsOfApplications() {
        return Stream.of(
                Arguments.of("\"app\"", "\"app\" is not absolute; write a path such as \"/srv/app\""),
                Arguments.of(
                        "\"$D/nope\"", "\"$D/nope\" does not exist; name the folder in which the application works"),
                Arguments.of(
                        "\"$D/app/plain\"",
                        "\"$D/app/plain\" is not a folder; name the folder in which the application works"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesValues(String line, String problem) {
        assertEquals(
                List.of("$D/c.toml:4: pool.main." + problem),
                files.problems(LISTEN + "root = \"$D/cgi\"\n" + line + "\n"));
    }

    static Stream<Arguments> refusesValues() {
        return Stream.of(
                Arguments.of(
                        "worker_extensions = \".fcgi\"",
                        "worker_extensions: \".fcgi\" is a string; write an array [\".fcgi\"]"),
                Arguments.of(
                        "worker_extensions = [\"fcgi\"]",
                        "worker_extensions: \"fcgi\" is not an extension; write \".fcgi\""),
                Arguments.of(
                        "pm = \"on-demand\"",
                        "pm: \"on-demand\" is not one of static, dynamic, ondemand; did you mean \"ondemand\"?"),
                Arguments.of("pm = true", "pm: true is a boolean; write \"true\""),
                Arguments.of(
                        "max_spawn_rate = 0",
                        "max_spawn_rate: 0 is out of range; write a whole number from 1 to 65536"),
                Arguments.of(
                        "process_idle_timeout = 0",
                        "process_idle_timeout: must be more than 0; the default is \"10s\""),
                Arguments.of(
                        "max_requests = -1",
                        "max_requests: -1 is out of range; write a whole number from 0 to 2147483647"),
                Arguments.of("max_lifetime = 60", "max_lifetime: 60 is an integer; a time needs a unit: write \"60s\""),
                Arguments.of(
                        "max_memory = \"64k\"",
                        "max_memory: 64k is too small; write at least \"1M\", or 0 for no limit"),
                Arguments.of("max_memory = -1", "max_memory: -1 is too small; write at least \"0\""),
                Arguments.of(
                        "worker_concurrency = 0",
                        "worker_concurrency: 0 is out of range; write a whole number from 1 to 1024"),
                Arguments.of("dispatch = \"fast\"", "dispatch: \"fast\" is not one of relay, direct"),
                Arguments.of(
                        "dispatch = \"direct\"",
                        "dispatch: \"direct\" cannot be had with mode = \"auto\", where each request may be for another"
                                + " application; write \"relay\", or mode = \"worker\""),
                Arguments.of("startup_timeout = 0", "startup_timeout: must be more than 0; the default is \"10s\""),
                Arguments.of("restart_on_change = 1", "restart_on_change: 1 is an integer; write true"),
                Arguments.of("retry_idempotent = \"no\"", "retry_idempotent: \"no\" is a string; write false"),
                Arguments.of("min_spare = 1", "min_spare: unknown key; did you mean \"min_spare_servers\"?"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void wantsTheNumbersOfDynamicInTheirOrder(String lines, List<String> problems) {
        assertEquals(
                problems, files.problems(LISTEN + "root = \"$D/cgi\"\npm = \"dynamic\"\nmax_children = 8\n" + lines));
    }

    static Stream<Arguments> wantsTheNumbersOfDynamicInTheirOrder() {
        String main = ": pool.main.";
        return Stream.of(
                Arguments.of(
                        "",
                        List.of(
                                "$D/c.toml:1: pool.main.min_spare_servers: missing: pm = \"dynamic\" needs it; write such as"
                                        + " min_spare_servers = 2",
                                "$D/c.toml:1: pool.main.max_spare_servers: missing: pm = \"dynamic\" needs it; write such as"
                                        + " max_spare_servers = 5")),
                Arguments.of(
                        "min_spare_servers = 1\n",
                        List.of(
                                "$D/c.toml:1: pool.main.max_spare_servers: missing: pm = \"dynamic\" needs it; write such as"
                                        + " max_spare_servers = 5")),
                Arguments.of(
                        "min_spare_servers = 0\nmax_spare_servers = 2\n",
                        List.of("$D/c.toml:6" + main
                                + "min_spare_servers: 0 is out of range; write a whole number from 1 to 65536")),
                Arguments.of(
                        "min_spare_servers = 5\nmax_spare_servers = 4\n",
                        List.of("$D/c.toml:6" + main
                                + "min_spare_servers: 5 is more than max_spare_servers = 4; write at most that")),
                Arguments.of(
                        "min_spare_servers = 5\nmax_spare_servers = 9\n",
                        List.of("$D/c.toml:7" + main
                                + "max_spare_servers: 9 is more than max_children = 8; write at most that")),
                Arguments.of(
                        "min_spare_servers = 2\nmax_spare_servers = 5\nstart_servers = 0\n",
                        List.of("$D/c.toml:8" + main
                                + "start_servers: 0 is out of range; write a whole number from 1 to 65536")),
                Arguments.of(
                        "min_spare_servers = 2\nmax_spare_servers = 5\nstart_servers = 1\n",
                        List.of("$D/c.toml:8" + main
                                + "start_servers: 1 is not from min_spare_servers = 2 to max_spare_servers = 5; write such"
                                + " as 3, or remove the key")),
                Arguments.of(
                        "min_spare_servers = 2\nmax_spare_servers = 5\nstart_servers = 6\n",
                        List.of("$D/c.toml:8" + main
                                + "start_servers: 6 is not from min_spare_servers = 2 to max_spare_servers = 5; write such"
                                + " as 3, or remove the key")));
    }

    @Test
    void knowsOneUseForAnExtension() {
        assertEquals(
                List.of(
                        "$D/c.toml:5: pool.main.worker_extensions: \".fcgi\" has no effect, as it is not in extensions; add it"
                                + " there",
                        "$D/c.toml:5: pool.main.worker_extensions: \".php\" is in interpreters too, which start a process for"
                                + " each request; take it out of one of them"),
                files.problems(LISTEN + "root = \"$D/cgi\"\nextensions = [\".php\", \".pl\"]\n"
                        + "worker_extensions = [\".fcgi\", \".php\", \".pl\"]\n"
                        + "interpreters = {\".php\" = \"/bin/sh\"}\n"));
    }

    @Test
    void runsOneApplicationAsAUserThatIsNamed() {
        files.as(ConfigFolder.ROOT);
        String message =
                "\"@owner\" cannot be had with mode = \"%s\", which has no script whose owner it could be; name a"
                        + " user";

        assertEquals(
                List.of("$D/c.toml:5: pool.main.user: " + message.formatted("worker")),
                files.problems(LISTEN + "mode = \"worker\"\ncommand = [\"$D/app/hello.fcgi\"]\nuser = \"@owner\"\n"));
        assertEquals(
                List.of("$D/c.toml:5: pool.main.user: " + message.formatted("wsgi")),
                files.problems(LISTEN + "mode = \"wsgi\"\nroot = \"$D/app\"\nuser = \"@owner\"\n"
                        + "python = {app = \"a:b\", interpreter = \"$D/app/hello.fcgi\"}\n"));
    }

    @Test
    void looksForTheCommandInTheChroot() {
        files.as(ConfigFolder.ROOT);
        String pool = LISTEN + "mode = \"worker\"\ncommand = [\"$D/app/hello.fcgi\"]\nuser = \"legacy\"\nchroot = ";

        assertEquals(
                List.of(
                        "$D/c.toml:6: pool.main.chroot: command \"$D/app/hello.fcgi\" does not lie in \"$D/cgi\"; write its"
                                + " path as it is seen from outside, such as \"$D/cgi/app/app.fcgi\""),
                files.problems(pool + "\"$D/cgi\"\n"));
        assertEquals(
                List.of(
                        "$D/c.toml:6: pool.main.chroot: root \"$D/cgi\" does not lie in \"$D/app\"; write root as it is seen"
                                + " from outside, such as \"$D/app/cgi-bin\""),
                files.problems(pool + "\"$D/app\"\nroot = \"$D/cgi\"\n"));
    }

    @Test
    void acceptsACommandThatLiesInTheChroot() throws ConfigException {
        files.as(ConfigFolder.ROOT);

        assertEquals(
                List.of(),
                files.warnings(LISTEN + "allowed_users = [\"www-data\"]\nmode = \"worker\"\n"
                        + "command = [\"$D/app/hello.fcgi\"]\nuser = \"legacy\"\nchroot = \"$D\"\n"));
    }
}
