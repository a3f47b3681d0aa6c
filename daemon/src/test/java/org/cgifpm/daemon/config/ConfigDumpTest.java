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
                # log is not set
                stop_timeout = "30s"
                # metrics_listen is not set
                # metrics_users is not set

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
                # extensions is not set
                # user is not set
                # group is not set
                # groups is not set
                min_uid = 1000
                min_gid = 100
                # no_new_privs is not set
                # umask is not set
                # nice is not set
                # chroot is not set
                # apparmor_profile is not set
                # selinux_label is not set
                max_children = 16
                # max_children_per_user is not set
                # max_children_per_script is not set
                queue_length = 64
                queue_timeout = "10s"
                launch_timeout = "10s"
                request_timeout = "60s"
                idle_timeout = "0"
                kill_grace = "5s"
                linger_timeout = "5s"
                on_abort = "kill"
                background = "leave"
                request_body_max = "1G"
                request_buffering = false
                path = "/usr/local/bin:/usr/bin:/bin"
                # pass_params is not set
                pass_authorization = false
                # access_log is not set
                # access_format is not set
                # access_suppress is not set
                # slowlog is not set
                slow_after = "0"
                # status_path is not set
                # ping_path is not set
                # ping_response is not set
                worker_extensions = [".fcgi"]
                pm = "ondemand"
                max_spawn_rate = 32
                process_idle_timeout = "10s"
                max_requests = 0
                max_lifetime = "0"
                max_memory = "0"
                # worker_concurrency is not set
                dispatch = "relay"
                startup_timeout = "10s"
                restart_on_change = false
                retry_idempotent = true

                [pool.main.limits]
                # cpu is not set
                # memory is not set
                # files is not set
                # processes is not set
                # file_size is not set
                # core is not set
                # stack is not set
                # memory_max is not set
                # pids_max is not set
                # cpu_weight is not set

                [pool.main.checks]
                control_characters = "enforce"
                inside_root = "enforce"
                symlinks = "owner-match"
                directory_owner = "enforce"
                directory_writable = "enforce"
                regular_file = "enforce"
                extension = "enforce"
                setuid = "enforce"
                writable = "enforce"
                owner = "enforce"
                min_uid = "enforce"
                min_gid = "enforce"
                executable = "enforce"
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
                                    "log_level": "warn", "log": "$D/run/log", "stop_timeout": "0",
                                    "metrics_listen": "127.0.0.1:9180", "metrics_users": true},
                         "pool": {
                          "a.b": {"listen": "$D/run/a \\"b\\"", "listen_owner": "33", "listen_group": "web",
                                  "listen_mode": "0007", "listen_backlog": 511, "allowed_users": ["root", "33"],
                                  "params_timeout": "10s", "connection_idle_timeout": "75s", "root": "$D/cgi",
                                  "mode": "exec", "extensions": [".cgi", ".é"], "user": "www-data", "group": null,
                                  "groups": null, "min_uid": 1, "min_gid": 100, "no_new_privs": true, "umask": "0077",
                                  "nice": 0, "chroot": null, "apparmor_profile": "p é", "selinux_label": null,
                                  "max_children": 16, "max_children_per_user": 4, "max_children_per_script": null, "queue_length": 64,
                                  "queue_timeout": "1500ms", "launch_timeout": "10s", "request_timeout": "0",
                                  "idle_timeout": "30s", "kill_grace": "5s", "linger_timeout": "5s",
                                  "on_abort": "finish", "background": "kill",
                                  "request_body_max": "1025", "request_buffering": true, "path": "/opt/é", "pass_params": ["A_*"],
                                  "pass_authorization": true,
                                  "access_log": "$D/run/a", "access_format": "json", "access_suppress": ["/ping"],
                                  "slowlog": "$D/run/s", "slow_after": "5s",
                                  "status_path": "/status", "ping_path": "/ping \\"é\\"", "ping_response": "here",
                                  "interpreters": {".cgi": "/bin/sh"},
                                  "limits": {"cpu": "30s", "memory": null, "files": 300, "processes": null, "file_size": null,
                                             "core": "0", "stack": null, "memory_max": null, "pids_max": null,
                                             "cpu_weight": null},
                                  "checks": {"control_characters": "enforce", "inside_root": "enforce", "symlinks": "follow",
                                             "directory_owner": "enforce", "directory_writable": "enforce",
                                             "regular_file": "enforce", "extension": "enforce", "setuid": "enforce",
                                             "writable": "enforce", "owner": "off", "min_uid": "enforce",
                                             "min_gid": "enforce", "executable": "enforce"},
                                  "env": {"Z": "ä\\t\\\\\\"", "A": "de_DE.UTF-8"}},
                          "tcp": {"listen": "[::1]:9000", "listen_backlog": 511,
                                  "allowed_clients": ["10.0.0.0/8", "2001:db8::/32"],
                                  "params_timeout": "10s", "connection_idle_timeout": "75s", "root": "$D/cgi",
                                  "mode": "auto", "extensions": null, "user": null, "group": null, "groups": null,
                                  "min_uid": 1000, "min_gid": 100, "no_new_privs": null, "umask": null, "nice": null,
                                  "chroot": null, "apparmor_profile": null, "selinux_label": null,
                                  "max_children": 16, "max_children_per_user": null, "max_children_per_script": null, "queue_length": 64,
                                  "queue_timeout": "10s", "launch_timeout": "10s", "request_timeout": "60s",
                                  "idle_timeout": "0", "kill_grace": "5s", "linger_timeout": "5s", "on_abort": "kill",
                                  "background": "leave", "request_body_max": "1G", "request_buffering": false, "path": "/usr/local/bin:/usr/bin:/bin", "pass_params": null,
                                  "pass_authorization": false,
                                  "access_log": null, "access_format": null, "access_suppress": null,
                                  "slowlog": null, "slow_after": "0",
                                  "status_path": null, "ping_path": null, "ping_response": null,
                                  "worker_extensions": [".fcgi"], "pm": "ondemand", "max_spawn_rate": 32,
                                  "process_idle_timeout": "10s", "max_requests": 0, "max_lifetime": "0",
                                  "max_memory": "0", "worker_concurrency": null, "dispatch": "relay",
                                  "startup_timeout": "10s", "restart_on_change": false, "retry_idempotent": true,
                                  "interpreters": {},
                                  "limits": {"cpu": null, "memory": null, "files": null, "processes": null, "file_size": null,
                                             "core": null, "stack": null, "memory_max": null, "pids_max": null,
                                             "cpu_weight": null},
                                  "checks": {"control_characters": "enforce", "inside_root": "enforce", "symlinks": "owner-match",
                                             "directory_owner": "enforce", "directory_writable": "enforce",
                                             "regular_file": "enforce", "extension": "enforce", "setuid": "enforce",
                                             "writable": "enforce", "owner": "enforce", "min_uid": "enforce",
                                             "min_gid": "enforce", "executable": "enforce"},
                                  "env": {}}}}
                        """), JsonParser.parseString(json));
    }

    private static String everything() {
        return """
                [daemon]
                control = "$D/run/c"
                max_children = 9
                log_level = "warn"
                log = "$D/run/log"
                stop_timeout = 0
                metrics_listen = "127.0.0.1:9180"
                metrics_users = true
                [pool."a.b"]
                listen = '$D/run/a "b"'
                listen_owner = 33
                listen_group = "web"
                listen_mode = "007"
                allowed_users = ["root", "33"]
                root = "$D/cgi"
                mode = "exec"
                extensions = [".cgi", ".é"]
                interpreters = {".cgi" = "/bin/sh"}
                user = "www-data"
                min_uid = 1
                umask = "077"
                apparmor_profile = "p é"
                max_children_per_user = 4
                idle_timeout = "30s"
                background = "kill"
                request_buffering = true
                access_log = "$D/run/a"
                access_format = "json"
                access_suppress = ["/ping"]
                slowlog = "$D/run/s"
                slow_after = "5s"
                status_path = "/status"
                ping_path = '/ping "é"'
                ping_response = "here"
                limits = {cpu = "30s", files = 300}
                checks = {symlinks = "follow", owner = "off"}
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
