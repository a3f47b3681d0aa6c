package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.cgifpm.daemon.config.ListenAddress.Tcp;
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
                new DaemonSettings(
                        "/run/cgi-fpm/control.sock",
                        256,
                        4096,
                        4,
                        LogLevel.INFO,
                        Optional.empty(),
                        Duration.ofSeconds(30),
                        Optional.empty(),
                        false),
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
                log = "$D/run/daemon.log"
                stop_timeout = "250ms"
                metrics_listen = "localhost:9180"
                metrics_users = true
                """ + POOL);

        assertEquals(
                new DaemonSettings(
                        files.path("run/control.sock").toString(),
                        1,
                        2,
                        3,
                        LogLevel.DEBUG,
                        Optional.of(files.path("run/daemon.log").toString()),
                        Duration.ofMillis(250),
                        Optional.of(new Tcp("127.0.0.1", 9180)),
                        true),
                config.daemon());
        assertEquals(files.path("c.toml"), config.file());
    }

    @Test
    void saysSoWhereOtherMachinesCanReadTheMetrics() throws ConfigException {
        for (String address : List.of("127.0.0.1:9180", "[::1]:9180", "$D/run/metrics.sock")) {
            assertEquals(List.of(), files.warnings(metrics(address)), address);
        }
        for (String address : List.of("0.0.0.0:9180", "[::]:9180", "192.0.2.1:9180")) {
            assertEquals(
                    List.of("$D/c.toml:2: daemon.metrics_listen: warning: " + address + " can be reached from other"
                            + " machines, and whoever reaches it may read the names of all pools and what they do;"
                            + " see to it that only the monitoring gets through"),
                    files.warnings(metrics(address)));
        }
    }

    @Test
    void refusesPlacesForMetricsThatAreNone() {
        assertEquals(
                List.of(
                        "$D/c.toml:2: daemon.metrics_listen: an inherited socket cannot be had for metrics; write such as"
                                + " \"127.0.0.1:9180\" or a socket path"),
                files.problems(metrics("fd:metrics")));
        assertEquals(
                List.of("$D/c.toml:2: daemon.metrics_listen: \"9180\" names no address; write \"127.0.0.1:9180\" for"
                        + " this machine alone, or \"0.0.0.0:...\" or \"[::]:...\" for everybody"),
                files.problems(metrics("9180")));
        assertEquals(
                List.of("$D/c.toml:4: pool.main.listen: \"$D/run/main.sock\" is taken by daemon.metrics_listen at"
                        + " $D/c.toml:2; give each its own"),
                files.problems(metrics("$D/run/main.sock")));
    }

    @Test
    void countsUsersOnlyWhereSomebodyCanReadIt() {
        assertEquals(
                List.of("$D/c.toml:2: daemon.metrics_users: has no effect without metrics_listen; write such as"
                        + " metrics_listen = \"127.0.0.1:9180\""),
                files.problems("[daemon]\nmetrics_users = true\n" + POOL));
    }

    private static String metrics(String address) {
        return "[daemon]\nmetrics_listen = \"" + address + "\"\n" + POOL;
    }
}
