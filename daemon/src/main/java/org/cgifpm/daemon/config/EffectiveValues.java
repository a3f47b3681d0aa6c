package org.cgifpm.daemon.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cgifpm.daemon.config.ListenAddress.Tcp;
import org.cgifpm.daemon.config.ListenAddress.UnixPath;

/**
 * Settings as a file would say them: keys in the order of the manual, values as TOML has them (String, Number, Boolean,
 * List), an empty Optional for what is not set. Keys that have no effect on a pool's kind of address are left out.
 */
final class EffectiveValues {
    private EffectiveValues() {}

    static Map<String, Object> of(DaemonSettings daemon) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("control", ByteText.toText(daemon.control()));
        values.put("max_children", daemon.maxChildren());
        values.put("max_connections", daemon.maxConnections());
        values.put("launch_threads", daemon.launchThreads());
        values.put("log_level", Wording.word(daemon.logLevel()));
        values.put("stop_timeout", DurationText.format(daemon.stopTimeout()));
        return values;
    }

    static Map<String, Object> of(PoolSettings pool) {
        Map<String, Object> values = new LinkedHashMap<>();
        listen(pool.listen(), values);
        Timeouts timeouts = pool.timeouts();
        values.put("params_timeout", DurationText.format(timeouts.params()));
        values.put("connection_idle_timeout", DurationText.format(timeouts.connectionIdle()));
        values.put("root", ByteText.toText(pool.root()));
        values.put("mode", Wording.word(pool.mode()));
        values.put("user", orNone(pool.identity().user()));
        values.put("max_children", pool.admission().maxChildren());
        values.put("queue_length", pool.admission().queueLength());
        values.put("queue_timeout", DurationText.format(pool.admission().queueTimeout()));
        values.put("launch_timeout", DurationText.format(timeouts.launch()));
        values.put("request_timeout", DurationText.format(timeouts.request()));
        values.put("kill_grace", DurationText.format(timeouts.killGrace()));
        values.put("linger_timeout", DurationText.format(timeouts.linger()));
        values.put("on_abort", Wording.word(pool.onAbort()));
        values.put("request_body_max", ByteSizeText.format(pool.requestBodyMax()));
        values.put("path", ByteText.toText(pool.environment().path()));
        values.put("pass_params", orNone(pool.environment().passParams()));
        values.put("pass_authorization", pool.environment().passAuthorization());
        return values;
    }

    private static void listen(ListenSettings listen, Map<String, Object> values) {
        values.put("listen", listen.address().toString());
        if (listen.address() instanceof UnixPath) {
            values.put("listen_owner", orNone(listen.owner().map(NamedId::name)));
            values.put("listen_group", orNone(listen.group().map(NamedId::name)));
            values.put("listen_mode", String.format(Locale.ROOT, "%04o", listen.mode()));
        }
        values.put("listen_backlog", listen.backlog());
        if (!(listen.address() instanceof Tcp)) {
            values.put("allowed_users", orNone(listen.allowedUsers().map(EffectiveValues::idNames)));
        }
        if (!(listen.address() instanceof UnixPath)) {
            values.put(
                    "allowed_clients",
                    listen.allowedClients().stream()
                            .map(ClientNetwork::toString)
                            .toList());
        }
    }

    private static List<String> idNames(List<NamedId> ids) {
        return ids.stream().map(NamedId::name).toList();
    }

    /** The variables that a pool's scripts get, as texts. */
    static Map<String, Object> variables(PoolSettings pool) {
        Map<String, Object> values = new LinkedHashMap<>();
        pool.environment().variables().forEach((name, value) -> values.put(name, ByteText.toText(value)));
        return values;
    }

    private static Object orNone(Optional<?> value) {
        return value.isPresent() ? value.get() : value;
    }
}
