package org.cgifpm.daemon.config;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prints a configuration as it is in effect, defaults filled in and includes put in place. */
public final class ConfigDump {
    private ConfigDump() {}

    /** A TOML file that means the same; what is not set is a comment. */
    public static String toml(Config config) {
        StringBuilder out = new StringBuilder();
        table("[daemon]", EffectiveValues.of(config.daemon()), out);
        for (PoolSettings pool : config.pools()) {
            String name = "pool." + (pool.name().indexOf('.') < 0 ? pool.name() : Wording.quote(pool.name()));
            out.append('\n');
            table("[" + name + "]", EffectiveValues.of(pool), out);
            EffectiveValues.tables(pool).forEach((key, values) -> {
                if (!values.isEmpty()) {
                    out.append('\n');
                    table("[" + name + "." + key + "]", values, out);
                }
            });
        }
        return out.toString();
    }

    private static void table(String header, Map<String, Object> values, StringBuilder out) {
        out.append(header).append('\n');
        values.forEach((key, value) -> {
            if (value instanceof Optional) {
                out.append("# ").append(key).append(" is not set\n");
            } else {
                out.append(key.indexOf('.') < 0 ? key : Wording.quote(key)).append(" = ");
                value(value, out);
                out.append('\n');
            }
        });
    }

    private static void value(Object value, StringBuilder out) {
        if (value instanceof String text) {
            out.append('"');
            for (int i = 0; i < text.length(); i++) {
                Wording.escape(text.charAt(i), out);
            }
            out.append('"');
        } else if (value instanceof List<?> list) {
            out.append('[');
            String comma = "";
            for (Object element : list) {
                out.append(comma);
                value(element, out);
                comma = ", ";
            }
            out.append(']');
        } else {
            out.append(value);
        }
    }

    /**
     * An object with {@code file}, {@code daemon} and {@code pool}, the latter with an object for each name. Keys and
     * values are those of {@link #toml}; what is not set is null.
     */
    public static String json(Config config) {
        StringWriter out = new StringWriter();
        try (JsonWriter json = new JsonWriter(out)) {
            json.setIndent("  ");
            json.beginObject();
            json.name("file").value(config.file().toString());
            json.name("daemon");
            object(EffectiveValues.of(config.daemon()), json);
            json.name("pool").beginObject();
            for (PoolSettings pool : config.pools()) {
                Map<String, Object> values = EffectiveValues.of(pool);
                values.putAll(EffectiveValues.tables(pool));
                json.name(pool.name());
                object(values, json);
            }
            json.endObject().endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be written", e);
        }
        return out.append('\n').toString();
    }

    /**
     * An object with the arrays {@code problems} and {@code warnings}: what {@code check --json} says of a configuration.
     */
    public static String problems(List<Problem> problems, List<Problem> warnings) {
        StringWriter out = new StringWriter();
        try (JsonWriter json = new JsonWriter(out)) {
            json.setIndent("  ");
            json.beginObject();
            problems("problems", problems, json);
            problems("warnings", warnings, json);
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be written", e);
        }
        return out.append('\n').toString();
    }

    private static void problems(String name, List<Problem> problems, JsonWriter json) throws IOException {
        json.name(name).beginArray();
        for (Problem problem : problems) {
            json.beginObject();
            json.name("file").value(problem.file());
            json.name("line").value(problem.line());
            json.name("key").value(problem.key());
            json.name("message").value(problem.message());
            json.endObject();
        }
        json.endArray();
    }

    private static void object(Map<?, ?> values, JsonWriter json) throws IOException {
        json.beginObject();
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            json.name(String.valueOf(entry.getKey()));
            value(entry.getValue(), json);
        }
        json.endObject();
    }

    private static void value(Object value, JsonWriter json) throws IOException {
        if (value instanceof String text) {
            json.value(text);
        } else if (value instanceof Number number) {
            json.value(number);
        } else if (value instanceof Boolean bool) {
            json.value(bool);
        } else if (value instanceof List<?> list) {
            json.beginArray();
            for (Object element : list) {
                value(element, json);
            }
            json.endArray();
        } else if (value instanceof Map<?, ?> map) {
            object(map, json);
        } else {
            json.nullValue();
        }
    }
}
