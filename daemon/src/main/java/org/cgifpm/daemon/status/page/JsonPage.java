package org.cgifpm.daemon.status.page;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.cgifpm.daemon.status.RunningReport;
import org.cgifpm.daemon.status.page.StatusFields.Field;
import org.cgifpm.daemon.status.page.StatusFields.Moment;

/** The page as one JSON object, with an array {@code processes} where it is full. Times are seconds since 1970. */
final class JsonPage {
    private JsonPage() {}

    static String render(Snapshot snapshot, boolean full) {
        StringWriter out = new StringWriter();
        try (JsonWriter json = new JsonWriter(out)) {
            // No <, > or & in it: nothing that a browser could take for markup.
            json.setHtmlSafe(true);
            json.beginObject();
            fields(StatusFields.of(snapshot), json);
            if (full) {
                json.name("processes").beginArray();
                for (RunningReport running : snapshot.running()) {
                    json.beginObject();
                    fields(StatusFields.of(running, snapshot.nowMillis()), json);
                    json.endObject();
                }
                json.endArray();
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be written", e);
        }
        return out.toString();
    }

    private static void fields(List<Field> fields, JsonWriter json) throws IOException {
        for (Field field : fields) {
            json.name(field.name());
            if (field.value() instanceof Moment moment) {
                json.value(moment.seconds());
            } else if (field.value() instanceof Long number) {
                json.value(number);
            } else if (field.value() instanceof Double number) {
                json.jsonValue(PlainPage.number(number));
            } else {
                json.value(field.value().toString());
            }
        }
    }
}
