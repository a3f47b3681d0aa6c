package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that is shipped. Only its two folders, /run/cgi-fpm and /srv/legacy/cgi-bin, are moved for the test. */
class ExampleConfigTest {
    private final ConfigFolder files;
    private final String example;

    ExampleConfigTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder);
        String shipped = Files.readString(Path.of("../conf/cgi-fpm.toml"));
        example = shipped.replace("\"/run/cgi-fpm/", "\"$D/run/").replace("\"/srv/legacy/cgi-bin\"", "\"$D/cgi\"");
        assertNotEquals(shipped, example);
    }

    @Test
    void isTheSameWhenItIsReadAgain() throws ConfigException {
        assertEquals(files.read(example).pools(), files.read(example).pools());
    }

    @Test
    void isReadWithoutAProblem() throws ConfigException {
        Config config = files.read(example);

        PoolSettings pool = config.pools().get(0);
        assertEquals(1, config.pools().size());
        assertEquals("legacy", pool.name());
        assertEquals(Map.of("TZ", "UTC"), pool.environment().variables());
        assertEquals(DaemonSettings.DEFAULT, config.daemon());
    }

    @Test
    void showsTheDefaultInEachLineThatBeginsWithANumberSignAndAName() throws ConfigException {
        String defaults = ConfigDump.toml(files.read(example));
        String uncommented = uncommented();
        assertNotEquals(example, uncommented);

        Config config = files.read(uncommented);

        // The control socket is moved for the test like everything else.
        String moved = files.path("run/control.sock").toString();
        assertEquals(moved, config.daemon().control());
        assertEquals(defaults, ConfigDump.toml(config).replace(moved, DaemonSettings.DEFAULT.control()));
    }

    @Test
    void namesEveryKey() throws ConfigException {
        Config config = files.read(example);
        TreeSet<String> keys = new TreeSet<>(EffectiveValues.of(config.daemon()).keySet());
        keys.addAll(EffectiveValues.of(config.pools().get(0)).keySet());
        EffectiveValues.tables(config.pools().get(0)).forEach((table, values) -> {
            keys.add(table);
            if (table.equals("limits")) {
                keys.addAll(values.keySet());
            }
        });
        keys.addAll(List.of("include", "allowed_clients", "start_servers", "min_spare_servers", "max_spare_servers"));
        keys.removeIf(key -> example.contains("[pool.legacy." + key + "]\n")
                || example.contains("\n" + key + " = ")
                || example.contains("\n#" + key + " = ")
                || example.contains(" " + key + " = "));

        assertTrue(keys.isEmpty(), () -> "not in the example: " + keys);
    }

    private String uncommented() {
        StringBuilder text = new StringBuilder();
        for (String line : example.lines().toList()) {
            boolean setting = line.length() > 1 && line.charAt(0) == '#' && Character.isLetter(line.charAt(1));
            text.append(setting ? line.substring(1) : line).append('\n');
        }
        return text.toString();
    }
}
