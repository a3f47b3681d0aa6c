package org.cgifpm.daemon.cli;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cgifpm.daemon.supervisor.Explanation;

/** An object a line for each file, and a last one with the sums. */
record VerdictJson(PrintWriter out) implements Verdicts {
    /** Writes the members of an object. */
    private interface Members {
        void write(JsonWriter json) throws IOException;
    }

    @Override
    public void file(Verdict verdict) {
        line(json -> {
            json.name("file").value(JsonText.of(verdict.path()));
            json.name("verdict").value(verdict.word().toLowerCase(Locale.ROOT));
            json.name("workers").value(verdict.workers());
            if (verdict.python().isPresent()) {
                python(verdict.python().get(), json);
            }
            names("refused_by", verdict.refusals(), json);
            names("warned_of_by", verdict.warnings(), json);
            json.name("reason").value(JsonText.of(verdict.why()));
        });
    }

    @Override
    public void unread(String path) {
        line(json -> json.name("unread").value(JsonText.of(path)));
    }

    @Override
    public void end(Tally tally) {
        line(json -> {
            json.name("would_run").value(tally.run);
            json.name("warned").value(tally.warned);
            json.name("refused").value(tally.refused);
            json.name("workers").value(tally.workers);
            json.name("warm").value(tally.warm);
            counts("refused_by", tally.refusedBy, json);
            counts("warned_of_by", tally.warnedOfBy, json);
            counts("cold_for", tally.coldFor, json);
            counts("lacking", tally.lacking, json);
            json.name("folder_links").value(tally.folderLinks);
            json.name("others").value(tally.others);
            json.name("unread").value(tally.unread);
        });
    }

    private static void python(Explanation.Python python, JsonWriter json) throws IOException {
        json.name("warm").value(python.warm());
        if (python.warm()) {
            names("lacks", python.lacks(), json);
        } else {
            json.name("cold_for").value(JsonText.of(python.words()));
        }
    }

    private void line(Members members) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            members.write(json);
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be written", e);
        }
        out.println(text);
    }

    private static void names(String name, List<String> values, JsonWriter json) throws IOException {
        json.name(name).beginArray();
        for (String value : values) {
            json.value(JsonText.of(value));
        }
        json.endArray();
    }

    private static void counts(String name, Map<String, Long> counts, JsonWriter json) throws IOException {
        json.name(name).beginObject();
        for (Map.Entry<String, Long> entry : counts.entrySet()) {
            json.name(JsonText.of(entry.getKey())).value(entry.getValue());
        }
        json.endObject();
    }
}
