package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of persistent applications that is shipped. Only its folders, programs and users are moved for the test. */
class ExampleWorkersTest {
    private final ConfigFolder files;
    private final String shipped = Files.readString(Path.of("../conf/workers.toml"));
    private final String example;

    ExampleWorkersTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder).as(ConfigFolder.ROOT);
        files.folder("venv", "rwxr-xr-x").folder("venv/bin", "rwxr-xr-x").program("venv/bin/python");
        example = shipped.replace("\"/run/cgi-fpm/", "\"$D/run/")
                .replace("\"/srv/legacy\"", "\"$D/cgi\"")
                .replace("\"/srv/site/cgi-bin\"", "\"$D/cgi\"")
                .replace("\"/srv/shop\"", "\"$D/cgi\"")
                .replace("\"/srv/shop/venv\"", "\"$D/venv\"")
                .replace("\"/usr/bin/php-cgi\"", "\"/bin/sh\"")
                .replace("user = \"site\"", "user = \"bob\"")
                .replace("user = \"shop\"", "user = \"root\"");
    }

    @Test
    void isTheSameWhenItIsReadAgain() throws ConfigException {
        assertEquals(files.read(example).pools(), files.read(example).pools());
    }

    @Test
    void isReadWithoutAProblemOrAWarning() throws ConfigException {
        Config config = files.read(example);

        assertEquals(List.of(), config.warnings());
        assertEquals(
                List.of(Mode.WORKER, Mode.AUTO, Mode.WSGI),
                config.pools().stream().map(PoolSettings::mode).toList());
        assertEquals(
                new ProcessManagement.Dynamic(2, 1, 3),
                config.pools().get(0).workers().pm());
        assertEquals(
                "shop.wsgi:application",
                config.pools().get(2).python().orElseThrow().app());
    }

    @Test
    void saysTheDefaultOfWhatItLeavesOut() throws ConfigException {
        String without = example.replace("start_servers = 2\n", "");

        assertEquals(ConfigDump.toml(files.read(example)), ConfigDump.toml(files.read(without)));
        assertNotEquals(example, without);
    }

    @Test
    void dispatchIsTheOnlyThingToChangeForThePoolThatShowsIt() {
        List<String> problems = files.problems(example.replace("# dispatch = ", "dispatch = "));

        assertEquals(1, problems.size(), problems::toString);
        assertTrue(
                problems.get(0).contains("pool.shop.allowed_users: has no effect with dispatch"), problems::toString);
    }

    @Test
    void namesWhatTheOtherExampleOnlyMentions() throws ConfigException {
        PythonSettings python = files.read(example).pools().get(2).python().orElseThrow();
        Set<String> keys = new TreeSet<>(WorkerValues.of(python, Mode.WSGI).keySet());
        keys.addAll(List.of("command", "start_servers", "min_spare_servers", "max_spare_servers", "dispatch"));
        keys.removeIf(key -> shipped.contains("\n" + key + " = ")
                || shipped.contains("\n# " + key + " = ")
                || shipped.contains(" " + key + " = "));

        assertTrue(keys.isEmpty(), () -> "not in the example: " + keys);
    }
}
