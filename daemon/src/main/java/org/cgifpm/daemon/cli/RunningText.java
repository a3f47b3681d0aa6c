package org.cgifpm.daemon.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/** Running requests as a table. Pure. */
final class RunningText {
    private RunningText() {}

    /** @param answer of the command list */
    static List<String> lines(JsonObject answer) {
        Table table = new Table(3, "ID", "POOL", "USER", "PID", "AGE", "CPU", "MEM", "METHOD ", "SCRIPT ");
        for (JsonElement element : answer.getAsJsonArray("running")) {
            JsonObject one = element.getAsJsonObject();
            table.row(
                    Long.toString(Shown.number(one, "id")),
                    Shown.text(one, "pool"),
                    Shown.text(one, "user"),
                    Long.toString(Shown.number(one, "pid")),
                    Shown.lasted(Shown.number(one, "age_us")),
                    one.get("cpu_us").isJsonNull() ? "-" : Shown.lasted(Shown.number(one, "cpu_us")),
                    one.get("memory_bytes").isJsonNull() ? "-" : Shown.bytes(Shown.number(one, "memory_bytes")),
                    Shown.text(one, "method"),
                    Shown.text(one, "script"));
        }
        return table.lines();
    }
}
