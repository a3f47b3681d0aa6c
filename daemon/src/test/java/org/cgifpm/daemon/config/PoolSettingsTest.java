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
                RequestLogs.DEFAULT);
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
                user = "www-data"
                max_children = 3
                queue_length = 0
                queue_timeout = "4m"
                launch_timeout = "5s"
                request_timeout = 0
                kill_grace = "0"
                linger_timeout = "8h"
                on_abort = "finish"
                request_body_max = "64k"
                path = "/opt/bin"
                pass_params = ["GEOIP_COUNTRY", "SSL_*"]
                pass_authorization = true
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
                        pool.identity(),
                        LimitSettings.DEFAULT,
                        ScriptRules.DEFAULT,
                        new Admission(3, 0, Duration.ofMinutes(4), 0, 0, false),
                        new Timeouts(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(5),
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ofHours(8)),
                        OnAbort.FINISH,
                        Background.LEAVE,
                        65_536,
                        new ScriptEnvironment(
                                "/opt/bin", Optional.of(List.of("GEOIP_COUNTRY", "SSL_*")), true, variables),
                        RequestLogs.DEFAULT),
                pool);
        assertEquals(Optional.of("www-data"), pool.identity().user());
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
