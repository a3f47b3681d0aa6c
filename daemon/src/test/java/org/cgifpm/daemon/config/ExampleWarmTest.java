package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of warm Python that is shipped. Only its folders are moved for the test. */
class ExampleWarmTest {
    private final ConfigFolder files;
    private final String shipped = Files.readString(Path.of("../conf/warm.toml"));
    private final String example;

    ExampleWarmTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder).as(ConfigFolder.ROOT);
        files.folder("venv", "rwxr-xr-x").folder("venv/bin", "rwxr-xr-x").program("venv/bin/python");
        example = shipped.replace("\"/run/cgi-fpm/", "\"$D/run/")
                .replace("\"/srv/legacy/cgi-bin\"", "\"$D/cgi\"")
                .replace("\"/srv/www\"", "\"$D/cgi\"")
                .replace("\"/srv/legacy/venv", "\"$D/venv");
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
                List.of(Mode.WARM, Mode.AUTO),
                config.pools().stream().map(PoolSettings::mode).toList());
        assertEquals(
                Optional.of(PythonSettings.OF_SCRIPTS), config.pools().get(1).python());
    }

    @Test
    void saysTheDefaultsOfWhatItLeavesOut() throws ConfigException {
        String without = example;
        for (String line : List.of(
                "interpreter = \"$D/venv/bin/python\"\n",
                "max_requests = 10000\n",
                "max_age = \"1h\"\n",
                "spare_children = 0\n",
                "startup_timeout = \"10s\"\n")) {
            assertTrue(without.contains(line), line);
            without = without.replace(line, "");
        }

        assertEquals(ConfigDump.toml(files.read(example)), ConfigDump.toml(files.read(without)));
    }

    @Test
    void namesEveryKeyOfKeepers() throws ConfigException {
        PoolSettings pool = files.read(example).pools().get(0);
        Set<String> keys = new TreeSet<>(
                WorkerValues.of(pool.python().orElseThrow(), Mode.WARM).keySet());
        keys.addAll(List.of("startup_timeout", "max_memory", "process_idle_timeout"));
        keys.removeIf(key -> shipped.contains("\n" + key + " = "));

        assertTrue(keys.isEmpty(), () -> "not in the example: " + keys);
    }
}
