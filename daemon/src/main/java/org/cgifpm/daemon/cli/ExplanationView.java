package org.cgifpm.daemon.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.backend.process.ExecChain;
import org.cgifpm.adapters.os.Users;
import org.cgifpm.daemon.config.Identity;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.log.LogText;
import org.cgifpm.daemon.supervisor.Explanation;

/**
 * Prints an explanation, for people or for programs.
 *
 * @param self who this process is
 */
record ExplanationView(PoolSettings settings, Explanation explanation, Identity self, Users users) {
    private static final String INDENT = "  ";

    /** A few blocks of lines, the verdict last, where the eye is. */
    String text() {
        StringBuilder out = new StringBuilder();
        out.append("pool      ").append(settings.name()).append('\n');
        out.append(oneApplication() ? "runs      " : "script    ")
                .append(LogText.ofBytes(explanation.asked()))
                .append('\n');
        if (!explanation.file().isEmpty() && !explanation.file().equals(explanation.asked())) {
            out.append("which is  ").append(LogText.ofBytes(explanation.file())).append('\n');
        }
        if (!explanation.pathInfo().isEmpty()) {
            out.append("PATH_INFO ")
                    .append(LogText.ofBytes(explanation.pathInfo()))
                    .append('\n');
        }
        out.append(explanation.checks().isEmpty() ? "" : "\nchecks\n");
        for (Explanation.Line line : explanation.checks()) {
            String words = LogText.ofBytes(line.words());
            out.append(String.format("%s%-8s %-19s %s", INDENT, line.result().word(), line.check(), words)
                            .stripTrailing())
                    .append('\n');
        }
        explanation.python().ifPresent(python -> python(python, out));
        explanation.plan().ifPresent(plan -> plan(plan, out));
        notes().forEach(note -> out.append("\nnote: ").append(note).append('\n'));
        out.append('\n').append(verdict()).append('\n');
        return out.toString();
    }

    private static void python(Explanation.Python python, StringBuilder out) {
        out.append("\npython\n").append(INDENT);
        out.append(python.warm() ? "runs warm, forked from " : "runs cold: ").append(LogText.ofBytes(python.words()));
        out.append('\n');
        if (!python.lacks().isEmpty()) {
            out.append(INDENT).append("imports what preload does not name: ");
            out.append(LogText.ofBytes(String.join(", ", python.lacks()))).append('\n');
        }
        python.keeper().ifPresent(keeper -> {
            out.append("\ncommand of its keeper, each argument on a line\n");
            arguments(keeper, out);
        });
    }

    private static void arguments(LaunchPlan plan, StringBuilder out) {
        argv(plan)
                .forEach(argument ->
                        out.append(INDENT).append(LogText.ofBytes(argument)).append('\n'));
    }

    private void plan(LaunchPlan plan, StringBuilder out) {
        Confinement confinement = plan.confinement();
        out.append("\nidentity\n").append(INDENT).append(identity(confinement)).append('\n');
        out.append("\nlimits\n");
        Map<String, Object> limits = limits(confinement);
        if (limits.isEmpty()) {
            out.append(INDENT).append("those of the daemon\n");
        }
        limits.forEach((name, value) ->
                out.append(INDENT).append(name).append(" = ").append(value).append('\n'));
        out.append(warm() ? "\ncommand where it cannot be forked" : "\ncommand").append(", each argument on a line\n");
        arguments(plan, out);
        out.append(explanation.workers() ? "\nenvironment of a worker\n" : "\nenvironment of a plain GET\n");
        plan.environment()
                .forEach(entry ->
                        out.append(INDENT).append(LogText.ofBytes(entry)).append('\n'));
    }

    private String verdict() {
        return explanation
                .refusal()
                .map(refusal -> "REFUSED, " + refusal.status() + ": " + LogText.ofBytes(refusal.why()))
                .orElseGet(this::good);
    }

    private String good() {
        if (oneApplication()) {
            return "Its workers would start.";
        }
        if (warm()) {
            return "It would run, warm.";
        }
        return explanation.workers() ? "It would run, in persistent workers." : "It would run.";
    }

    private boolean warm() {
        return explanation.python().map(Explanation.Python::warm).orElse(false);
    }

    /** All requests go to it, and none names a script. */
    private boolean oneApplication() {
        return settings.mode().hasOneApplication();
    }

    private String identity(Confinement confinement) {
        Optional<Confinement.Identity> identity = confinement.identity();
        if (identity.isEmpty()) {
            return "the daemon's own user, here " + self.name();
        }
        Confinement.Identity who = identity.get();
        List<String> groups = who.groups().stream()
                .map(gid -> numbered(gid, users.groupName(gid)))
                .toList();
        return "uid " + numbered(who.uid(), users.name(who.uid())) + ", gid "
                + numbered(who.gid(), users.groupName(who.gid())) + ", groups "
                + (groups.isEmpty() ? "none" : String.join(" ", groups));
    }

    private static String numbered(int id, Optional<String> name) {
        return Integer.toUnsignedString(id) + "(" + name.map(LogText::ofBytes).orElse("no name") + ")";
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        boolean taken = explanation
                .plan()
                .map(LaunchPlan::confinement)
                .filter(Confinement::noNewPrivileges)
                .isPresent();
        if (taken) {
            notes.add("no_new_privs is on: setuid and setgid programs gain nothing by it, so a setgid sendmail does not"
                    + " work under it (no_new_privs = false)");
        }
        if (self.uid() != 0) {
            notes.add("looked at as " + self.name() + ", who may see less than the daemon does; root sees all");
        }
        return notes;
    }

    /** What is set before the program starts, under the names of the configuration. */
    private static Map<String, Object> limits(Confinement confinement) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (confinement.equals(Confinement.NONE)) {
            return all;
        }
        Confinement.Limits limits = confinement.limits();
        put(all, "cpu", limits.cpuSeconds());
        put(all, "memory", limits.memory());
        put(all, "files", limits.files());
        put(all, "processes", limits.processes());
        put(all, "file_size", limits.fileSize());
        put(all, "core", limits.core());
        put(all, "stack", limits.stack());
        all.put("umask", String.format("%03o", confinement.umask()));
        all.put("nice", (long) confinement.nice());
        all.put("no_new_privs", confinement.noNewPrivileges());
        confinement.chroot().ifPresent(folder -> all.put("chroot", LogText.ofBytes(folder)));
        confinement.apparmorProfile().ifPresent(profile -> all.put("apparmor_profile", profile));
        confinement.selinuxLabel().ifPresent(label -> all.put("selinux_label", label));
        return all;
    }

    private static void put(Map<String, Object> all, String name, OptionalLong value) {
        value.ifPresent(number -> all.put(name, number));
    }

    /** The argv that posix_spawn(3) gets, but for the control group that a request joins. */
    private static List<String> argv(LaunchPlan plan) {
        return ExecChain.command(plan, ExecChain.Inherited.USUAL, Optional.empty())
                .arguments();
    }

    /** One object; the names are those of {@code docs/checks.md}. */
    String json() {
        StringWriter out = new StringWriter();
        try (JsonWriter json = new JsonWriter(out)) {
            json.setIndent("  ");
            json.beginObject();
            json.name("pool").value(settings.name());
            json.name("script").value(JsonText.of(explanation.asked()));
            json.name("file").value(JsonText.of(explanation.file()));
            json.name("path_info").value(JsonText.of(explanation.pathInfo()));
            json.name("workers").value(explanation.workers());
            json.name("runs").value(explanation.refusal().isEmpty());
            Explanation.Refusal refusal = explanation.refusal().orElse(new Explanation.Refusal(200, "", ""));
            json.name("status").value(refusal.status());
            json.name("refused_by").value(refusal.check());
            json.name("reason").value(JsonText.of(refusal.why()));
            json.name("checks").beginArray();
            for (Explanation.Line line : explanation.checks()) {
                json.beginObject();
                json.name("check").value(line.check());
                json.name("verdict").value(JsonText.of(line.result()));
                json.name("words").value(JsonText.of(line.words()));
                json.endObject();
            }
            json.endArray();
            if (explanation.python().isPresent()) {
                python(explanation.python().get(), json);
            }
            if (explanation.plan().isPresent()) {
                plan(explanation.plan().get(), json);
            }
            strings("notes", notes(), json);
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be written", e);
        }
        return out.append('\n').toString();
    }

    private static void python(Explanation.Python python, JsonWriter json) throws IOException {
        json.name("python").beginObject();
        json.name("warm").value(python.warm());
        json.name(python.warm() ? "interpreter" : "why").value(JsonText.of(python.words()));
        strings("lacks", python.lacks(), json);
        if (python.keeper().isPresent()) {
            strings("keeper", argv(python.keeper().get()), json);
        }
        json.endObject();
    }

    private void plan(LaunchPlan plan, JsonWriter json) throws IOException {
        json.name("identity");
        Optional<Confinement.Identity> identity = plan.confinement().identity();
        if (identity.isPresent()) {
            Confinement.Identity who = identity.get();
            json.beginObject();
            json.name("user").value(JsonText.of(who.user()));
            json.name("uid").value(Integer.toUnsignedLong(who.uid()));
            json.name("gid").value(Integer.toUnsignedLong(who.gid()));
            json.name("groups").beginArray();
            for (int gid : who.groups()) {
                json.value(Integer.toUnsignedLong(gid));
            }
            json.endArray().endObject();
        } else {
            json.nullValue();
        }
        json.name("limits").beginObject();
        for (Map.Entry<String, Object> limit : limits(plan.confinement()).entrySet()) {
            json.name(limit.getKey());
            if (limit.getValue() instanceof Long number) {
                json.value(number);
            } else if (limit.getValue() instanceof Boolean bool) {
                json.value(bool);
            } else {
                json.value(limit.getValue().toString());
            }
        }
        json.endObject();
        strings("argv", argv(plan), json);
        strings("environment", plan.environment(), json);
    }

    private static void strings(String name, List<String> values, JsonWriter json) throws IOException {
        json.name(name).beginArray();
        for (String value : values) {
            json.value(JsonText.of(value));
        }
        json.endArray();
    }
}
