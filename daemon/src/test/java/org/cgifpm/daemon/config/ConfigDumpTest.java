package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigDumpTest {
    private final ConfigFolder files;

    ConfigDumpTest(@TempDir Path folder) throws IOException {
        files = new ConfigFolder(folder);
    }

    @Test
    void printsDefaultsAndWhatIsNotSet() throws ConfigException {
        assertEquals(
                """
                [daemon]
                control = "/run/cgi-fpm/control.sock"
                max_children = 256
                max_connections = 4096
                launch_threads = 4
                log_level = "info"
                stop_timeout = "30s"

                [pool.main]
                listen = "$D/run/main.sock"
                # listen_owner is not set
                # listen_group is not set
                listen_mode = "0660"
                listen_backlog = 511
                # allowed_users is not set
                params_timeout = "10s"
                connection_idle_timeout = "75s"
                root = "$D/cgi"
                mode = "auto"
                # user is not set
                max_children = 16
                queue_length = 64
                queue_timeout = "10s"
                launch_timeout = "10s"
                request_timeout = "60s"
                kill_grace = "5s"
                linger_timeout = "5s"
                on_abort = "kill"
                request_body_max = "1G"
                path = "/usr/local/bin:/usr/bin:/bin"
                # pass_params is not set
                pass_authorization = false
                """,
                dumped(ConfigDump.toml(files.read("[pool.main]\nlisten = \"$D/run/main.sock\"\nroot = \"$D/cgi\"\n"))));
    }

    /** The default control socket lies in a folder that need not exist, so these set their own. */
    @Test
    void printsAFileThatMeansTheSame() throws ConfigException {
        Config config = files.read(everything());

        assertEquals(config, files.read(ConfigDump.toml(config)));
    }

    @Test
    void printsJsonWithTheSameKeys() throws ConfigException {
        String json = dumped(ConfigDump.json(files.read(everything())));

        assertEquals(JsonParser.parseString("""
                        {"file": "$D/c.toml",
                         "daemon": {"control": "$D/run/c", "max_children": 9, "max_connections": 4096, "launch_threads": 4,
                                    "log_level": "warn", "stop_timeout": "0"},
                         "pool": {
                          "a.b": {"listen": "$D/run/a \\"b\\"", "listen_owner": "33", "listen_group": "web",
                                  "listen_mode": "0007", "listen_backlog": 511, "allowed_users": ["root", "33"],
                                  "params_timeout": "10s", "connection_idle_timeout": "75s", "root": "$D/cgi",
                                  "mode": "exec", "user": "www-data", "max_children": 16, "queue_length": 64,
                                  "queue_timeout": "1500ms", "launch_timeout": "10s", "request_timeout": "0",
                                  "kill_grace": "5s", "linger_timeout": "5s", "on_abort": "finish",
                                  "request_body_max": "1025", "path": "/opt/é", "pass_params": ["A_*"],
                                  "pass_authorization": true, "env": {"Z": "ä\\t\\\\\\"", "A": "de_DE.UTF-8"}},
                          "tcp": {"listen": "[::1]:9000", "listen_backlog": 511,
                                  "allowed_clients": ["10.0.0.0/8", "2001:db8::/32"],
                                  "params_timeout": "10s", "connection_idle_timeout": "75s", "root": "$D/cgi",
                                  "mode": "auto", "user": null, "max_children": 16, "queue_length": 64,
                                  "queue_timeout": "10s", "launch_timeout": "10s", "request_timeout": "60s",
                                  "kill_grace": "5s", "linger_timeout": "5s", "on_abort": "kill",
                                  "request_body_max": "1G", "path": "/usr/local/bin:/usr/bin:/bin", "pass_params": null,
                                  "pass_authorization": false, "env": {}}}}
                        """), JsonParser.parseString(json));
    }

    private static String everything() {
        return """
                [daemon]
                control = "$D/run/c"
                max_children = 9
                log_level = "warn"
                stop_timeout = 0
                [pool."a.b"]
                listen = '$D/run/a "b"'
                listen_owner = 33
                listen_group = "web"
                listen_mode = "007"
                allowed_users = ["root", "33"]
                root = "$D/cgi"
                mode = "exec"
                user = "www-data"
                queue_timeout = "1500ms"
                request_timeout = "0s"
                on_abort = "finish"
                request_body_max = 1025
                path = "/opt/é"
                pass_params = ["A_*"]
                pass_authorization = true
                [pool."a.b".env]
                Z = "ä\\t\\\\\\""
                A = "$LANG"
                [pool.tcp]
                listen = "[::1]:9000"
                allowed_clients = ["10.0.0.0/8", "2001:db8::/32"]
                root = "$D/cgi"
                """;
    }

    private String dumped(String text) {
        return text.replace(files.path("").toString(), "$D");
    }
}
