package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonSettingsTest {
    private static final String POOL = """
            [pool.main]
            listen = "$D/run/main.sock"
            root = "$D/cgi"
            """;

    private final ConfigFolder files;

    DaemonSettingsTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder);
    }

    @Test
    void hasDefaultsWithoutATable() throws ConfigException {
        assertEquals(
                new DaemonSettings("/run/cgi-fpm/control.sock", 256, 4096, 4, LogLevel.INFO, Duration.ofSeconds(30)),
                files.read(POOL).daemon());
    }

    @Test
    void hasTheSameDefaultsForAnEmptyTable() throws ConfigException {
        assertEquals(DaemonSettings.DEFAULT, files.read("[daemon]\n" + POOL).daemon());
    }

    @Test
    void takesEveryKeyFromTheFile() throws ConfigException {
        Config config = files.read("""
                [daemon]
                control = "$D/run/control.sock"
                max_children = 1
                max_connections = 2
                launch_threads = 3
                log_level = "debug"
                stop_timeout = "250ms"
                """ + POOL);

        assertEquals(
                new DaemonSettings(
                        files.path("run/control.sock").toString(), 1, 2, 3, LogLevel.DEBUG, Duration.ofMillis(250)),
                config.daemon());
        assertEquals(files.path("c.toml"), config.file());
    }
}
