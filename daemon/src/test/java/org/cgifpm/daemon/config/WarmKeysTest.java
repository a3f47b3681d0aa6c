package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pools whose Python scripts run warm: what their files may say, and what is said of the rest. */
class WarmKeysTest {
    private static final String WARM = "mode = \"warm\"\nroot = \"$D/cgi\"\n";
    private static final String AUTO = "mode = \"auto\"\nroot = \"$D/cgi\"\n";
    private static final String TABLE = "[pool.main.python]\n";

    private final ConfigFolder files;

    WarmKeysTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder)
                .folder("venv", "rwxr-xr-x")
                .folder("venv/bin", "rwxr-xr-x")
                .program("venv/bin/python")
                .program("python3");
    }

    private static String pool(String lines) {
        return "[pool.main]\nlisten = \"$D/run/main.sock\"\n" + lines;
    }

    private PoolSettings read(String lines) throws ConfigException {
        return files.read(pool(lines)).pools().get(0);
    }

    @Test
    void warmNeedsNoTable() throws ConfigException {
        PoolSettings pool = read(WARM);

        assertEquals(Mode.WARM, pool.mode());
        assertEquals(Optional.of(PythonSettings.OF_SCRIPTS), pool.python());
        assertEquals("/usr/bin/python3", pool.python().orElseThrow().interpreter());
    }

    @Test
    void autoIsWarmWithATableBeItEmpty() throws ConfigException {
        assertEquals(Optional.empty(), read(AUTO).python());
        assertEquals(Optional.of(PythonSettings.OF_SCRIPTS), read(AUTO + TABLE).python());
    }

    @Test
    void takesEveryKeyFromTheFile() throws ConfigException {
        PoolSettings pool = read(WARM + TABLE + """
                interpreter = "$D/python3"
                virtualenv = "$D/venv/"
                preload = ["json", "urllib.parse", "json"]
                max_requests = 0
                max_age = "5m"
                spare_children = 4
                """);

        assertEquals(
                Optional.of(new PythonSettings(
                        files.path("python3").toString(),
                        Optional.of(files.path("venv").toString()),
                        "",
                        1,
                        new KeeperSettings(Optional.of(List.of("json", "urllib.parse")), 0, Duration.ofMinutes(5), 4))),
                pool.python());
    }

    @Test
    void aVirtualEnvironmentBringsItsInterpreterAlong() throws ConfigException {
        assertEquals(
                files.path("venv/bin/python").toString(),
                read(WARM + TABLE + "virtualenv = \"$D/venv\"\n")
                        .python()
                        .orElseThrow()
                        .interpreter());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesValues(String line, String problem) {
        assertEquals(
                List.of("$D/c.toml:6: pool.main.python." + problem), files.problems(pool(WARM + TABLE + line + "\n")));
    }

    static Stream<Arguments> refusesValues() {
        String name = " is not the name of a module; write such as \"json\" or \"urllib.parse\"";
        String wsgi = ": has no effect with mode = \"warm\"; remove it, or write mode = \"wsgi\"";
        return Stream.of(
                Arguments.of("preload = [\"json\", \"os;x\"]", "preload: \"os;x\"" + name),
                Arguments.of("preload = [\"\"]", "preload: \"\"" + name),
                Arguments.of("preload = [\"a,b\"]", "preload: \"a,b\"" + name),
                Arguments.of("preload = [\".rel\"]", "preload: \".rel\"" + name),
                Arguments.of("preload = [\"json.py/\"]", "preload: \"json.py/\"" + name),
                Arguments.of("preload = \"json\"", "preload: \"json\" is a string; write an array [\"json\"]"),
                Arguments.of("preload = [1]", "preload: in the array 1 is an integer; write \"1\""),
                Arguments.of(
                        "max_requests = -1",
                        "max_requests: -1 is out of range; write a whole number from 0 to 2147483647"),
                Arguments.of("max_age = 3600", "max_age: 3600 is an integer; a time needs a unit: write \"3600s\""),
                Arguments.of(
                        "spare_children = 17",
                        "spare_children: 17 is more than the pool's max_children, which is 16; write at most that"),
                Arguments.of("app = \"a:b\"", "app" + wsgi),
                Arguments.of("threads = 2", "threads" + wsgi),
                Arguments.of("preloads = []", "preloads: unknown key; did you mean \"preload\"?"),
                Arguments.of(
                        "interpreter = \"$D/none\"",
                        "interpreter: \"$D/none\" does not exist, or cannot be looked at; name a program such as"
                                + " \"/usr/bin/python3\""),
                Arguments.of(
                        "interpreter = \"$D/cgi\"",
                        "interpreter: \"$D/cgi\" is not a file; name a program such as" + " \"/usr/bin/python3\""),
                Arguments.of(
                        "virtualenv = \"$D/none\"",
                        "virtualenv: \"$D/none\" does not exist; make it first, with python3 -m venv"),
                Arguments.of(
                        "virtualenv = \"$D/cgi\"",
                        "virtualenv: \"$D/cgi/bin/python\" does not exist, or cannot be looked at; make the folder with"
                                + " python3 -m venv, or name an interpreter"));
    }

    @Test
    void anInterpreterOutsideOfTheVirtualEnvironmentNeedsNoneInIt() throws ConfigException {
        read(WARM + TABLE + "interpreter = \"$D/python3\"\nvirtualenv = \"$D/cgi\"\n");
    }

    @Test
    void namesInAnotherRootFolderAreThoseInThere() throws ConfigException {
        files.as(ConfigFolder.ROOT);
        String shutIn = WARM + "user = \"legacy\"\nchroot = \"$D\"\n" + TABLE;

        assertEquals(
                "/python3",
                read(shutIn + "interpreter = \"/python3\"\nvirtualenv = \"/venv\"\n")
                        .python()
                        .orElseThrow()
                        .interpreter());
        assertEquals(
                List.of(
                        "$D/c.toml:8: pool.main.python.interpreter: \"$D/bin/sh\" does not exist, or cannot be looked at;"
                                + " name a program such as \"/usr/bin/python3\""),
                files.problems(pool(shutIn + "interpreter = \"/bin/sh\"\n")));
    }

    @Test
    void aWrongRootFolderIsToldOnce() {
        files.as(ConfigFolder.ROOT);
        List<String> problems = files.problems(
                pool(WARM + "user = \"legacy\"\nchroot = \"/a\\u0000b\"\n" + TABLE + "virtualenv = \"/venv\"\n"));

        assertEquals(
                1, problems.stream().filter(line -> line.contains(".chroot: ")).count(), problems::toString);
    }

    @Test
    void whatOthersCanWriteIsNoInterpreter() throws ConfigException, IOException {
        files.as(ConfigFolder.ROOT).folder("open", "rwxrwxrwx").program("open/py");
        List<String> problems =
                files.problems(pool(WARM + "user = \"legacy\"\n" + TABLE + "interpreter = \"$D/open/py\"\n"));

        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).startsWith("$D/c.toml:7: pool.main.python.interpreter: "), problems::toString);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void refusesKeysWithoutEffect(String pool, String line, String why) {
        String key = line.substring(0, line.indexOf(' '));

        assertEquals(
                List.of("$D/c.toml:5: pool.main." + key + ": has no effect " + why),
                files.problems(pool(pool + line + "\n" + TABLE)));
    }

    static Stream<Arguments> refusesKeysWithoutEffect() {
        String warm = "with mode = \"warm\"; remove it, or write mode = \"auto\" or \"worker\"";
        return Stream.of(
                Arguments.of(WARM, "pm = \"ondemand\"", warm),
                Arguments.of(WARM, "restart_on_change = true", warm),
                Arguments.of(WARM, "retry_idempotent = true", warm),
                Arguments.of(WARM, "dispatch = \"relay\"", warm),
                Arguments.of(WARM, "max_requests = 1", "for keepers; below [pool.NAME.python] write max_requests"),
                Arguments.of(WARM, "max_lifetime = \"1h\"", "for keepers; below [pool.NAME.python] write max_age"),
                Arguments.of(
                        WARM, "process_idle_timeout = \"1m\"", "as a pool with one user keeps its keepers; remove it"),
                Arguments.of(
                        WARM,
                        "worker_extensions = [\".fcgi\"]",
                        "with mode = \"warm\"; remove it, or write mode = \"auto\""),
                Arguments.of(
                        WARM,
                        "command = [\"/bin/sh\"]",
                        "with mode = \"warm\"; remove it, or write mode = \"worker\""));
    }

    @Test
    void withoutWorkersAutoTakesTheKeysThatCountForKeepers() throws ConfigException {
        String auto = AUTO + "worker_extensions = []\n";
        String counted = "startup_timeout = \"3s\"\nmax_memory = \"64M\"\n";

        assertEquals(64 << 20, read(auto + counted + TABLE).workers().maxMemory());
        assertEquals(
                List.of(
                        "$D/c.toml:6: pool.main.startup_timeout: has no effect as no script gets workers; name its"
                                + " extension in worker_extensions",
                        "$D/c.toml:7: pool.main.max_memory: has no effect as no script gets workers; name its extension in"
                                + " worker_extensions"),
                files.problems(pool(auto + counted)));
    }

    @Test
    void idleKeepersOfOwnersAreLetGo() throws ConfigException {
        files.as(ConfigFolder.ROOT);
        String owners = "user = \"@owner\"\nprocess_idle_timeout = \"1m\"\n";

        assertEquals(Duration.ofMinutes(1), read(WARM + owners).workers().processIdleTimeout());
        read(AUTO + owners + "pm = \"static\"\n" + TABLE);
    }

    @Test
    void printsWhatIsInEffect() throws ConfigException {
        files.as(ConfigFolder.ROOT);
        PoolSettings warm = read(WARM + "user = \"legacy\"\n");
        Set<String> keys = EffectiveValues.of(warm).keySet();

        assertTrue(keys.containsAll(List.of("startup_timeout", "max_memory", "root", "extensions")), keys::toString);
        assertTrue(
                Stream.of("pm", "max_requests", "process_idle_timeout", "worker_extensions", "dispatch")
                        .noneMatch(keys::contains),
                keys::toString);
        assertTrue(EffectiveValues.of(read(WARM + "user = \"@owner\"\n")).containsKey("process_idle_timeout"));
        assertEquals(
                Map.of(
                        "interpreter",
                        "/usr/bin/python3",
                        "virtualenv",
                        Optional.empty(),
                        "preload",
                        Optional.empty(),
                        "max_requests",
                        10_000,
                        "max_age",
                        "1h",
                        "spare_children",
                        0),
                EffectiveValues.tables(warm).get("python"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void printsAFileThatMeansTheSame(String lines) throws ConfigException {
        files.as(ConfigFolder.ROOT);
        Config config = files.read("[daemon]\ncontrol = \"$D/run/c\"\n" + pool(lines));

        assertEquals(config, files.read(ConfigDump.toml(config)));
    }

    static Stream<String> printsAFileThatMeansTheSame() {
        String user = "user = \"legacy\"\n";
        String owner = "user = \"@owner\"\nprocess_idle_timeout = \"1m\"\n";
        String own = "interpreter = \"$D/python3\"\n";
        return Stream.of(
                WARM + user + TABLE + own + "preload = []\n",
                WARM + owner + "max_memory = \"30M\"\n" + TABLE + own + "preload = [\"a.b\"]\nmax_age = \"0\"\n",
                AUTO + user + TABLE + own + "virtualenv = \"$D/venv\"\nspare_children = 2\n",
                AUTO + owner + "worker_extensions = []\n" + TABLE + own);
    }
}
