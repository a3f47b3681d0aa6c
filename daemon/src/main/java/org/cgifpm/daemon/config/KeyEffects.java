package org.cgifpm.daemon.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which keys of a pool nobody asks, as its mode, its dispatch or its pm leaves no use for them. To write one is a problem,
 * as whoever did so believes in it; and none of them is printed as being in effect.
 */
final class KeyEffects {
    /** Those that concern workers in any mode that has some. */
    private static final List<String> WORKERS = List.of(
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
            "retry_idempotent");

    /** Those of them that count for keepers too, where there are keepers. */
    private static final List<String> KEEPERS = List.of("startup_timeout", "max_memory");

    private static final List<String> DYNAMIC = List.of("start_servers", "min_spare_servers", "max_spare_servers");
    private static final List<String> SCRIPTS =
            List.of("extensions", "interpreters", "worker_extensions", "max_children_per_script");
    /** What takes a daemon that sees the requests. */
    private static final List<String> REQUESTS = List.of(
            "params_timeout",
            "connection_idle_timeout",
            "max_children_per_user",
            "queue_length",
            "queue_timeout",
            "request_timeout",
            "idle_timeout",
            "linger_timeout",
            "on_abort",
            "request_body_max",
            "request_buffering",
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
            "max_requests",
            "worker_concurrency",
            "retry_idempotent");

    private final Map<String, String> reasons = new LinkedHashMap<>();

    private KeyEffects() {}

    /** Complains of every key that is written and has no effect. */
    static void check(Section pool, PoolKind kind) {
        without(kind).forEach((key, reason) -> {
            if (pool.has(key)) {
                pool.problem(key, "has no effect " + reason);
            }
        });
    }

    /** The names of the keys without effect, those of tables among them, with what follows "has no effect". */
    static Map<String, String> without(PoolKind kind) {
        KeyEffects effects = new KeyEffects();
        effects.ofMode(kind.mode());
        if (kind.mode().hasOneApplication() && kind.workers().dispatch() == Dispatch.DIRECT) {
            effects.ofDirectDispatch();
        }
        effects.ofScripts(kind);
        effects.ofProcessManagement(kind);
        return effects.reasons;
    }

    private void ofMode(Mode mode) {
        String with = "with mode = " + Wording.quote(Wording.word(mode));
        if (mode == Mode.EXEC || mode == Mode.WORKER) {
            add("python", with + "; remove it, or write mode = \"warm\" for scripts, \"wsgi\" for an application");
        }
        if (mode == Mode.WSGI) {
            add("command", with + ", whose application is app in [pool.NAME.python]; remove it");
            add("worker_concurrency", with + ", where threads in [pool.NAME.python] says it; remove it");
        } else if (mode != Mode.WORKER) {
            add("command", with + "; remove it, or write mode = \"worker\"");
        }
        if (mode.hasOneApplication()) {
            SCRIPTS.forEach(key -> add(key, with + ", where no script is looked for; remove it"));
            add("background", with + ", where no process belongs to a request; remove it");
        }
        if (mode == Mode.EXEC || mode == Mode.WARM) {
            add("worker_extensions", with + "; remove it, or write mode = \"auto\"");
        }
    }

    /** Keys of workers where no script gets any; some of them count for keepers too. */
    private void ofScripts(PoolKind kind) {
        Mode mode = kind.mode();
        if (mode.hasOneApplication()
                || (mode == Mode.AUTO && !kind.workers().extensions().isEmpty())) {
            return;
        }
        String why = mode == Mode.AUTO
                ? "as no script gets workers; name its extension in worker_extensions"
                : "with mode = " + Wording.quote(Wording.word(mode))
                        + "; remove it, or write mode = \"auto\" or \"worker\"";
        if (kind.keepers() && !kind.ofOwners()) {
            add("process_idle_timeout", "as a pool with one user keeps its keepers; remove it");
        }
        if (kind.keepers()) {
            String instead = "for keepers; below [pool.NAME.python] write max_";
            add("max_requests", instead + "requests");
            add("max_lifetime", instead + "age");
        }
        for (String key : WORKERS) {
            boolean counts = KEEPERS.contains(key) || (kind.ofOwners() && key.equals("process_idle_timeout"));
            if (!kind.keepers() || !counts) {
                add(key, why);
            }
        }
    }

    private void ofDirectDispatch() {
        String with = "with dispatch = \"direct\", where workers accept for themselves; ";
        add("allowed_users", with + "have listen_mode say who may connect, or write dispatch = \"relay\"");
        add("allowed_clients", with + "listen on a socket path, or write dispatch = \"relay\"");
        REQUESTS.forEach(key -> add(key, with + "remove it, or write dispatch = \"relay\""));
    }

    private void ofProcessManagement(PoolKind kind) {
        WorkerSettings workers = kind.workers();
        String with = "with pm = " + Wording.quote(workers.pm().word());
        if (!(workers.pm() instanceof ProcessManagement.Dynamic)) {
            DYNAMIC.forEach(key -> add(key, with + "; remove it, or write pm = \"dynamic\""));
            if (workers.pm() instanceof ProcessManagement.Static) {
                idleTimeout(kind, with + "; remove it, or write pm = \"ondemand\"");
                add("max_spawn_rate", with + "; remove it, or write pm = \"dynamic\"");
            }
        } else if (workers.dispatch() == Dispatch.RELAY) {
            idleTimeout(kind, with + ", where max_spare_servers says it; remove it");
        }
    }

    /** Unless it is asked for keepers. */
    private void idleTimeout(PoolKind kind, String reason) {
        if (!kind.keepers() || !kind.ofOwners()) {
            add("process_idle_timeout", reason);
        }
    }

    /** The first reason is enough. */
    private void add(String key, String reason) {
        reasons.putIfAbsent(key, reason);
    }
}
