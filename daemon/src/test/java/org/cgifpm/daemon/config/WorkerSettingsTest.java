package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes of pools with persistent applications. */
class WorkerSettingsTest {
    private final ConfigFolder files;

    WorkerSettingsTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder).folder("app", "rwxr-xr-x").program("app/hello.fcgi");
    }

    @Test
    void hasDefaultsForAllButTheCommand() throws ConfigException {
        PoolSettings pool = read("mode = \"worker\"\ncommand = [\"$D/app/hello.fcgi\"]\n");

        assertEquals(Mode.WORKER, pool.mode());
        assertEquals(
                new WorkerSettings(
                        List.of(files.path("app/hello.fcgi").toString()),
                        List.of(".fcgi"),
                        new ProcessManagement.OnDemand(),
                        32,
                        Duration.ofSeconds(10),
                        0,
                        Duration.ZERO,
                        0,
                        OptionalInt.empty(),
                        Dispatch.RELAY,
                        Duration.ofSeconds(10),
                        false,
                        true),
                pool.workers());
        assertEquals(Optional.empty(), pool.python());
    }

    @Test
    void takesEveryKeyFromTheFile() throws ConfigException {
        PoolSettings pool = read("""
                mode = "worker"
                command = ["$D/app/hello.fcgi", "-x", "", "é"]
                root = "$D/cgi/"
                max_children = 9
                pm = "dynamic"
                start_servers = 4
                min_spare_servers = 2
                max_spare_servers = 9
                max_spawn_rate = 3
                max_requests = 500
                max_lifetime = "1h"
                max_memory = "256M"
                worker_concurrency = 8
                dispatch = "relay"
                startup_timeout = "3s"
                restart_on_change = true
                retry_idempotent = false
                """);

        assertEquals(
                new WorkerSettings(
                        List.of(files.path("app/hello.fcgi").toString(), "-x", "", "Ã©"),
                        List.of(".fcgi"),
                        new ProcessManagement.Dynamic(4, 2, 9),
                        3,
                        Duration.ofSeconds(10),
                        500,
                        Duration.ofHours(1),
                        256 << 20,
                        OptionalInt.of(8),
                        Dispatch.RELAY,
                        Duration.ofSeconds(3),
                        true,
                        false),
                pool.workers());
        assertEquals(files.path("cgi").toString(), pool.root());
    }

    @Test
    void worksInTheFolderOfItsProgramUnlessAnotherIsWritten() throws ConfigException {
        assertEquals(
                files.path("app").toString(),
                read("mode = \"worker\"\ncommand = [\"$D/app/hello.fcgi\"]\n").root());
    }

    @Test
    void startsHalfwayBetweenTheSpareServersUnlessAnotherNumberIsWritten() throws ConfigException {
        String pm = "pm = \"dynamic\"\nmin_spare_servers = 3\nmax_spare_servers = ";

        assertEquals(
                new ProcessManagement.Dynamic(5, 3, 8),
                read(pm + "8\n" + "root = \"$D/cgi\"\n").workers().pm());
        assertEquals(
                new ProcessManagement.Dynamic(3, 3, 3),
                read(pm + "3\n" + "root = \"$D/cgi\"\n").workers().pm());
    }

    @Test
    void knowsTheThreeWaysToKeepWorkers() throws ConfigException {
        assertEquals(
                new ProcessManagement.Static(),
                read("root = \"$D/cgi\"\npm = \"static\"\n").workers().pm());
        WorkerSettings patient = read("root = \"$D/cgi\"\npm = \"ondemand\"\nprocess_idle_timeout = \"1m\"\n")
                .workers();
        assertEquals(new ProcessManagement.OnDemand(), patient.pm());
        assertEquals(Duration.ofMinutes(1), patient.processIdleTimeout());
    }

    @Test
    void givesWorkersToTheScriptsOfItsExtensions() throws ConfigException {
        assertEquals(List.of(".fcgi"), extensions(""));
        assertEquals(List.of(".fcgi", ".Ã©"), extensions("worker_extensions = [\".fcgi\", \".é\"]\n"));
        assertEquals(List.of(), extensions("worker_extensions = []\n"));
    }

    @Test
    void leavesTheUsualExtensionToWhatThePoolSaysOfIt() throws ConfigException {
        assertEquals(List.of(), extensions("extensions = [\".py\"]\n"));
        assertEquals(List.of(), extensions("interpreters = {\".fcgi\" = \"/bin/sh\"}\n"));
        assertEquals(List.of(".fcgi"), extensions("extensions = [\".fcgi\", \".py\"]\n"));
    }

    @Test
    void sharesItsSocketWithTheWorkersWhereItIsTold() throws ConfigException {
        WorkerSettings workers = read("mode = \"worker\"\ncommand = [\"$D/app/hello.fcgi\"]\ndispatch = \"direct\"\n")
                .workers();

        assertEquals(Dispatch.DIRECT, workers.dispatch());
    }

    private List<String> extensions(String more) throws ConfigException {
        return read("root = \"$D/cgi\"\n" + more).workers().extensions();
    }

    private PoolSettings read(String more) throws ConfigException {
        return files.read("[pool.main]\nlisten = \"$D/run/main.sock\"\n" + more)
                .pools()
                .get(0);
    }
}
