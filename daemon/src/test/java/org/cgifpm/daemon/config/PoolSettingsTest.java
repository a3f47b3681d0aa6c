package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cgifpm.daemon.config.ListenAddress.Inherited;
import org.cgifpm.daemon.config.ListenAddress.Tcp;
import org.cgifpm.daemon.config.ListenAddress.UnixPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolSettingsTest {
    private final ConfigFolder files;

    PoolSettingsTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder);
    }

    @Test
    void hasDefaultsForAllButItsPlaces() throws ConfigException {
        PoolSettings pool = only("[pool.main]\nlisten = \"$D/run/main.sock\"\nroot = \"$D/cgi\"\n");

        PoolSettings expected = new PoolSettings(
                "main",
                new ListenSettings(
                        new UnixPath(files.path("run/main.sock").toString()),
                        Optional.empty(),
                        Optional.empty(),
                        0660,
                        511,
                        Optional.empty(),
                        List.of(network("127.0.0.1"), network("::1"))),
                files.path("cgi").toString(),
                Mode.AUTO,
                IdentitySettings.DEFAULT,
                LimitSettings.DEFAULT,
                ScriptRules.DEFAULT,
                new Admission(16, 64, Duration.ofSeconds(10), 0, 0, false),
                new Timeouts(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(75),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Duration.ZERO,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5)),
                OnAbort.KILL,
                Background.LEAVE,
                1024L * 1024 * 1024,
                new ScriptEnvironment("/usr/local/bin:/usr/bin:/bin", Optional.empty(), false, Map.of()),
                RequestLogs.DEFAULT,
                new StatusPages(Optional.empty(), Optional.empty(), "pong"),
                WorkerSettings.DEFAULT,
                Optional.empty());
        assertEquals(expected, pool);
        assertEquals(expected, PoolSettings.defaults("main", expected.listen().address(), expected.root()));
    }

    @Test
    void takesEveryKeyFromTheFile() throws ConfigException {
        PoolSettings pool = only("""
                [pool.main]
                listen = "$D/run/main.sock"
                listen_owner = "legacy"
                listen_group = "web"
                listen_mode = "0600"
                listen_backlog = 1
                allowed_users = ["www-data", "4294967294"]
                params_timeout = "1s"
                connection_idle_timeout = "2s"
                root = "$D/cgi/"
                mode = "exec"
                extensions = [".py", ".php"]
                interpreters = {".php" = "/bin/sh"}
                user = "www-data"
                min_uid = 500
                min_gid = 50
                no_new_privs = false
                umask = "027"
                nice = 5
                apparmor_profile = "scripts"
                selinux_label = "a:b:c:s0"
                max_children = 3
                max_children_per_user = 2
                max_children_per_script = 1
                queue_length = 0
                queue_timeout = "4m"
                launch_timeout = "5s"
                request_timeout = 0
                idle_timeout = "6s"
                kill_grace = "0"
                linger_timeout = "8h"
                on_abort = "finish"
                background = "kill"
                request_body_max = "64k"
                request_buffering = true
                path = "/opt/bin"
                pass_params = ["GEOIP_COUNTRY", "SSL_*"]
                pass_authorization = true
                access_log = "$D/run/access"
                access_format = "%m é"
                access_suppress = ["/ping"]
                slowlog = "$D/run/slow"
                slow_after = "7s"
                status_path = "/status é"
                ping_path = "/ping"
                ping_response = "yes é"
                [pool.main.limits]
                cpu = "30s"
                memory = "512M"
                files = 256
                processes = 50
                file_size = "2G"
                core = "1M"
                stack = "8M"
                memory_max = "1G"
                pids_max = 100
                cpu_weight = 50
                [pool.main.checks]
                symlinks = "refuse"
                owner = "warn"
                writable = "off"
                setuid = "enforce"
                [pool.main.env]
                TZ = "UTC"
                LANG = "$LANG"
                NOTHING = "$EMPTY"
                PRICE = "$5 and up"
                """);

        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("TZ", "UTC");
        variables.put("LANG", "de_DE.UTF-8");
        variables.put("NOTHING", "");
        variables.put("PRICE", "$5 and up");
        assertEquals(
                new PoolSettings(
                        "main",
                        new ListenSettings(
                                new UnixPath(files.path("run/main.sock").toString()),
                                Optional.of(new NamedId("legacy", 1001)),
                                Optional.of(new NamedId("web", 2000)),
                                0600,
                                1,
                                Optional.of(List.of(new NamedId("www-data", 33), new NamedId("4294967294", -2))),
                                ListenSettings.DEFAULT_ALLOWED_CLIENTS),
                        files.path("cgi").toString(),
                        Mode.EXEC,
                        new IdentitySettings(
                                Optional.of("www-data"),
                                Optional.empty(),
                                Optional.empty(),
                                new RunAs.Self(),
                                500,
                                50,
                                false,
                                027,
                                5,
                                Optional.empty(),
                                Optional.of("scripts"),
                                Optional.of("a:b:c:s0"),
                                true),
                        new LimitSettings(
                                Optional.of(Duration.ofSeconds(30)),
                                OptionalLong.of(512L << 20),
                                OptionalInt.of(256),
                                OptionalInt.of(50),
                                OptionalLong.of(2L << 30),
                                1 << 20,
                                OptionalLong.of(8 << 20),
                                OptionalLong.of(1 << 30),
                                OptionalInt.of(100),
                                OptionalInt.of(50)),
                        new ScriptRules(
                                Optional.of(List.of(".py", ".php")),
                                Map.of(".php", "/bin/sh"),
                                Map.of(CheckName.OWNER, Severity.WARN, CheckName.WRITABLE, Severity.OFF),
                                Symlinks.REFUSE),
                        new Admission(3, 0, Duration.ofMinutes(4), 2, 1, true),
                        new Timeouts(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(5),
                                Duration.ZERO,
                                Duration.ofSeconds(6),
                                Duration.ZERO,
                                Duration.ofHours(8)),
                        OnAbort.FINISH,
                        Background.KILL,
                        65_536,
                        new ScriptEnvironment(
                                "/opt/bin", Optional.of(List.of("GEOIP_COUNTRY", "SSL_*")), true, variables),
                        new RequestLogs(
                                Optional.of(files.path("run/access").toString()),
                                "%m Ã©",
                                List.of("/ping"),
                                Optional.of(files.path("run/slow").toString()),
                                Duration.ofSeconds(7)),
                        new StatusPages(Optional.of("/status Ã©"), Optional.of("/ping"), "yes Ã©"),
                        WorkerSettings.DEFAULT,
                        Optional.empty()),
                pool);
        assertIterableEquals(variables.keySet(), pool.environment().variables().keySet());
    }

    @Test
    void listensOnTcpForTheClientsItNames() throws ConfigException {
        ListenSettings listen = only("""
                        [pool.main]
                        listen = "[::]:9000"
                        allowed_clients = ["10.0.0.0/8", "2001:db8::1"]
                        root = "$D/cgi"
                        """).listen();

        assertEquals(new Tcp("::", 9000), listen.address());
        assertEquals(List.of(network("10.0.0.0/8"), network("2001:db8::1")), listen.allowedClients());
    }

    @Test
    void listensOnASocketThatWasHandedOver() throws ConfigException {
        assertEquals(
                new Inherited("web"),
                only("[pool.main]\nlisten = \"fd:web\"\nroot = \"$D/cgi\"\nallowed_users = [33]\n")
                        .listen()
                        .address());
    }

    @Test
    void acceptsItsOwnUserByNameAndNumberAndRootByName() throws ConfigException {
        String pool = "[pool.main]\nlisten = \"$D/run/main.sock\"\nroot = \"$D/cgi\"\nuser = ";

        assertEquals(
                Optional.of("www-data"), only(pool + "\"www-data\"").identity().user());
        assertEquals(Optional.of("33"), only(pool + "\"33\"").identity().user());
        assertEquals(Optional.of("33"), only(pool + "33").identity().user());
        files.as(ConfigFolder.ROOT);
        assertEquals(Optional.of("root"), only(pool + "\"root\"").identity().user());
    }

    @Test
    void keepsPoolsInTheOrderOfTheFileWhateverTheirNames() throws ConfigException {
        StringBuilder toml = new StringBuilder();
        List<String> names = List.of("zoo", "a.b", "m-1", "_x", "alpha", "B", "0");
        for (String name : names) {
            toml.append("[pool.\"")
                    .append(name)
                    .append("\"]\nlisten = \"$D/run/")
                    .append(name)
                    .append("\"\nroot = \"$D/cgi\"\n");
        }

        assertIterableEquals(
                names,
                files.read(toml.toString()).pools().stream()
                        .map(PoolSettings::name)
                        .toList());
    }

    @Test
    void holdsPathsAndVariablesAsBytes() throws Exception {
        PoolSettings pool = only("""
                [pool.main]
                listen = "fd:main"
                root = "$D/cgi"
                path = "/opt/é"
                [pool.main.env]
                CITY = "Köln"
                """);

        assertEquals("/opt/Ã©", pool.environment().path());
        assertEquals("KÃ¶ln", pool.environment().variables().get("CITY"));
    }

    @Test
    void takesARootThatIsALinkToAFolder() throws Exception {
        Files.createSymbolicLink(files.path("link"), files.path("cgi"));

        assertEquals(
                files.path("link").toString(),
                only("[pool.main]\nlisten = \"fd:main\"\nroot = \"$D/link\"\n").root());
    }

    private PoolSettings only(String toml) throws ConfigException {
        List<PoolSettings> pools = files.read(toml).pools();
        assertEquals(1, pools.size());
        return pools.get(0);
    }

    private static ClientNetwork network(String text) {
        try {
            return ClientNetwork.parse(text);
        } catch (BadValueException e) {
            throw new AssertionError(e);
        }
    }
}
