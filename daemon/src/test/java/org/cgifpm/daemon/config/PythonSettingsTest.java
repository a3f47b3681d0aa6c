package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table {@code [pool.NAME.python]}. */
class PythonSettingsTest {
    private static final String POOL =
            "[pool.main]\nlisten = \"$D/run/main.sock\"\nroot = \"$D/cgi\"\nmode = \"wsgi\"\n";

    private final ConfigFolder files;

    PythonSettingsTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder)
                .program("python3")
                .folder("venv", "rwxr-xr-x")
                .folder("venv/bin", "rwxr-xr-x")
                .folder("empty", "rwxr-xr-x");
        Files.createSymbolicLink(files.path("venv/bin/python"), files.path("python3"));
    }

    @Test
    void takesEveryKeyFromTheFile() throws ConfigException {
        PoolSettings pool = read("""
                interpreter = "$D/python3"
                virtualenv = "$D/venv/"
                app = "shop.wsgi:make.application"
                threads = 4
                """);

        assertEquals(
                Optional.of(new PythonSettings(
                        files.path("python3").toString(),
                        Optional.of(files.path("venv").toString()),
                        "shop.wsgi:make.application",
                        4,
                        KeeperSettings.DEFAULT)),
                pool.python());
    }

    @Test
    void hasThreadsForTheRequestsOfAWorker() throws ConfigException {
        String app = "interpreter = \"$D/python3\"\napp = \"shop:app\"\n";

        assertEquals(OptionalInt.of(1), read(app).workers().concurrency());
        assertEquals(OptionalInt.of(8), read(app + "threads = 8\n").workers().concurrency());
    }

    @Test
    void usesTheInterpreterOfTheVirtualEnvironment() throws ConfigException {
        PythonSettings python =
                read("virtualenv = \"$D/venv\"\napp = \"shop:app\"\n").python().orElseThrow();

        assertEquals(files.path("venv/bin/python").toString(), python.interpreter());
        assertEquals(Optional.of(files.path("venv").toString()), python.virtualenv());
    }

    @Test
    void usesTheSystemsInterpreterUnlessAnotherIsWritten() {
        // Whether there is one depends on the machine.
        try {
            assertEquals(
                    "/usr/bin/python3",
                    read("app = \"shop:app\"\n").python().orElseThrow().interpreter());
        } catch (ConfigException e) {
            assertEquals(
                    "pool.main.python.interpreter: \"/usr/bin/python3\" does not exist, or cannot be looked at; install it,"
                            + " or name another with interpreter = ...",
                    e.problems().get(0).key() + ": " + e.problems().get(0).message());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b", "shop.wsgi:application", "_x1.y_2:Z", "päckchen:anwendung", "a:b.c"})
    void acceptsModuleAndName(String app) throws ConfigException {
        assertEquals(
                ByteText.fromText(app),
                read("interpreter = \"$D/python3\"\napp = \"" + app + "\"\n")
                        .python()
                        .orElseThrow()
                        .app());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "shop",
                "shop:",
                ":app",
                "shop.py",
                "shop/wsgi:app",
                "shop:app()",
                "shop..wsgi:app",
                ".shop:app",
                "shop:app.",
                "shop:a:b",
                "1shop:app",
                "shop:app --x",
                "shop.:app"
            })
    void refusesWhatNamesNoApplication(String app) {
        assertEquals(
                List.of("$D/c.toml:7: pool.main.python.app: " + Wording.quote(app)
                        + " names no application; write a module, a colon and the name in it, such as app ="
                        + " \"package.module:application\""),
                files.problems(POOL + "[pool.main.python]\ninterpreter = \"$D/python3\"\napp = \"" + app + "\"\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesInterpreters(String line, String problem) {
        assertEquals(
                List.of("$D/c.toml:7: pool.main.python." + problem),
                files.problems(POOL + "[pool.main.python]\napp = \"shop:app\"\n" + line + "\n"));
    }

    static Stream<Arguments> refusesInterpreters() {
        return Stream.of(
                Arguments.of(
                        "interpreter = \"python3\"",
                        "interpreter: \"python3\" is not absolute; write a path such as \"/usr/bin/python3\""),
                Arguments.of(
                        "interpreter = \"$D/none\"",
                        "interpreter: \"$D/none\" does not exist, or cannot be looked at; name a program such as"
                                + " \"/usr/bin/python3\""),
                Arguments.of(
                        "virtualenv = \"$D/empty\"",
                        "virtualenv: \"$D/empty/bin/python\" does not exist, or cannot be looked at; make the folder with"
                                + " python3 -m venv, or name an interpreter"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesValues(String line, String problem) {
        assertEquals(
                List.of("$D/c.toml:8: pool.main.python." + problem),
                files.problems(
                        POOL + "[pool.main.python]\napp = \"shop:app\"\ninterpreter = \"$D/python3\"\n" + line + "\n"));
    }

    static Stream<Arguments> refusesValues() {
        String wsgi = ": has no effect with mode = \"wsgi\"; ";
        String warm = wsgi + "remove it, or write mode = \"warm\"";
        String below = " below [pool.main], where it counts for workers";
        return Stream.of(
                Arguments.of(
                        "virtualenv = \"$D/none\"",
                        "virtualenv: \"$D/none\" does not exist; make it first, with python3 -m venv"),
                Arguments.of("threads = 0", "threads: 0 is out of range; write a whole number from 1 to 1024"),
                Arguments.of("preload = [\"json\"]", "preload" + warm),
                Arguments.of("max_requests = 5", "max_requests" + wsgi + "write it" + below),
                Arguments.of("max_age = \"1h\"", "max_age" + wsgi + "write max_lifetime" + below),
                Arguments.of("spare_children = 0", "spare_children" + warm),
                Arguments.of("thread = 2", "thread: unknown key; did you mean \"threads\"?"),
                Arguments.of("user = \"x\"", "user: unknown key; it belongs below the header [pool.NAME]"));
    }

    /** Its module is among what is installed then. */
    @Test
    void needsNoFolderForAnApplication() throws Exception {
        PoolSettings pool = files.read("""
                        [pool.main]
                        listen = "$D/run/main.sock"
                        mode = "wsgi"
                        [pool.main.python]
                        interpreter = "$D/python3"
                        app = "shop:app"
                        """).pools().get(0);

        assertEquals("/", pool.root());
    }

    @Test
    void wantsTheApplicationAndItsFolder() {
        assertEquals(
                List.of(
                        "$D/c.toml:1: pool.main.python: missing: mode = \"wsgi\" needs to know the application; write a table"
                                + " [pool.main.python] with app = \"package.module:application\""),
                files.problems("[pool.main]\nlisten = \"$D/run/main.sock\"\nmode = \"wsgi\"\n"));
        assertEquals(
                List.of("$D/c.toml:5: pool.main.python.app: missing; say where the application is, such as app ="
                        + " \"package.module:application\""),
                files.problems(POOL + "[pool.main.python]\ninterpreter = \"$D/python3\"\n"));
        assertEquals(
                List.of("$D/c.toml:5: pool.main.python: \"shop:app\" is a string; write a table [pool.main.python]"),
                files.problems(POOL + "python = \"shop:app\"\n"));
    }

    @Test
    void cannotBeShutIn() {
        files.as(ConfigFolder.ROOT);

        assertEquals(
                List.of(
                        "$D/c.toml:6: pool.main.chroot: cannot be had with mode = \"wsgi\" in this version yet; remove it"),
                files.problems(POOL + "user = \"legacy\"\nchroot = \"$D\"\n[pool.main.python]\napp = \"a:b\"\n"
                        + "interpreter = \"$D/python3\"\n"));
    }

    private PoolSettings read(String python) throws ConfigException {
        return files.read(POOL + "[pool.main.python]\n" + python).pools().get(0);
    }
}
