package org.cgifpm.daemon.config;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of all keys; any other is refused, with a guess at which of them was meant. */
final class Keys {
    static final Set<String> TOP = Set.of("include", "daemon", "pool");

    static final Set<String> DAEMON = names(
            "control",
            "max_children",
            "max_connections",
            "launch_threads",
            "log_level",
            "log",
            "stop_timeout",
            "metrics_listen",
            "metrics_users");

    static final Set<String> POOL = names(
            "listen",
            "listen_owner",
            "listen_group",
            "listen_mode",
            "listen_backlog",
            "allowed_users",
            "allowed_clients",
            "params_timeout",
            "connection_idle_timeout",
            "root",
            "mode",
            "extensions",
            "interpreters",
            "command",
            "worker_extensions",
            "pm",
            "start_servers",
            "min_spare_servers",
            "max_spare_servers",
            "max_spawn_rate",
            "process_idle_timeout",
            "max_requests",
            "max_lifetime",
            "max_memory",
            "worker_concurrency",
            "dispatch",
            "startup_timeout",
            "restart_on_change",
            "retry_idempotent",
            "user",
            "group",
            "groups",
            "min_uid",
            "min_gid",
            "no_new_privs",
            "umask",
            "nice",
            "chroot",
            "apparmor_profile",
            "selinux_label",
            "max_children",
            "max_children_per_user",
            "max_children_per_script",
            "queue_length",
            "queue_timeout",
            "launch_timeout",
            "request_timeout",
            "idle_timeout",
            "kill_grace",
            "linger_timeout",
            "on_abort",
            "background",
            "request_body_max",
            "request_buffering",
            "path",
            "pass_params",
            "pass_authorization",
            "access_log",
            "access_format",
            "access_suppress",
            "slowlog",
            "slow_after",
            "status_path",
            "ping_path",
            "ping_response",
            "limits",
            "checks",
            "env",
            "python");

    private Keys() {}

    private static Set<String> names(String... names) {
        return new LinkedHashSet<>(List.of(names));
    }

    static void checkTop(Section top) {
        for (String key : top.keys()) {
            if (TOP.contains(key)) {
                continue;
            }
            if (top.value(key) instanceof Map) {
                top.problem(key, "unknown table" + Wording.didYouMean(key, List.of("daemon", "pool")));
            } else if (POOL.contains(key)) {
                top.problem(key, "belongs below a header [pool.NAME]");
            } else if (DAEMON.contains(key)) {
                top.problem(key, "belongs below the header [daemon]");
            } else {
                top.problem(key, "unknown key" + Wording.didYouMean(key, TOP));
            }
        }
    }

    static void checkDaemon(Section daemon) {
        check(daemon, DAEMON, POOL, "[pool.NAME]");
    }

    static void checkPool(Section pool) {
        Set<String> known = new LinkedHashSet<>(POOL);
        for (String key : pool.keys()) {
            String table = known.contains(key) ? "" : tableOf(key);
            if (!table.isEmpty()) {
                known.add(key);
                pool.problem(key, "belongs below the header [pool.NAME." + table + "]");
            }
        }
        check(pool, known, DAEMON, "[daemon]");
    }

    /** Which table below a pool a key is of, or "". */
    private static String tableOf(String key) {
        if (LimitsSection.KEYS.contains(key)) {
            return "limits";
        }
        if (PythonSection.COMMON.contains(key) || PythonSection.WSGI.contains(key) || KeeperKeys.NAMES.contains(key)) {
            return "python";
        }
        return ScriptsSection.checkKeys().contains(key) ? "checks" : "";
    }

    /** A table below a pool. */
    static void checkTable(Section table, Collection<String> known) {
        for (String key : table.keys()) {
            if (!known.contains(key)) {
                String advice = Wording.didYouMean(key, known);
                if (advice.isEmpty() && (isPoolKey(key) || DAEMON.contains(key))) {
                    advice = "; it belongs below the header " + (isPoolKey(key) ? "[pool.NAME]" : "[daemon]");
                }
                table.problem(key, "unknown key" + advice);
            }
        }
    }

    static boolean isPoolKey(String key) {
        return POOL.contains(key);
    }

    private static void check(Section section, Set<String> known, Set<String> elsewhere, String place) {
        for (String key : section.keys()) {
            if (known.contains(key)) {
                continue;
            }
            if (key.equals("include")) {
                section.problem(key, "belongs at the top of the file, above the first [table]");
            } else if (elsewhere.contains(key)) {
                section.problem(key, "belongs below the header " + place);
            } else {
                String kind = section.value(key) instanceof Map ? "unknown table" : "unknown key";
                section.problem(key, kind + Wording.didYouMean(key, known));
            }
        }
    }
}
