package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that nobody would ask are refused, and not printed. */
class KeyEffectsTest {
    private static final String WORKER = "mode = \"worker\"\ncommand = [\"$D/app/hello.fcgi\"]\n";
    private static final String WSGI = "mode = \"wsgi\"\nroot = \"$D/app\"\n";
    private static final String AUTO = "mode = \"auto\"\nroot = \"$D/cgi\"\n";
    private static final String EXEC = "mode = \"exec\"\nroot = \"$D/cgi\"\n";
    private static final String PYTHON = "[pool.main.python]\napp = \"a:b\"\ninterpreter = \"$D/app/hello.fcgi\"\n";

    private final ConfigFolder files;

    KeyEffectsTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder).folder("app", "rwxr-xr-x").program("app/hello.fcgi");
    }

    /** @param pool two lines, so that the line under test is the fifth */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void refusesKeysWithoutEffect(String pool, String line, String why) {
        String key = line.substring(0, line.indexOf(' '));

        assertEquals(
                List.of("$D/c.toml:5: pool.main." + key + ": has no effect " + why),
                files.problems(pool(pool, line + "\n")));
    }

    static Stream<Arguments> refusesKeysWithoutEffect() {
        String exec = "with mode = \"exec\"; remove it, or write mode = \"auto\" or \"worker\"";
        String worker = "with mode = \"worker\", where no script is looked for; remove it";
        String wsgi = "with mode = \"wsgi\", where no script is looked for; remove it";
        String python = "; remove it, or write mode = \"warm\" for scripts, \"wsgi\" for an application";
        String ondemand = "with pm = \"ondemand\"; remove it, or write pm = \"dynamic\"";
        return Stream.of(
                Arguments.of(EXEC, "pm = \"static\"", exec),
                Arguments.of(EXEC, "max_spawn_rate = 1", exec),
                Arguments.of(EXEC, "process_idle_timeout = \"1s\"", exec),
                Arguments.of(EXEC, "max_requests = 1", exec),
                Arguments.of(EXEC, "max_lifetime = \"1s\"", exec),
                Arguments.of(EXEC, "max_memory = \"1M\"", exec),
                Arguments.of(EXEC, "worker_concurrency = 1", exec),
                Arguments.of(EXEC, "dispatch = \"direct\"", exec),
                Arguments.of(EXEC, "startup_timeout = \"1s\"", exec),
                Arguments.of(EXEC, "restart_on_change = true", exec),
                Arguments.of(EXEC, "retry_idempotent = true", exec),
                Arguments.of(
                        EXEC,
                        "worker_extensions = [\".fcgi\"]",
                        "with mode = \"exec\"; remove it, or write mode = \"auto\""),
                Arguments.of(
                        EXEC, "command = [\"/bin/sh\"]", "with mode = \"exec\"; remove it, or write mode = \"worker\""),
                Arguments.of(
                        AUTO, "command = [\"/bin/sh\"]", "with mode = \"auto\"; remove it, or write mode = \"worker\""),
                Arguments.of(EXEC, "python = {app = \"a:b\"}", "with mode = \"exec\"" + python),
                Arguments.of(WORKER, "python = {app = \"a:b\"}", "with mode = \"worker\"" + python),
                Arguments.of(WORKER, "extensions = [\".php\"]", worker),
                Arguments.of(WORKER, "interpreters = {\".php\" = \"/bin/sh\"}", worker),
                Arguments.of(WORKER, "worker_extensions = [\".fcgi\"]", worker),
                Arguments.of(WORKER, "max_children_per_script = 1", worker),
                Arguments.of(
                        WORKER,
                        "background = \"kill\"",
                        "with mode = \"worker\", where no process belongs to a request; remove it"),
                Arguments.of(WSGI, "extensions = [\".py\"]", wsgi),
                Arguments.of(
                        WSGI,
                        "command = [\"/bin/sh\"]",
                        "with mode = \"wsgi\", whose application is app in [pool.NAME.python]; remove it"),
                Arguments.of(
                        WSGI,
                        "worker_concurrency = 2",
                        "with mode = \"wsgi\", where threads in [pool.NAME.python] says it; remove it"),
                Arguments.of(AUTO, "start_servers = 1", ondemand),
                Arguments.of(AUTO, "min_spare_servers = 1", ondemand),
                Arguments.of(WORKER, "max_spare_servers = 1", ondemand));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesKeysOfAnotherPm(String pm, String line, String why) {
        String key = line.substring(0, line.indexOf(' '));

        assertEquals(
                List.of("$D/c.toml:" + (5 + pm.lines().count()) + ": pool.main." + key + ": has no effect with pm = "
                        + why),
                files.problems(pool(WORKER, pm + line + "\n")));
    }

    static Stream<Arguments> refusesKeysOfAnotherPm() {
        String dynamic = "pm = \"dynamic\"\nmin_spare_servers = 1\nmax_spare_servers = 2\n";
        String fixed = "pm = \"static\"\n";
        return Stream.of(
                Arguments.of(fixed, "start_servers = 1", "\"static\"; remove it, or write pm = \"dynamic\""),
                Arguments.of(fixed, "max_spawn_rate = 1", "\"static\"; remove it, or write pm = \"dynamic\""),
                Arguments.of(
                        fixed, "process_idle_timeout = \"1s\"", "\"static\"; remove it, or write pm = \"ondemand\""),
                Arguments.of(
                        dynamic,
                        "process_idle_timeout = \"1s\"",
                        "\"dynamic\", where max_spare_servers says it; remove it"));
    }

    @Test
    void refusesKeysOfWorkersWhereNoScriptGetsAny() {
        assertEquals(
                List.of(
                        "$D/c.toml:6: pool.main.max_requests: has no effect as no script gets workers; name its extension in"
                                + " worker_extensions"),
                files.problems(pool(AUTO, "worker_extensions = []\nmax_requests = 5\n")));
    }

    @Test
    void aWrongWordBringsNoOtherComplaintAlong() {
        assertEquals(
                List.of(
                        "$D/c.toml:3: pool.main.mode: \"workr\" is not one of exec, warm, worker, wsgi, auto; did you mean"
                                + " \"worker\"?"),
                files.problems(pool("mode = \"workr\"\nroot = \"$D/cgi\"\n", "command = [\"/bin/sh\"]\n")));
        assertEquals(
                List.of("$D/c.toml:5: pool.main.pm: \"dynamik\" is not one of static, dynamic, ondemand; did you mean"
                        + " \"dynamic\"?"),
                files.problems(pool(AUTO, "pm = \"dynamik\"\nmin_spare_servers = 2\n")));
    }

    @Test
    void printsWhatHasAnEffectAndNothingElse() throws ConfigException {
        Set<String> keys = printed(EXEC, "");
        assertTrue(keys.contains("extensions") && keys.contains("background") && keys.contains("queue_length"));
        assertEquals(
                Set.of(
                        "worker_extensions",
                        "pm",
                        "max_spawn_rate",
                        "process_idle_timeout",
                        "max_requests",
                        "max_lifetime",
                        "max_memory",
                        "worker_concurrency",
                        "dispatch",
                        "startup_timeout",
                        "restart_on_change",
                        "retry_idempotent"),
                without(printed(AUTO, ""), keys));
        Set<String> worker = printed(WORKER, "pm = \"static\"\n");
        assertEquals(
                Set.of(
                        "command",
                        "pm",
                        "max_requests",
                        "max_lifetime",
                        "max_memory",
                        "worker_concurrency",
                        "dispatch",
                        "startup_timeout",
                        "restart_on_change",
                        "retry_idempotent"),
                without(worker, keys));
        assertEquals(Set.of("extensions", "max_children_per_script", "background"), without(keys, worker));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void printsAFileThatMeansTheSame(String pool, String more) throws ConfigException {
        Config config = files.read("[daemon]\ncontrol = \"$D/run/c\"\n" + pool(pool, more));

        assertEquals(config, files.read(ConfigDump.toml(config)));
    }

    static Stream<Arguments> printsAFileThatMeansTheSame() {
        String dynamic = "pm = \"dynamic\"\nmin_spare_servers = 2\nmax_spare_servers = 7\n";
        String patient = "process_idle_timeout = \"1m\"\n";
        String direct = "dispatch = \"direct\"\n";
        return Stream.of(
                Arguments.of(EXEC, ""),
                Arguments.of(AUTO, "extensions = [\".py\"]\n"),
                Arguments.of(AUTO, "worker_extensions = []\n"),
                Arguments.of(AUTO, dynamic),
                Arguments.of(WORKER, "max_memory = \"1G\"\nmax_lifetime = \"90m\"\nworker_concurrency = 3\n"),
                Arguments.of(WORKER, "pm = \"static\"\nroot = \"$D/cgi\"\nrestart_on_change = true\n"),
                Arguments.of(WORKER, direct + patient),
                Arguments.of(WORKER, direct + dynamic + patient),
                Arguments.of(WSGI, "max_requests = 7\nretry_idempotent = false\n"),
                Arguments.of(WSGI, direct));
    }

    private Set<String> printed(String pool, String more) throws ConfigException {
        return EffectiveValues.of(files.read(pool(pool, more)).pools().get(0)).keySet();
    }

    private static Set<String> without(Set<String> keys, Set<String> others) {
        return keys.stream().filter(key -> !others.contains(key)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The pool's two lines are the third and the fourth. */
    private static String pool(String pool, String more) {
        return "[pool.main]\nlisten = \"$D/run/main.sock\"\n" + pool + more + (pool.equals(WSGI) ? PYTHON : "");
    }
}
