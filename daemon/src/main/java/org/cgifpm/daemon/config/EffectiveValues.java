package org.cgifpm.daemon.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cgifpm.daemon.config.ListenAddress.Tcp;
import org.cgifpm.daemon.config.ListenAddress.UnixPath;

/**
 * Settings as a file would say them: keys in the order of the manual, values as TOML has them (String, Number, Boolean,
 * List), an empty Optional for what is not set. Keys that have no effect on a pool's kind of address, or in its mode, are
 * left out.
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
        values.put("log", orNone(daemon.log().map(ByteText::toText)));
        values.put("stop_timeout", DurationText.format(daemon.stopTimeout()));
        values.put("metrics_listen", orNone(daemon.metricsListen().map(ListenAddress::toString)));
        values.put("metrics_users", daemon.metricsListen().isPresent() ? daemon.metricsUsers() : Optional.empty());
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
        values.put("extensions", orNone(pool.scripts().extensions().map(EffectiveValues::texts)));
        identity(pool.identity(), values);
        Admission admission = pool.admission();
        values.put("max_children", admission.maxChildren());
        values.put("max_children_per_user", unlessZero(admission.maxPerUser()));
        values.put("max_children_per_script", unlessZero(admission.maxPerScript()));
        values.put("queue_length", admission.queueLength());
        values.put("queue_timeout", DurationText.format(admission.queueTimeout()));
        values.put("launch_timeout", DurationText.format(timeouts.launch()));
        values.put("request_timeout", DurationText.format(timeouts.request()));
        values.put("idle_timeout", DurationText.format(timeouts.idle()));
        values.put("kill_grace", DurationText.format(timeouts.killGrace()));
        values.put("linger_timeout", DurationText.format(timeouts.linger()));
        values.put("on_abort", Wording.word(pool.onAbort()));
        values.put("background", Wording.word(pool.background()));
        values.put("request_body_max", ByteSizeText.format(pool.requestBodyMax()));
        values.put("request_buffering", admission.requestBuffering());
        values.put("path", ByteText.toText(pool.environment().path()));
        values.put("pass_params", orNone(pool.environment().passParams()));
        values.put("pass_authorization", pool.environment().passAuthorization());
        logs(pool.logs(), values);
        pages(pool.pages(), values);
        WorkerValues.put(pool.workers(), values);
        values.keySet().removeAll(KeyEffects.without(PoolKind.of(pool)).keySet());
        return values;
    }

    /** What a pool does not set because it leaves everything as the daemon has it, is not set here either. */
    private static void identity(IdentitySettings identity, Map<String, Object> values) {
        boolean confined = identity.confined();
        values.put("user", orNone(identity.user()));
        values.put("group", orNone(identity.group()));
        values.put("groups", orNone(identity.groups()));
        values.put("min_uid", identity.minUid());
        values.put("min_gid", identity.minGid());
        values.put("no_new_privs", confined ? identity.noNewPrivileges() : Optional.empty());
        values.put("umask", confined ? OctalText.format(identity.umask()) : Optional.empty());
        values.put("nice", confined ? identity.nice() : Optional.empty());
        values.put("chroot", orNone(identity.chroot().map(ByteText::toText)));
        values.put("apparmor_profile", orNone(identity.apparmorProfile().map(ByteText::toText)));
        values.put("selinux_label", orNone(identity.selinuxLabel().map(ByteText::toText)));
    }

    private static void logs(RequestLogs logs, Map<String, Object> values) {
        boolean access = logs.accessLog().isPresent();
        values.put("access_log", orNone(logs.accessLog().map(ByteText::toText)));
        values.put("access_format", access ? ByteText.toText(logs.accessFormat()) : Optional.empty());
        values.put("access_suppress", access ? texts(logs.accessSuppress()) : Optional.empty());
        values.put("slowlog", orNone(logs.slowLog().map(ByteText::toText)));
        values.put("slow_after", DurationText.format(logs.slowAfter()));
    }

    private static void pages(StatusPages pages, Map<String, Object> values) {
        values.put("status_path", orNone(pages.statusPath().map(ByteText::toText)));
        values.put("ping_path", orNone(pages.pingPath().map(ByteText::toText)));
        boolean ping = pages.pingPath().isPresent();
        values.put("ping_response", ping ? ByteText.toText(pages.pingResponse()) : Optional.empty());
    }

    private static void listen(ListenSettings listen, Map<String, Object> values) {
        values.put("listen", listen.address().toString());
        if (listen.address() instanceof UnixPath) {
            values.put("listen_owner", orNone(listen.owner().map(NamedId::name)));
            values.put("listen_group", orNone(listen.group().map(NamedId::name)));
            values.put("listen_mode", OctalText.format(listen.mode()));
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

    /** The tables below a pool, by name; those that would be empty are there all the same. */
    static Map<String, Map<String, Object>> tables(PoolSettings pool) {
        Map<String, Map<String, Object>> tables = new LinkedHashMap<>();
        tables.put("interpreters", asTexts(pool.scripts().interpreters()));
        tables.put("limits", limits(pool.limits(), pool.identity().confined()));
        tables.put("checks", checks(pool.scripts()));
        tables.put("env", asTexts(pool.environment().variables()));
        pool.python().ifPresent(python -> tables.put("python", WorkerValues.of(python, pool.mode())));
        tables.keySet().removeAll(KeyEffects.without(PoolKind.of(pool)).keySet());
        return tables;
    }

    private static Map<String, Object> limits(LimitSettings limits, boolean confined) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("cpu", orNone(limits.cpu().map(DurationText::format)));
        values.put("memory", size(limits.memory()));
        values.put("files", number(limits.files()));
        values.put("processes", number(limits.processes()));
        values.put("file_size", size(limits.fileSize()));
        values.put("core", confined ? ByteSizeText.format(limits.core()) : Optional.empty());
        values.put("stack", size(limits.stack()));
        values.put("memory_max", size(limits.memoryMax()));
        values.put("pids_max", number(limits.pidsMax()));
        values.put("cpu_weight", number(limits.cpuWeight()));
        return values;
    }

    private static Map<String, Object> checks(ScriptRules rules) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (CheckName check : CheckName.values()) {
            boolean symlinks = check == CheckName.SYMLINKS;
            values.put(Wording.word(check), symlinks ? rules.symlinks().word() : Wording.word(rules.severity(check)));
        }
        return values;
    }

    private static Map<String, Object> asTexts(Map<String, String> bytes) {
        Map<String, Object> values = new LinkedHashMap<>();
        bytes.forEach((name, value) -> values.put(ByteText.toText(name), ByteText.toText(value)));
        return values;
    }

    static List<String> texts(List<String> bytes) {
        return bytes.stream().map(ByteText::toText).toList();
    }

    private static Object size(OptionalLong bytes) {
        return bytes.isPresent() ? ByteSizeText.format(bytes.getAsLong()) : Optional.empty();
    }

    static Object number(OptionalInt number) {
        return number.isPresent() ? number.getAsInt() : Optional.empty();
    }

    private static Object unlessZero(int number) {
        return number == 0 ? Optional.empty() : number;
    }

    static Object orNone(Optional<?> value) {
        return value.isPresent() ? value.get() : value;
    }
}
