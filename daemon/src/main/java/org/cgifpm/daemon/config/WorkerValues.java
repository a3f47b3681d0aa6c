package org.cgifpm.daemon.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** The part of {@link EffectiveValues} that concerns persistent applications and Python. */
final class WorkerValues {
    private WorkerValues() {}

    /** All of them, also those that have no effect. */
    static void put(WorkerSettings workers, Map<String, Object> values) {
        values.put("command", EffectiveValues.texts(workers.command()));
        values.put("worker_extensions", EffectiveValues.texts(workers.extensions()));
        values.put("pm", workers.pm().word());
        if (workers.pm() instanceof ProcessManagement.Dynamic dynamic) {
            values.put("start_servers", dynamic.startServers());
            values.put("min_spare_servers", dynamic.minSpare());
            values.put("max_spare_servers", dynamic.maxSpare());
        }
        values.put("max_spawn_rate", workers.maxSpawnRate());
        values.put("process_idle_timeout", DurationText.format(workers.processIdleTimeout()));
        values.put("max_requests", workers.maxRequests());
        values.put("max_lifetime", DurationText.format(workers.maxLifetime()));
        values.put("max_memory", ByteSizeText.format(workers.maxMemory()));
        values.put("worker_concurrency", EffectiveValues.number(workers.concurrency()));
        values.put("dispatch", Wording.word(workers.dispatch()));
        values.put("startup_timeout", DurationText.format(workers.startupTimeout()));
        values.put("restart_on_change", workers.restartOnChange());
        values.put("retry_idempotent", workers.retryIdempotent());
    }

    static Map<String, Object> of(PythonSettings python, Mode mode) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("interpreter", ByteText.toText(python.interpreter()));
        values.put("virtualenv", EffectiveValues.orNone(python.virtualenv().map(ByteText::toText)));
        if (mode == Mode.WSGI) {
            values.put("app", ByteText.toText(python.app()));
            values.put("threads", python.threads());
        } else {
            KeeperSettings keepers = python.keepers();
            values.put("preload", EffectiveValues.orNone(keepers.preload().map(EffectiveValues::texts)));
            values.put("max_requests", keepers.maxRequests());
            values.put("max_age", DurationText.format(keepers.maxAge()));
            values.put("spare_children", keepers.spareChildren());
        }
        return values;
    }
}
