package org.cgifpm.daemon.control;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import org.cgifpm.daemon.config.ByteText;
import org.cgifpm.daemon.status.RunningReport;

/** Running requests as members of an answer. Any thread. */
final class RunningJson {
    private static final int LONGEST_TEXT = 2048;

    private RunningJson() {}

    static void write(List<RunningReport> running, JsonWriter json) throws IOException {
        json.name("running").beginArray();
        for (RunningReport one : running) {
            json.beginObject();
            json.name("id").value(one.id());
            json.name("pool").value(one.pool());
            json.name("pid").value(one.pid());
            json.name("uid").value(Integer.toUnsignedLong(one.uid()));
            json.name("user").value(text(one.user()));
            json.name("script").value(text(one.script()));
            json.name("method").value(text(one.method()));
            json.name("uri").value(text(one.uri()));
            json.name("client").value(text(one.client()));
            json.name("received_bytes").value(one.received());
            json.name("age_us").value(one.ageMicros());
            json.name("cpu_us");
            seen(one.cpuMicros(), json);
            json.name("memory_bytes");
            seen(one.memory(), json);
            json.endObject();
        }
        json.endArray();
    }

    private static void seen(long value, JsonWriter json) throws IOException {
        if (value < 0) {
            json.nullValue();
        } else {
            json.value(value);
        }
    }

    /** A client may make its URI as long as all of its params may be. */
    private static String text(String bytes) {
        return ByteText.toTextOrBytes(bytes.length() > LONGEST_TEXT ? bytes.substring(0, LONGEST_TEXT) + "..." : bytes);
    }
}
